import { Controller, Module } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CloudEvent, QUEUES, routingKeyOf, typesInto } from '@par/contracts';
import { createApplication, Database, Failure, MESSAGE_TRANSPORT, OperationalError, ServiceKitModule } from '@par/service-kit';
import { createDatabase, createVhost, eventually, type SpecDatabase, type SpecVhost } from '@par/testing';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connect } from 'amqplib';
import {
  BalanceSheet,
  BatchContext,
  BatchHandler,
  BatchTransport,
  type Delivery,
  identityHash,
  hashToHex,
  MessagingModule,
  Outbox,
} from './index.ts';
import { CheckpointPublisher } from './publish-checkpoints.timer.ts';

/** What the consumer under test saw and how it should behave; shared by both processes of the spec. */
const seen = {
  effects: new Map<string, number>(),
  batches: [] as number[],
  troubles: new Map<string, number>(),
  gate: undefined as Promise<void> | undefined,
};

@Controller()
class CountingConsumer {
  constructor(private readonly database: Database) {}

  /** Remembers identities in its transaction, as every handler of the house does; subjects steer its troubles. */
  @BatchHandler('index-scoring.count-events')
  async count(@Payload() batch: Delivery[], @Ctx() context: BatchContext): Promise<Delivery[]> {
    seen.batches.push(batch.length);
    if (batch.some(({ event }) => event.subject === 'gate')) await seen.gate;
    for (const delivery of batch) {
      const { subject } = delivery.event;
      const left = seen.troubles.get(subject) ?? 0;
      if (left > 0) seen.troubles.set(subject, left - 1);
      if (subject === 'poison') throw new Failure('spec.poison', { en: 'poison', vi: 'hỏng' });
      if (subject === 'bug') throw new TypeError('a mistake in the handler');
      if (left > 0) context.reject(delivery, new OperationalError('spec.not-yet', 'not yet'));
    }
    const kept = batch.filter((delivery) => !context.rejected.has(delivery));
    const fresh = await context.tx.query<{ source: string; id: string }>(
      `INSERT INTO effect (source, id) SELECT * FROM unnest($1::text[], $2::text[]) AS e(source, id) ORDER BY 1, 2 ON CONFLICT DO NOTHING RETURNING source, id`,
      [kept.map(({ event }) => event.source), kept.map(({ event }) => event.id)],
    );
    const ids = new Set(fresh.map(({ id }) => id));
    return kept.filter(({ event }) => ids.delete(event.id));
  }

  effects(): Promise<{ id: string }[]> {
    return this.database.query('SELECT id FROM effect ORDER BY id');
  }
}

@Module({
  imports: [ServiceKitModule.forService('index-scoring'), MessagingModule.forService('index-scoring')],
  controllers: [CountingConsumer],
})
class SpecModule {}

