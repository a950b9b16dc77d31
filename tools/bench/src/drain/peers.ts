import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '@par/infrastructure';
import { type Channel, connect } from 'amqplib';
import pg from 'pg';
import { type BenchContext, type Database } from '../row.ts';
import { type PublishedEvent } from './backlog.ts';
import { COUNTED, COUNTED_TABLES, REMEMBERED } from './counted-table.ts';
import { fillQueue, nestMessages, ourMessages, singleMessages, type QueuedMessage } from './fill-queue.ts';
import { PATTERN, type PeerSettings } from './peer-settings.ts';

const PEER_PROCESS = 'tools/bench/src/drain/peer-process.ts';

/** A consumer that ours is compared with. */
export interface Peer {
  name: string;
  /** The script of its process, with arguments. */
  script: readonly string[];
  title: string;
  /** It reads the first so many of the events: a slow one would hold the bench up for minutes and its rate is no other. */
  most: number;
  needsRedis?: boolean;
  /** Lays the events where it takes them from. */
  fill(place: PeerPlace, events: readonly PublishedEvent[]): Promise<void>;
  eventsPerMessage?: (events: readonly PublishedEvent[]) => number;
  /** Its queue, where it does not go by the one that it is told. */
  queue?: string;
  /** Its tables, where they are not the common ones: SQL that makes them, how many events it counted, how many identities it remembers. */
  sql?: PeerSql;
}

interface PeerSql {
  tables: string;
  counted: string;
  remembered: string;
}

const COMMON_SQL: PeerSql = { tables: COUNTED_TABLES, counted: COUNTED, remembered: REMEMBERED };
const STOCK = 'tools/bench/stock';

export type PeerPlace = Pick<PeerSettings, 'databaseUrl' | 'amqpUrl' | 'redisUrl' | 'queue'>;

/** The way in of a peer that reads from the broker: a quorum queue of its own, filled with messages of its form. */
function over(messages: (events: readonly PublishedEvent[]) => Iterable<QueuedMessage>): Peer['fill'] {
  return async ({ amqpUrl, queue }, events) => {
    await withChannel(amqpUrl, (channel) => channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } }));
    await fillQueue(amqpUrl, queue, messages(events));
  };
}

const nest = over((events) => nestMessages(events, PATTERN));
export const PEERS: readonly Peer[] = [
  {
    name: 'bare',
    script: [PEER_PROCESS, 'bare'],
    most: Infinity,
    title: 'bare batched loop, the same messages as ours',
    fill: over(ourMessages),
    eventsPerMessage: (events) => Math.max(1, Math.round(events.length / [...ourMessages(events)].length)),
  },
  {
    name: 'bare-single',
    script: [PEER_PROCESS, 'bare'],
    most: Infinity,
    title: 'bare batched loop, one event a message',
    fill: over(singleMessages),
  },
  { name: 'stock', script: [PEER_PROCESS, 'nest'], most: 30_000, title: 'stock NestJS consumer, transaction per message', fill: nest },
  {
    name: 'stock-prisma',
    script: [`${STOCK}/src/scoring/main.ts`],
    most: 10_000,
    title: 'the counting service of the stock way: NestJS, one Prisma transaction per message, a metric after it',
    queue: 'stock.scoring',
    fill: over((events) => nestMessages(events, 'event.judged')),
    sql: {
      tables: readFileSync(join(CHECKOUT, STOCK, 'prisma/tables.sql'), 'utf8'),
      counted: 'SELECT coalesce(sum(count), 0)::int AS counted FROM counter',
      remembered: 'SELECT count(*)::int AS remembered FROM inbox_event',
    },
  },
  {
    name: 'pg-boss',
    script: [PEER_PROCESS, 'pg-boss'],
    most: Infinity,
    title: 'pg-boss, batches of 2,000 by four workers',
    fill: async ({ databaseUrl, queue }, events) => {
      const { fillPgBoss } = await import('./consumers/pg-boss.ts');
      await fillPgBoss(
        databaseUrl,
        queue,
        events.map(({ event }) => event),
      );
    },
  },
  {
    name: 'bullmq',
    script: [PEER_PROCESS, 'bullmq'],
    most: 20_000,
    needsRedis: true,
    title: 'BullMQ on Redis, ten at a time',
    fill: async ({ redisUrl, queue }, events) => {
      const { fillBullmq } = await import('./consumers/bullmq.ts');
      await fillBullmq(
        redisUrl,
        queue,
        events.map(({ event }) => event),
      );
    },
  },
  {
    name: 'graphile-worker',
    script: [PEER_PROCESS, 'graphile-worker'],
    most: 20_000,
    title: 'graphile-worker with its local queue',
    fill: async ({ databaseUrl, queue }, events) => {
      const { fillGraphileWorker } = await import('./consumers/graphile-worker.ts');
      await fillGraphileWorker(
        databaseUrl,
        queue,
        events.map(({ event }) => event),
      );
    },
  },
];

async function withChannel<T>(amqpUrl: string, work: (channel: Channel) => Promise<T>): Promise<T> {
  const connection = await connect(amqpUrl);
  try {
    return await work(await connection.createChannel());
  } finally {
    await connection.close();
  }
}

/** Makes the tables of a peer in an empty database of its own. */
export async function createPeerDatabase(ctx: BenchContext, peer: Peer): Promise<Database> {
  const database = await ctx.createDatabase(`drain_${peer.name}`);
  await query(database.url, sqlOf(peer).tables);
  return database;
}

export function sqlOf({ sql = COMMON_SQL }: Peer): PeerSql {
  return sql;
}

/** Every event was counted once: as many counted, and as many identities remembered, as there were. */
export async function isExact(peer: Peer, databaseUrl: string, events: number): Promise<boolean> {
  const [counted] = await query<{ counted: number }>(databaseUrl, sqlOf(peer).counted);
  const [remembered] = await query<{ remembered: number }>(databaseUrl, sqlOf(peer).remembered);
  return counted?.counted === events && remembered?.remembered === events;
}

async function query<R extends pg.QueryResultRow>(url: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<R>(text);
    return result.rows;
  } finally {
    await client.end();
  }
}
