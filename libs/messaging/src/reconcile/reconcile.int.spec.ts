import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CloudEvent, routingKeyOf } from '@par/contracts';
import { Database } from '@par/service-kit';
import { createDatabase, createVhost, eventually, type SpecDatabase, type SpecVhost } from '@par/testing';
import { type ChannelModel, connect, type ConfirmChannel } from 'amqplib';
import { Registry } from 'prom-client';
import { BalanceSheet, BatchTransport, Broker, identityHash, Outbox } from '../index.ts';
import { CompareLines } from './compare-lines.timer.ts';
import { LineStore } from './line-store.ts';
import { keep, startReplica, steer } from './spec-city.ts';

type Question = CloudEvent<'vn.par.reconciliation.asked.v1'>;

const TYPE = 'vn.par.dossier.received.v1';
const DAY = '2021-07-05';
const PATIENCE = { timeoutMs: 45_000 };

describe('reconciliation, with two replicas of a sender and of a reader', () => {
  const databases: SpecDatabase[] = [];
  let vhost: SpecVhost;
  let senders: NestFastifyApplication[];
  let readers: NestFastifyApplication[];
  let connection: ChannelModel;
  let channel: ConfirmChannel;
  /** Questions that any reader put since the test began. */
  let asked: Question[] = [];

  async function replicas(service: 'dossier-intake' | 'index-scoring'): Promise<NestFastifyApplication[]> {
    const database = await createDatabase({ schemas: ['messaging'] });
    databases.push(database);
    process.env.DATABASE_URL = database.url;
    return [await startReplica(service), await startReplica(service)];
  }

  beforeAll(async () => {
    vhost = await createVhost();
    process.env.AMQP_URL = vhost.amqpUrl;
    process.env.RECONCILE_AFTER_SECONDS = '1';
    senders = await replicas('dossier-intake');
    readers = await replicas('index-scoring');
    connection = await connect(vhost.amqpUrl);
    channel = await connection.createConfirmChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'par.control', 'reconciliation.asked.#');
    await channel.consume(
      queue,
      (message) => {
        // Several events of one commit come as one message, an array.
        const content = JSON.parse(message!.content.toString()) as Question | Question[];
        asked = asked.concat(content);
      },
      { noAck: true },
    );
    await eventually(async () => (await readers[0]!.get(BatchTransport).queues()).every(({ consumers }) => consumers === 2));
  });

  afterAll(async () => {
    delete process.env.RECONCILE_AFTER_SECONDS;
    await connection.close();
    for (const app of [...senders, ...readers]) await app.close();
    await vhost.drop();
    for (const database of databases) await database.drop();
  });

  let serial = 0;
  /** Each test has a unit, and so a line, of its own. */
  let unit = '';
  beforeEach(() => {
    serial += 1;
    unit = `unit-${serial}`;
    asked = [];
  });
  afterEach(() => {
    steer.gate = undefined;
    steer.beforeNaming = undefined;
  });

  function events(count: number, name = 'D'): CloudEvent<typeof TYPE>[] {
    return Array.from({ length: count }, (_unused, n) => ({
      specversion: '1.0',
      id: `${unit}/${name}-${n}`,
      source: 'urn:spec',
      type: TYPE,
      subject: `${unit}-${name}-${n}`,
      time: `${DAY}T02:00:00.000Z`,
      datacontenttype: 'application/json',
      unit,
      received: `${DAY}T02:00:01.000Z`,
      data: { procedure: '1.000001', channel: 'direct', receivedAt: `${DAY}T02:00:00.000Z` } as never,
    }));
  }

  const sender = (): Database => senders[1]!.get(Database);
  const reader = (): Database => readers[1]!.get(Database);
  async function send(list: CloudEvent[]): Promise<void> {
    await sender().transaction(async (tx) => {
      await keep({ tx }, list);
      senders[1]!.get(Outbox).put(tx, list);
    });
  }
  /** What is sent while `work` runs goes to nobody that counts; the other queue of these events takes it, so the broker confirms it. */
  async function lose(list: CloudEvent[]): Promise<void> {
    // What was sent before is on its way out first, or it would be lost too.
    await isOut();
    await channel.unbindQueue('index-scoring.count-events', 'par.events', '#');
    await send(list);
    await isOut();
    await channel.bindQueue('index-scoring.count-events', 'par.events', '#');
  }
  /** Nothing of the unit is in the outbox any more, alone or in a pack. */
  const isOut = (): Promise<unknown> =>
    eventually(async () => (await sender().query('SELECT 1 FROM messaging.outbox WHERE strpos(body, $1) > 0', [`"${unit}/`])).length === 0);
  const stored = async (): Promise<number> =>
    (await reader().query<{ n: number }>('SELECT count(*)::int AS n FROM stored WHERE unit = $1', [unit]))[0]!.n;
  const line = async (apps: NestFastifyApplication[]) => (await apps[0]!.get(BalanceSheet).lines()).find((each) => each.unit === unit);
  const state = async () => {
    const all = await readers[0]!.get(LineStore).state();
    const own = <T extends { unit: string }>(rows: T[]): T[] => rows.filter((row) => row.unit === unit);
    return { differences: own(all.differences), healed: own(all.healed), surplus: own(all.surplus) };
  };
  const known = async () =>
    (
      await reader().query<{ open: boolean; sent: number; round: number; differs: boolean; drained: boolean }>(
        `SELECT open, sent_count AS sent, round, differs_since IS NOT NULL AS differs, drained_at IS NOT NULL AS drained FROM messaging.reconciliation WHERE unit = $1`,
        [unit],
      )
    )[0];
  const isSettled = async (count: number): Promise<boolean> => {
    const row = await known();
    return row?.open === false && row.sent === count;
  };
  const askedHere = () => asked.filter((question) => question.unit === unit);

  it('asks nothing where nothing is missing', async () => {
    await send(events(300));
    await eventually(() => isSettled(300), PATIENCE);
    expect(askedHere()).toEqual([]);
    expect(await state()).toEqual({ differences: [], healed: [], surplus: [] });
  });

  it('brings back what was lost on the way, without being asked to, and counts it once on every sheet', async () => {
    await send(events(200, 'before'));
    await lose(events(1_100, 'lost'));
    await send(events(50, 'after'));
    await eventually(() => isSettled(1_350), PATIENCE);
    expect(await stored()).toBe(1_350);
    const [sent, taken] = [await line(senders), await line(readers)];
    expect(taken).toMatchObject({ count: 1_350, hash: sent!.hash });
    expect(sent!.count).toBe(1_350);
    expect((await state()).healed).toEqual([{ origin: 'dossier-intake', type: TYPE, unit, day: DAY, count: 1_100 }]);
    expect(askedHere().flatMap(({ data }) => data.wanted)).toHaveLength(1_100);
    for (const { data } of askedHere()) {
      expect(data.wanted.length).toBeLessThanOrEqual(500);
      expect(data.ranges.length).toBeLessThanOrEqual(256);
    }
    const metric = (name: string): Promise<string> => readers[0]!.get(Registry).getSingleMetricAsString(name);
    expect(await metric('par_reconciliation_healed_total')).toMatch(/_total(\{[^}]*\})? 1100$/m);
    expect(await metric('par_reconciliation_differences')).toMatch(/_differences(\{[^}]*\})? 0$/m);
  });

  it('brings back what a reader has lost of what it took in', async () => {
    const all = events(400);
    await send(all);
    await eventually(() => isSettled(400), PATIENCE);
    const gone = all.filter((_unused, n) => n % 57 === 3);
    const hash = gone.reduce((sum, event) => sum ^ identityHash(event), 0n);
    await reader().transaction(async (tx) => {
      await tx.query('DELETE FROM stored WHERE id = ANY($1::text[])', [gone.map(({ id }) => id)]);
      await tx.query(
        `UPDATE messaging.balance_line SET count = count - $1, hash = hash # $2::bigint, revision = revision + 1 WHERE unit = $3 AND direction = 'in'`,
        [gone.length, hash.toString(), unit],
      );
    });
    // What the sweep over all lines does now and then.
    await readers[0]!.get(LineStore).openUnequal();
    await eventually(async () => (await isSettled(400)) && (await stored()) === 400, PATIENCE);
    expect((await state()).healed).toMatchObject([{ count: gone.length }]);
    expect((await line(senders))!.count).toBe(400);
  });

  it('shows what the sender does not know, lets it be, and goes on healing the line', async () => {
    await send(events(120));
    const strangers = events(2, 'stranger');
    for (const stranger of strangers) {
      const content = Buffer.from(JSON.stringify(stranger));
      channel.publish('par.events', routingKeyOf(stranger), content, { persistent: true, appId: 'dossier-intake', type: TYPE });
    }
    await channel.waitForConfirms();
    await eventually(async () => (await state()).surplus.length === 1 && (await isSettled(120)), PATIENCE);
    expect((await state()).surplus).toMatchObject([
      { origin: 'dossier-intake', count: 2, identities: strangers.map(({ source, id }) => ({ source, id })) },
    ]);
    expect(await stored()).toBe(122);
    expect(await state()).toMatchObject({ healed: [], differences: [] });

    await lose(events(3, 'lost'));
    await eventually(async () => (await isSettled(123)) && (await stored()) === 125, PATIENCE);
    expect(await state()).toMatchObject({ healed: [{ count: 3 }], surplus: [{ count: 2 }] });
  });

  it('asks nothing while messages wait or are in hand, however long', async () => {
    let open = (): void => undefined;
    steer.gate = new Promise((done) => (open = done));
    await send(events(60));
    await eventually(async () => (await known())?.differs === true, PATIENCE);
    for (let turn = 0; turn < 4; turn += 1) for (const app of readers) await app.get(CompareLines).compare();
    expect(await known()).toMatchObject({ open: true, round: 0 });
    expect(askedHere()).toEqual([]);
    open();
    await eventually(() => isSettled(60), PATIENCE);
    expect(askedHere()).toEqual([]);
    expect((await state()).healed).toEqual([]);
  });

  it('asks nothing about what was given up: it is here, and shown as such', async () => {
    const list = events(5);
    list[2]!.subject = 'poison';
    await send(list);
    await eventually(() => isSettled(5), PATIENCE);
    expect(await stored()).toBe(4);
    expect(askedHere()).toEqual([]);
  });

  it('comes to its end when the replica that answers is cut off in the middle', async () => {
    let reached = (): void => undefined;
    const inTheMiddle = new Promise<void>((done) => (reached = done));
    let calls = 0;
    let release = (): void => undefined;
    const never = new Promise<void>((done) => (release = done));
    steer.beforeNaming = async () => {
      calls += 1;
      if (calls > 1) return;
      reached();
      await never;
    };
    await lose(events(90));
    await inTheMiddle;
    // Whichever of the two holds the question: it loses the broker, and with it the question, which the other one gets.
    const holding = await eventually(async () => {
      for (const app of senders) {
        if ((await app.get(BatchTransport).queues()).some(({ inHand }) => inHand > 0)) return app;
      }
      return undefined;
    });
    await holding!.get(Broker).close();
    await eventually(async () => (await isSettled(90)) && (await stored()) === 90, PATIENCE);
    release();
    expect((await line(senders))!.count).toBe(90);
  });
});