describe('messaging, with two processes on one database and one broker', () => {
  let database: SpecDatabase;
  let vhost: SpecVhost;
  const apps: NestFastifyApplication[] = [];
  let outbox: Outbox;
  let sql: Database;

  beforeAll(async () => {
    database = await createDatabase({ schemas: ['messaging'] });
    vhost = await createVhost();
    process.env.DATABASE_URL = database.url;
    process.env.AMQP_URL = vhost.amqpUrl;
    for (let replica = 0; replica < 2; replica += 1) {
      const app = await createApplication(SpecModule, { service: 'index-scoring' });
      if (replica === 0) await app.get(Database).query('CREATE TABLE effect (source text, id text, PRIMARY KEY (source, id))');
      app.connectMicroservice({ strategy: app.get<CustomTransportStrategy>(MESSAGE_TRANSPORT) });
      await app.startAllMicroservices();
      await app.init();
      apps.push(app);
    }
    outbox = apps[0]!.get(Outbox);
    sql = apps[0]!.get(Database);
    await eventually(async () => (await apps[0]!.get(BatchTransport).queues()).every(({ consumers }) => consumers === 2));
  });

  afterAll(async () => {
    for (const app of apps) await app.close();
    await vhost.drop();
    await database.drop();
  });

  beforeEach(async () => {
    seen.batches = [];
    seen.troubles.clear();
    await sql.query('TRUNCATE effect, messaging.balance_line, messaging.dead_letter, messaging.retry');
  });

  let serial = 0;
  function event(subject: string): CloudEvent {
    serial += 1;
    return {
      specversion: '1.0',
      id: `e${serial}`,
      source: 'urn:spec',
      type: 'vn.par.dossier.result-ready.v1',
      subject,
      time: '2021-07-05T02:00:00.000Z',
      datacontenttype: 'application/json',
      unit: 'hue-phong-noi-vu',
      received: '2021-07-05T02:00:01.000Z',
      data: {},
    };
  }

  const send = (events: CloudEvent[]): Promise<void> => sql.transaction((tx) => outbox.put(tx, events));
  const effects = async (): Promise<number> => (await sql.query<{ n: number }>('SELECT count(*)::int AS n FROM effect'))[0]!.n;
  const count = async (table: string): Promise<number> =>
    (await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM messaging.${table}`))[0]!.n;

  it('brings every event once to the handler, in batches, and empties the outbox', async () => {
    const events = Array.from({ length: 1_200 }, () => event('fine'));
    await send(events);
    await eventually(async () => (await effects()) === 1_200 && (await count('outbox')) === 0);
    expect(Math.max(...seen.batches)).toBeGreaterThan(50);
    const lines = await apps[0]!.get(BalanceSheet).lines();
    const hash = hashToHex(events.reduce((sum, each) => sum ^ identityHash(each), 0n));
    expect(lines.map(({ direction, count: n, hash: h }) => ({ direction, n, h }))).toEqual([
      { direction: 'in', n: 1_200, h: hash },
      { direction: 'out', n: 1_200, h: hash },
    ]);
  });

  it('packs the events of a commit, and brings the pack once to a subscriber bound to some of its units', async () => {
    const connection = await connect(vhost.amqpUrl);
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    for (const unit of ['unit-1', 'unit-2']) await channel.bindQueue(queue, 'par.events', `dossier.*.v1.${unit}`);
    await send([0, 1, 2, 0, 1, 2].map((unit) => ({ ...event('fine'), unit: `unit-${unit}` })));
    await eventually(async () => (await effects()) === 6);
    const first = await eventually(async () => channel.get(queue, { noAck: false }));
    expect(first && first.properties).toMatchObject({
      contentType: 'application/cloudevents-batch+json; charset=utf-8',
      headers: { 'par-events': 6 },
    });
    expect((JSON.parse(first ? first.content.toString() : '[]') as CloudEvent[]).map(({ unit }) => unit)).toEqual(
      [0, 1, 2, 0, 1, 2].map((unit) => `unit-${unit}`),
    );
    expect(await channel.get(queue, { noAck: false })).toBe(false);
    await connection.close();
  });

  it('publishes nothing when the transaction is rolled back', async () => {
    const lost = event('rolled-back');
    await expect(
      sql.transaction((tx) => {
        outbox.put(tx, [lost]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await send([event('fine')]);
    await eventually(async () => (await effects()) === 1);
    expect(await sql.query('SELECT id FROM effect WHERE id = $1', [lost.id])).toEqual([]);
  });

  it('counts a duplicate delivery once, and says so on the balance sheet', async () => {
    const twice = event('fine');
    const connection = await connect(vhost.amqpUrl);
    const channel = await connection.createConfirmChannel();
    for (let i = 0; i < 5; i += 1)
      channel.publish('par.events', routingKeyOf(twice), Buffer.from(JSON.stringify(twice)), { persistent: true, appId: 'dossier-intake' });
    await channel.waitForConfirms();
    await connection.close();
    await eventually(
      async () =>
        (await effects()) === 1 && (await apps[0]!.get(BatchTransport).queues()).every(({ ready, inHand }) => ready + inHand === 0),
    );
    const lines = await apps[0]!.get(BalanceSheet).lines();
    expect(lines.map(({ origin, count: n }) => ({ origin, n }))).toEqual([{ origin: 'dossier-intake', n: 1 }]);
  });

  it('dead-letters one poison message among 500 and counts the other 499', async () => {
    const events = [
      ...Array.from({ length: 250 }, () => event('fine')),
      event('poison'),
      ...Array.from({ length: 249 }, () => event('fine')),
    ];
    await send(events);
    await eventually(async () => (await effects()) === 499 && (await count('dead_letter')) === 1);
    const [dead] = await sql.query<{ cause_code: string; body: string; origin: string; unit: string }>(
      'SELECT cause_code, body, origin, unit FROM messaging.dead_letter',
    );
    expect(dead).toMatchObject({ cause_code: 'spec.poison', origin: 'index-scoring', unit: 'hue-phong-noi-vu' });
    expect(JSON.parse(dead!.body)).toMatchObject({ subject: 'poison' });
  });

  it('retries an operational error until it succeeds', async () => {
    seen.troubles.set('slow', 3);
    await send([event('slow'), event('fine')]);
    await eventually(async () => (await effects()) === 2, { timeoutMs: 20_000 });
    expect(await count('retry')).toBe(0);
    expect(await count('dead_letter')).toBe(0);
    expect(seen.troubles.get('slow')).toBe(0);
  });

  it('tries a bug three times, then dead-letters it', async () => {
    await send([event('bug')]);
    await eventually(async () => (await count('dead_letter')) === 1, { timeoutMs: 20_000 });
    expect(await sql.query('SELECT cause_code, attempt FROM messaging.dead_letter')).toEqual([{ cause_code: 'service.bug', attempt: 3 }]);
    expect(await count('retry')).toBe(0);
  });

  it('keeps what it cannot read as a dead letter and goes on', async () => {
    const connection = await connect(vhost.amqpUrl);
    const channel = await connection.createConfirmChannel();
    channel.publish('par.events', 'dossier.received.v1.x', Buffer.from('{not json'), { persistent: true, appId: 'dossier-intake' });
    channel.publish(
      'par.events',
      'dossier.invented.v9.x',
      Buffer.from(JSON.stringify({ ...event('new'), type: 'vn.par.dossier.invented.v9' })),
      { persistent: true },
    );
    await channel.waitForConfirms();
    await connection.close();
    await send([event('fine')]);
    await eventually(async () => (await count('dead_letter')) === 2 && (await effects()) === 1);
    expect(await sql.query('SELECT cause_code FROM messaging.dead_letter ORDER BY 1')).toEqual([
      { cause_code: 'event.unknown-type' },
      { cause_code: 'message.unreadable' },
    ]);
  });

  it('puts an unroutable message back and delivers it when there is a queue for it', async () => {
    const connection = await connect(vhost.amqpUrl);
    const channel = await connection.createChannel();
    // Of a type that no other queue is bound for.
    const type = 'vn.par.dossier.rated.v1';
    expect(QUEUES.filter((queue) => typesInto(queue, [type]).length > 0).map(({ name }) => name)).toEqual(['index-scoring.count-events']);
    await channel.unbindQueue('index-scoring.count-events', 'par.events', '#');
    try {
      await send([{ ...event('unroutable'), type }]);
      await eventually(
        async () => (await sql.query<{ last_error: string }>('SELECT last_error FROM messaging.outbox'))[0]?.last_error === 'unroutable',
      );
    } finally {
      await channel.bindQueue('index-scoring.count-events', 'par.events', '#');
      await connection.close();
    }
    await eventually(async () => (await effects()) === 1 && (await count('outbox')) === 0, { timeoutMs: 20_000 });
  });

  it('lets another relay take over what a relay has left behind', async () => {
    // What a process leaves that was killed between its commit and its publish: a row whose lease runs out.
    const left = event('left-behind');
    await sql.query(
      `INSERT INTO messaging.outbox (exchange, routing_key, type, body, lease_until) VALUES ('par.events', $1, $2, $3, now())`,
      [routingKeyOf(left), left.type, JSON.stringify(left)],
    );
    await eventually(async () => (await effects()) === 1 && (await count('outbox')) === 0);
  });

  it('publishes each changed line of the balance sheet once, and none about the publishing itself', async () => {
    await send([event('fine'), event('fine')]);
    await eventually(async () => (await effects()) === 2);
    await eventually(
      async () => (await sql.query('SELECT 1 FROM messaging.balance_line WHERE revision > published_revision')).length === 0,
    );
    expect(await apps[0]!.get(CheckpointPublisher).publishChanged()).toBe(0);
    const lines = await apps[0]!.get(BalanceSheet).lines();
    expect(lines.every(({ type }) => !type.startsWith('vn.par.checkpoint.'))).toBe(true);
  });

  it('works a second full batch while the first one waits, and acknowledges both, in order', async () => {
    let open = (): void => undefined;
    seen.gate = new Promise((done) => (open = done));
    await send([event('gate')]);
    await eventually(() => seen.batches.length === 1);
    for (let commit = 0; commit < 64; commit += 1) await send(Array.from({ length: 500 }, () => event('fine')));
    // Of the replica that waits at the gate, at least one batch behind it is done.
    await eventually(async () => (await effects()) > 18_000);
    open();
    await eventually(async () => (await effects()) === 32_001);
    await eventually(async () =>
      (await Promise.all(apps.map((app) => app.get(BatchTransport).queues()))).flat().every(({ inHand }) => inHand === 0),
    );
    const handled = (): number => seen.batches.reduce((sum, size) => sum + size, 0);
    const before = handled();
    // What a replica had not acknowledged would come to the other one now.
    await apps.pop()!.close();
    await send([event('fine')]);
    await eventually(async () => (await effects()) === 32_002);
    expect(handled()).toBe(before + 1);
  });
});
