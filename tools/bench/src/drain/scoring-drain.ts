import { processesWithEnvironment } from '@par/infrastructure';
import { type BenchContext, cpuMsPerEvent, type Row, type RowResult, type WayResult } from '../row.ts';
import { type Backlog, backlogOf, type PublishedEvent } from './backlog.ts';
import { createPeerDatabase, isExact, type Peer, PEERS, sqlOf } from './peers.ts';
import { PeerProcess } from './running-peer.ts';
import { type RedisServer, startRedis } from './redis.ts';
import { layIntoQueue, SCORED, scoringIsExact, settled, startScoring } from './scoring.ts';
import { type Drained, watchDrain } from './watch-drain.ts';

const EVENTS = 100_000;
const EVENTS_QUICK = 10_000;
/** A quick run shows that each works, the slow ones with less. */
const QUICK_SHARE = 0.1;
const SEED = 2021;

/** How fast index-scoring works off what heaped up while it was away, beside consumers that only count. */
export const scoringDrain: Row = {
  name: 'scoring-drain',
  title: 'a backlog in scoring alone, beside a bare loop, the stock NestJS consumer, pg-boss, BullMQ and graphile-worker',
  run: runScoringDrain,
};

async function runScoringDrain(ctx: BenchContext): Promise<RowResult[]> {
  const count = ctx.quick ? EVENTS_QUICK : EVENTS;
  const backlog = backlogOf(count, SEED);
  const ours = await drainOurs(ctx, backlog);
  ctx.say(`scoring-drain: ours ${Math.round(ours.value)} events/s`);
  const ways: Record<string, WayResult> = {};
  let redis: RedisServer | undefined;
  try {
    for (const peer of PEERS) {
      if (peer.needsRedis) redis ??= await startRedis(ctx.directory, ctx.say);
      const most = Math.ceil(peer.most * (ctx.quick ? QUICK_SHARE : 1));
      ways[peer.name] = await drainPeer(ctx, peer, backlog.events.slice(0, most), redis);
      ctx.say(`scoring-drain: ${peer.name} ${Math.round(ways[peer.name]!.value)} events/s`);
    }
  } finally {
    await redis?.stop();
  }
  const ratio = (way: string): number | null => (ways[way] ? ours.value / ways[way].value : null);
  const { exact: ourExact, ...measured } = ours;
  return [
    {
      name: 'scoring-drain',
      ...measured,
      ratioToBare: ratio('bare'),
      ratioToStock: ratio('stock'),
      exact: ourExact === true && Object.values(ways).every(({ exact }) => exact === true),
      ways,
      note: `${count} events of a made-up year, as our outboxes publish them; the rate runs from the first commit that shows to the last`,
    },
  ];
}

async function drainOurs(ctx: BenchContext, { standing, events }: Backlog): Promise<WayResult> {
  const database = await ctx.createServiceDatabase('index-scoring');
  const vhost = await ctx.createVhost('drain-ours');
  const place = { databaseUrl: database.url, amqpUrl: vhost.amqpUrl };
  try {
    await layIntoQueue(place, standing);
    const before = await startScoring(ctx, place);
    await settled(before, standing.length);
    await before.stop();

    const messages = await layIntoQueue(place, events);
    ctx.say(`scoring-drain: ${events.length} events in ${messages} messages lie in the queue`);
    const sizeBefore = await database.size();
    const all = standing.length + events.length;
    // Counting begins before the process says that it is ready, so it is found by what it was started with.
    let pids: number[] = [];
    const scoringPids = (): number[] => (pids.length > 0 ? pids : (pids = processesWithEnvironment('DATABASE_URL', database.url)));
    const watching = watchDrain(ctx, { databaseUrl: database.url, text: SCORED }, all, { scoring: scoringPids });
    watching.catch(() => undefined);
    const scoring = await startScoring(ctx, place);
    try {
      const drained = await watching;
      const { exact, audit } = await scoringIsExact(scoring, all);
      const diskBytesPerEvent = ((await database.size()) - sizeBefore) / events.length;
      return { ...wayResult(drained, exact), diskBytesPerEvent, messages, audit };
    } finally {
      await scoring.stop();
    }
  } finally {
    await vhost.drop();
    await database.drop();
  }
}

async function drainPeer(
  ctx: BenchContext,
  peer: Peer,
  events: readonly PublishedEvent[],
  redis: RedisServer | undefined,
): Promise<WayResult> {
  const database = await createPeerDatabase(ctx, peer);
  const vhost = await ctx.createVhost(`drain-${peer.name}`);
  const place = { databaseUrl: database.url, amqpUrl: vhost.amqpUrl, redisUrl: redis?.url ?? '', queue: peer.queue ?? 'drain' };
  try {
    await peer.fill(place, events);
    const child = PeerProcess.start(ctx.directory, peer, { ...place, eventsPerMessage: peer.eventsPerMessage?.(events) ?? 1 });
    try {
      const parts = { consumer: () => [child.pid], ...(peer.needsRedis && redis ? { redis: () => [redis.pid] } : {}) };
      const drained = await Promise.race([
        watchDrain(ctx, { databaseUrl: database.url, text: sqlOf(peer).counted }, events.length, parts),
        child.failed,
      ]);
      return { ...wayResult(drained, await isExact(peer, database.url, events.length)), title: peer.title };
    } finally {
      await child.stop();
    }
  } finally {
    await vhost.drop();
    await database.drop();
  }
}

function wayResult({ perSecond, events, seconds, metering }: Drained, exact: boolean): WayResult {
  return {
    value: perSecond,
    unit: 'events/s',
    exact,
    events,
    seconds,
    cpuMsPerEvent: cpuMsPerEvent(metering, events),
    walBytesPerEvent: metering.walBytes / events,
  };
}
