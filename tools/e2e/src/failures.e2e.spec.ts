import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ProducerEvent } from '@par/administration';
import { eventually, type PrivateBroker, startPrivateBroker } from '@par/testing';
import { connect } from 'amqplib';
import pg from 'pg';
import { makeCases, type MadeCase } from './made-cases.ts';
import { SpecCity } from './spec-city.ts';

/**
 * Failure is tested by causing it: real broker, real databases, two front doors (so two relays) and two of each consumer. Whatever was
 * done to the city, its balance sheet must balance afterwards and its figures must be those of the dossiers that it accepted.
 */
describe('a city that things happen to', () => {
  let broker: PrivateBroker;
  let city: SpecCity;
  const accepted: MadeCase[] = [];

  beforeAll(async () => {
    broker = await startPrivateBroker();
    city = await SpecCity.start({ 'dossier-intake': 2, 'edocument-workflow': 2, 'index-scoring': 2 }, broker);
    await broker.syncBroker();
  }, 240_000);

  afterAll(async () => {
    await city?.stop();
    await broker?.stop();
  }, 120_000);

  afterEach(async () => {
    await expectFigures();
    const audit = await city.audit();
    if (audit.code !== 0) throw new Error(`the audit found differences:\n${audit.stdout}\n${audit.stderr}`);
  }, 120_000);

  /** The figures must be exactly what the accepted dossiers say, however often they were sent. */
  async function expectFigures(): Promise<void> {
    const wards = accepted.filter(({ unit }) => unit.startsWith('hue-1'));
    const expected = {
      'G1-ONTIME due-date': [accepted.filter(({ isOnTime }) => isOnTime).length, accepted.length],
      'G6-WORK-WARD every-step-on-network': [wards.filter(({ isOnline }) => isOnline).length, wards.length],
      'G6-WORK-CITY every-step-on-network': [
        accepted.filter(({ isOnline }) => isOnline).length - wards.filter(({ isOnline }) => isOnline).length,
        accepted.length - wards.length,
      ],
    };
    await eventually(
      async () => {
        const rows = await city.get<{ indicator: string; rule: string; numerator: number; denominator: number }[]>(
          'index-scoring',
          '/v1/figures?unit=hue&period=2021',
        );
        const found = Object.fromEntries(rows.map((row) => [`${row.indicator} ${row.rule}`, [row.numerator, row.denominator]]));
        expect(found).toMatchObject(expected);
      },
      { timeoutMs: 60_000, everyMs: 200 },
    );
  }

  async function send(cases: readonly MadeCase[]): Promise<void> {
    accepted.push(...cases);
    await city.postSurely(
      'dossier-intake',
      cases.flatMap(({ dossier }) => dossier),
    );
    await city.postSurely(
      'edocument-workflow',
      cases.flatMap(({ work }) => work),
    );
  }

  /** Bodies of accepted events as the front door stamped them. */
  async function stamped(cases: readonly MadeCase[]): Promise<{ type: string; unit: string; body: string }[]> {
    return city.sql('dossier-intake', 'SELECT type, unit, body FROM ingress.accepted_event WHERE subject = ANY($1) ORDER BY id', [
      cases.map(({ code }) => code),
    ]);
  }

  async function publish(rows: readonly { type: string; unit: string; body: string }[]): Promise<void> {
    const connection = await connect(city.amqpUrl);
    const channel = await connection.createConfirmChannel();
    for (const { type, unit, body } of rows) {
      channel.publish('par.events', `${type.slice('vn.par.'.length)}.${unit}`, Buffer.from(body), {
        persistent: true,
        mandatory: true,
        appId: 'dossier-intake',
        contentType: 'application/cloudevents+json',
      });
    }
    await channel.waitForConfirms();
    await connection.close();
  }

  it('counts what nothing happened to', async () => {
    await send(makeCases(40));
  }, 60_000);

  it('counts a duplicate once: sent again, and delivered again', async () => {
    const cases = makeCases(20);
    await send(cases);
    const again = await city.post(
      'dossier-intake',
      cases.flatMap(({ dossier }) => dossier),
      1,
    );
    expect(again.every(({ result }) => result === 'duplicate')).toBe(true);
    const rows = await stamped(cases);
    await publish([...rows, ...rows, ...rows]);
  }, 60_000);

  it('counts the same whatever the order in which messages come', async () => {
    const cases = makeCases(30);
    accepted.push(...cases);
    // Results before receipts, the workflow's events before intake's, each dossier cut over several calls.
    await city.postSurely(
      'edocument-workflow',
      cases.flatMap(({ work }) => [...work].reverse()),
    );
    for (let index = 2; index >= 0; index -= 1)
      await city.postSurely(
        'dossier-intake',
        cases.map(({ dossier }) => dossier[index]!),
      );
  }, 60_000);

  it('loses nothing when a process dies between commit and publish', async () => {
    const cases = makeCases(30);
    accepted.push(...cases);
    // With the broker dead the front door goes on accepting; what it committed is not published when it is killed.
    await broker.kill9();
    const dying = city.running('dossier-intake')[0]!;
    await city.post(
      'dossier-intake',
      cases.flatMap(({ dossier }) => dossier),
      0,
    );
    const [left] = await city.sql<{ n: number }>('dossier-intake', 'SELECT coalesce(sum(events), 0)::int AS n FROM messaging.outbox');
    expect(left!.n).toBeGreaterThanOrEqual(90);
    await dying.kill9();
    await broker.restart();
    await city.postSurely(
      'edocument-workflow',
      cases.flatMap(({ work }) => work),
    );
    // The other relay takes over what the dead one has left.
    await eventually(async () => (await city.sql('dossier-intake', 'SELECT 1 FROM messaging.outbox')).length === 0, { timeoutMs: 60_000 });
    await city.add('dossier-intake');
  }, 180_000);

  it('counts once what a process published and could not mark before it died', async () => {
    const cases = makeCases(10);
    accepted.push(...cases);
    // A lock of ours holds back every marking: the trigger stands in the spec's database only.
    const holder = new pg.Client({ connectionString: await databaseUrl('dossier-intake') });
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock(4711)');
    await city.sql(
      'dossier-intake',
      `CREATE FUNCTION hold_marking() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN OLD; END $$`,
    );
    await city.sql('dossier-intake', 'CREATE TRIGGER hold BEFORE DELETE ON messaging.outbox FOR EACH ROW EXECUTE FUNCTION hold_marking()');
    const dying = city.running('dossier-intake')[0]!;
    await city.post(
      'dossier-intake',
      cases.flatMap(({ dossier }) => dossier),
      0,
    );
    const codes = cases.map(({ code }) => `case:${code}`);
    await eventually(
      async () =>
        (await city.sql('index-scoring', 'SELECT 1 FROM dossier_fact WHERE subject = ANY($1) AND ended_at IS NOT NULL', [codes])).length ===
        10,
      { timeoutMs: 30_000 },
    );
    expect(await city.sql('dossier-intake', 'SELECT 1 FROM messaging.outbox')).not.toHaveLength(0);
    await dying.kill9();
    await holder.end();
    await city.sql('dossier-intake', 'DROP TRIGGER hold ON messaging.outbox');
    await city.postSurely(
      'edocument-workflow',
      cases.flatMap(({ work }) => work),
    );
    await eventually(async () => (await city.sql('dossier-intake', 'SELECT 1 FROM messaging.outbox')).length === 0, { timeoutMs: 60_000 });
    await city.add('dossier-intake');
  }, 120_000);

  it('counts after an operational error has passed, however often it was tried', async () => {
    const opened: ProducerEvent = {
      specversion: '1.0',
      id: 'late-office',
      source: 'urn:spec:organisation',
      type: 'vn.par.unit.opened.v1',
      subject: 'hue-phong-moi',
      unit: 'hue-phong-moi',
      time: '2021-01-01T00:00:00+07:00',
      data: { name: 'Phòng Mới', kind: 'department', parent: 'hue', agency: true, validFrom: '2021-01-01' },
    };
    const cases = makeCases(4).map((each) => {
      const moved = (events: ProducerEvent[]): ProducerEvent[] => events.map((event) => ({ ...event, unit: 'hue-phong-moi' }));
      return { ...each, unit: 'hue-phong-moi', dossier: moved(each.dossier), work: moved(each.work) };
    });
    accepted.push(...cases);
    const connection = await connect(city.amqpUrl);
    const channel = await connection.createChannel();
    // index-scoring does not hear of the new office …
    await channel.bindQueue('index-scoring.count-events', 'par.events', 'dossier.#');
    await channel.bindQueue('index-scoring.count-events', 'par.events', 'work-dossier.#');
    await channel.unbindQueue('index-scoring.count-events', 'par.events', '#');
    await city.postSurely('dossier-intake', [opened]);
    await eventually(
      async () => (await city.sql('edocument-workflow', `SELECT 1 FROM organisation.unit_event WHERE unit = 'hue-phong-moi'`)).length === 1,
    );
    await city.running('dossier-intake')[0]!.becomeReady();
    await eventually(() =>
      city.postSurely(
        'dossier-intake',
        cases.flatMap(({ dossier }) => dossier),
      ),
    );
    await city.postSurely(
      'edocument-workflow',
      cases.flatMap(({ work }) => work),
    );
    // … and tries its dossiers again and again …
    await eventually(
      async () => {
        const waiting = await city.sql<{ attempt: number; cause_code: string }>(
          'index-scoring',
          'SELECT attempt, cause_code FROM messaging.retry',
        );
        expect(Math.max(...waiting.map(({ attempt }) => attempt))).toBeGreaterThanOrEqual(3);
        expect(new Set(waiting.map(({ cause_code }) => cause_code))).toEqual(new Set(['unit.not-known-yet']));
      },
      { timeoutMs: 30_000 },
    );
    await channel.bindQueue('index-scoring.count-events', 'par.events', '#');
    await connection.close();
    // … until the event that opens the office comes after all.
    await publish(await city.sql('dossier-intake', `SELECT type, unit, body FROM ingress.accepted_event WHERE subject = 'hue-phong-moi'`));
    await eventually(async () => (await city.sql('index-scoring', 'SELECT 1 FROM messaging.retry')).length === 0, { timeoutMs: 60_000 });
  }, 150_000);

  it('puts one poison message among 500 aside and counts the rest', async () => {
    const cases = makeCases(166);
    const [poison] = makeCases(1);
    await city.sql('index-scoring', `ALTER TABLE subject ADD CONSTRAINT poison CHECK (key <> 'case:${poison!.code}') NOT VALID`);
    await city.postSurely('dossier-intake', [
      ...cases.flatMap(({ dossier }) => dossier).slice(0, 250),
      poison!.dossier[0]!,
      ...cases.flatMap(({ dossier }) => dossier).slice(250),
    ]);
    await city.postSurely(
      'edocument-workflow',
      cases.flatMap(({ work }) => work),
    );
    accepted.push(...cases);
    await eventually(
      async () =>
        expect(await city.sql('index-scoring', 'SELECT cause_code, unit, origin FROM messaging.dead_letter')).toEqual([
          { cause_code: 'service.bug', unit: poison!.unit, origin: 'dossier-intake' },
        ]),
      { timeoutMs: 60_000 },
    );
  }, 120_000);

  it('keeps a message that no queue takes, and delivers it when one does', async () => {
    const connection = await connect(city.amqpUrl);
    const channel = await connection.createChannel();
    await channel.unbindQueue('index-scoring.count-events', 'par.events', '#');
    const link = {
      specversion: '1.0',
      id: 'link-1',
      source: 'urn:spec:network',
      type: 'vn.par.network.connection-accepted.v1',
      subject: 'hue-phong-noi-vu',
      unit: 'hue-phong-noi-vu',
      time: '2021-03-01T08:00:00+07:00',
      data: {},
    } as ProducerEvent;
    await city.postSurely('dossier-intake', [link]);
    await eventually(async () =>
      expect(await city.sql('dossier-intake', 'SELECT last_error FROM messaging.outbox')).toEqual([{ last_error: 'unroutable' }]),
    );
    await channel.bindQueue('index-scoring.count-events', 'par.events', '#');
    await connection.close();
    await eventually(
      async () => {
        const rows = await city.get<{ unit: string; numerator: number }[]>(
          'index-scoring',
          '/v1/figures?indicator=G6-NET&period=2021&unit=hue-phong-noi-vu',
        );
        return rows[0]!.numerator === 1;
      },
      { timeoutMs: 30_000 },
    );
  }, 90_000);

  it('loses nothing when the broker is killed with messages in flight', async () => {
    const cases = makeCases(120);
    accepted.push(...cases);
    const sending = (async () => {
      for (const each of cases) {
        await city.postSurely('dossier-intake', each.dossier);
        await city.postSurely('edocument-workflow', each.work);
      }
    })();
    await eventually(
      async () =>
        (await city.sql('dossier-intake', 'SELECT 1 FROM ingress.accepted_event WHERE subject = $1', [cases[30]!.code])).length > 0,
    );
    await broker.kill9();
    await sending;
    await broker.restart();
  }, 180_000);

  it('drains on SIGTERM under load and loses nothing', async () => {
    const cases = makeCases(150);
    accepted.push(...cases);
    const sending = (async () => {
      for (const each of cases) {
        await Promise.all([city.postSurely('dossier-intake', each.dossier), city.postSurely('edocument-workflow', each.work)]);
      }
    })();
    await eventually(
      async () =>
        (await city.sql('index-scoring', 'SELECT 1 FROM contribution WHERE subject = $1', [`case:${cases[30]!.code}`])).length > 0,
      { timeoutMs: 30_000 },
    );
    for (const service of ['index-scoring', 'edocument-workflow', 'dossier-intake'] as const)
      expect(await city.running(service)[0]!.terminate()).toBe(0);
    await sending;
    for (const service of ['index-scoring', 'edocument-workflow', 'dossier-intake'] as const) await city.add(service);
  }, 180_000);

  it('counts everything once when consumers are killed in the middle of a backlog', async () => {
    const cases = makeCases(150);
    accepted.push(...cases);
    const sending = Promise.all([
      city.postSurely(
        'dossier-intake',
        cases.flatMap(({ dossier }) => dossier),
      ),
      city.postSurely(
        'edocument-workflow',
        cases.flatMap(({ work }) => work),
      ),
    ]);
    await Promise.all([
      city.running('index-scoring')[0]!.kill9(),
      city
        .running('edocument-workflow')[0]!
        .kill9()
        .catch(() => undefined),
    ]);
    await sending.catch(async () => {
      // A call that was cut off has no answer; the sender sends it again.
      await city.postSurely(
        'dossier-intake',
        cases.flatMap(({ dossier }) => dossier),
      );
      await city.postSurely(
        'edocument-workflow',
        cases.flatMap(({ work }) => work),
      );
    });
    for (const service of ['index-scoring', 'edocument-workflow'] as const) await city.add(service);
  }, 180_000);

  async function databaseUrl(service: 'dossier-intake'): Promise<string> {
    const [row] = await city.sql<{ name: string }>(service, 'SELECT current_database() AS name');
    const url = new URL(process.env.PAR_TEST_POSTGRES_URL!);
    url.pathname = `/${row!.name}`;
    return url.toString();
  }
});
