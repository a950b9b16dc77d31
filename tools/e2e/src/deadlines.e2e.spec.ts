import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ProducerEvent } from '@par/administration';
import type { CloudEvent, WorkDossierKind } from '@par/contracts';
import { eventually } from '@par/testing';
import { type ChannelModel, connect } from 'amqplib';
import pg from 'pg';
import { type ServiceProcess } from './service-process.ts';
import { SpecCity } from './spec-city.ts';

type Told = CloudEvent<'vn.par.deadline.reminded.v1'> | CloudEvent<'vn.par.deadline.escalated.v1'>;

const AT_ONCE = 50;
const EVERY_SECONDS = 1;
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
const SETTINGS = {
  REMIND_EVERY_SECONDS: String(EVERY_SECONDS),
  REMIND_AT_ONCE: String(AT_ONCE),
  REMIND_STALE_AFTER_SECONDS: '10',
};
const UNIT = 'hue-phong-noi-vu';
/** Of the workflow: the process whose deadlines these are. */
const WORKFLOW = 'edocument-workflow';
const KILLS = 4;

/** A work dossier that was opened ten days ago, so that its reminder is due as soon as it is known, whatever the hour. */
interface Dossier {
  id: string;
  kind: WorkDossierKind;
  due: string;
}

/**
 * Deadlines fall due by the second while the replicas that tell of them are killed, then while both are away, then while their rounds cannot be committed. A listener of the
 * spec's own hears what leaves the house; it must be each deadline once, and never more at once than is set.
 */
describe('deadlines of a city whose schedulers are killed', () => {
  let city: SpecCity;
  let broker: ChannelModel;
  const heard: Told[] = [];
  /** Holds rounds up; it must not outlive a test that fails. */
  let blocker: pg.Client | undefined;
  let serial = 0;

  beforeAll(async () => {
    Object.assign(process.env, SETTINGS);
    city = await SpecCity.start({ [WORKFLOW]: 2 });
    broker = await connect(city.amqpUrl);
    const channel = await broker.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    for (const exchange of ['par.tasks', 'par.events']) await channel.bindQueue(queue, exchange, 'deadline.#');
    await channel.consume(queue, (message) => {
      if (!message) return;
      heard.push(JSON.parse(message.content.toString()) as Told);
      channel.ack(message);
    });
  }, 240_000);

  afterAll(async () => {
    for (const name of Object.keys(SETTINGS)) delete process.env[name];
    await blocker?.end();
    await broker?.close();
    await city?.stop();
  }, 120_000);

  /** Due one after the other between two instants. */
  function makeDossiers(count: number, kind: WorkDossierKind, from: number, to: number): Dossier[] {
    return Array.from({ length: count }, (_, n) => {
      serial += 1;
      return { id: `spec-deadline-${serial}`, kind, due: new Date(Math.round(from + ((to - from) * n) / count)).toISOString() };
    });
  }

  async function open(dossiers: readonly Dossier[]): Promise<void> {
    const events = dossiers.map(({ id, kind, due }): ProducerEvent => ({
      specversion: '1.0',
      id: `${id}/opened`,
      source: 'urn:spec:office',
      type: 'vn.par.work-dossier.opened.v1',
      subject: id,
      time: new Date(Date.now() - 10 * DAY).toISOString(),
      unit: UNIT,
      datacontenttype: 'application/json',
      data: { kind, due },
    }));
    for (let from = 0; from < events.length; from += 500) await city.postSurely(WORKFLOW, events.slice(from, from + 500));
  }

  const ids = (dossiers: readonly Dossier[]): string[] => dossiers.map(({ id }) => id);
  const escalationOf = ({ id, due }: Dossier): string => `${id}:escalated:work-dossier::${due}`;
  const reminderOf = ({ id, due }: Dossier): string => `${id}:reminded:work-dossier::${due}`;
  const number = async (text: string, values: unknown[] = []): Promise<number> =>
    (await city.sql<{ n: number }>(WORKFLOW, `SELECT count(*)::int AS n FROM ${text}`, values))[0]!.n;
  const told = (): Promise<number> => number('deadline_told');
  const waiting = (): Promise<number> =>
    number('deadline WHERE escalated_at IS NULL AND (CASE WHEN reminded_at IS NULL THEN remind_at ELSE due_at END) <= now()');
  const known = (dossiers: readonly Dossier[]): Promise<number> =>
    number(`deadline WHERE "of" = 'work-dossier' AND work_dossier = ANY($1)`, [ids(dossiers)]);
  const uncertain = (most: number): number => Math.floor(Math.random() * most);

  async function expectKnown(dossiers: readonly Dossier[]): Promise<void> {
    await eventually(async () => expect(await known(dossiers)).toBe(dossiers.length), { timeoutMs: 30_000 });
  }

  /** Everything that is to be told now is told and has left the house. */
  async function comeToRest(): Promise<void> {
    await eventually(
      async () =>
        (await waiting()) === 0 && (await number('messaging.outbox')) === 0 && new Set(heard.map(({ id }) => id)).size === (await told()),
      { timeoutMs: 90_000, everyMs: 100 },
    );
  }

  /** Whatever happened: what was heard is what was put down as told, nothing of it differs from its repetition, and no round told more than it may. */
  async function expectToldOnce(): Promise<void> {
    const marks = (await city.sql<{ id: string }>(WORKFLOW, 'SELECT id FROM deadline_told')).map(({ id }) => id).sort();
    const contents = new Map<string, Set<string>>();
    for (const event of heard) contents.set(event.id, (contents.get(event.id) ?? new Set()).add(JSON.stringify(event)));
    expect([...contents.keys()].sort()).toEqual(marks);
    expect([...contents].filter(([, tellings]) => tellings.size > 1)).toEqual([]);
    // Told twice under two names would pass the above.
    const deadlines = [...contents.keys()].filter((id) => id.includes(':escalated:')).map((id) => id.replace(':escalated:', ':'));
    expect(new Set(deadlines).size).toBe(deadlines.length);
    // Rows of one round were written by one transaction.
    const [largest] = await city.sql<{ n: number }>(
      WORKFLOW,
      'SELECT max(n)::int AS n FROM (SELECT count(*) AS n FROM deadline_told GROUP BY xmin::text) AS round',
    );
    expect(largest!.n).toBe(AT_ONCE);
  }

  async function healthOf({ url }: ServiceProcess): Promise<{ ok: boolean; detail: string }> {
    const { checks } = (await (await fetch(`${url}/health/live`)).json()) as { checks: Record<string, { ok: boolean; detail: string }> };
    return checks.deadlines!;
  }

  async function metric({ url }: ServiceProcess, name: string): Promise<number> {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(name))
        ?.split(' ')
        .at(-1),
    );
  }

  async function lastRound(): Promise<number> {
    const [row] = await city.sql<{ last: Date }>(WORKFLOW, 'SELECT max(last_round_at) AS last FROM scheduler_heartbeat');
    return row!.last.getTime();
  }

  async function expectHeartbeat(since: number): Promise<void> {
    await eventually(async () => {
      for (const replica of city.running(WORKFLOW)) {
        const { ok, detail } = await healthOf(replica);
        expect(ok).toBe(true);
        expect(Date.parse(detail.replace('last round: ', ''))).toBeGreaterThan(since);
        expect(await metric(replica, 'par_deadlines_last_round_timestamp_seconds')).toBeGreaterThan(since / SECOND);
        expect(await metric(replica, 'par_deadlines_waiting{kind="escalated"')).toBe(0);
      }
    });
  }

  async function expectBalance(): Promise<void> {
    const audit = await city.audit();
    if (audit.code !== 0) throw new Error(`the audit found differences:\n${audit.stdout}\n${audit.stderr}`);
  }

  it('are told once while replicas are killed and come back', async () => {
    const now = Date.now();
    // Steps and apology slips of procedures are long past when they become known.
    const soon = [
      ...makeDossiers(150, 'procedure', now + 6 * SECOND, now + 12 * SECOND),
      ...makeDossiers(350, 'matter', now + 6 * SECOND, now + 12 * SECOND),
    ];
    const later = makeDossiers(300, 'matter', now + HOUR, now + HOUR + SECOND);
    const starts: Promise<ServiceProcess>[] = [];
    let isOver = false;
    const killing = (async () => {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const next = (await told()) + 1 + uncertain(100);
        // Killed in the middle of rounds, or where none is left to interrupt, at rest.
        await eventually(async () => isOver || (await told()) >= next, { timeoutMs: 60_000, everyMs: 5 });
        const replicas = city.running(WORKFLOW);
        await replicas[uncertain(replicas.length)]?.kill9();
        starts.push(city.add(WORKFLOW));
        // At times both are away, never for good.
        if (uncertain(2) === 0) await starts.at(-1);
      }
    })();
    await open([...soon, ...later]);
    await expectKnown([...soon, ...later]);
    await eventually(() => Date.now() > now + 13 * SECOND, { timeoutMs: 30_000 });
    await eventually(async () => (await waiting()) === 0, { timeoutMs: 60_000 });
    isOver = true;
    await killing;
    await Promise.all(starts);
    await comeToRest();
    await expectToldOnce();
    const all = new Set(heard.map(({ id }) => id));
    expect(soon.map(escalationOf).filter((id) => !all.has(id))).toEqual([]);
    expect(later.map(reminderOf).filter((id) => !all.has(id))).toEqual([]);
    expect(later.map(escalationOf).filter((id) => all.has(id))).toEqual([]);
    for (const kind of ['step', 'apology'])
      expect([...all].filter((id) => id.includes(`:escalated:${kind}:`))).toHaveLength(await number(`deadline WHERE "of" = $1`, [kind]));
    expect(await number(`deadline WHERE "of" <> 'work-dossier'`)).toBeGreaterThanOrEqual(150);
    await expectHeartbeat(now + 12 * SECOND);
  }, 180_000);

  it.each([
    ['in the middle of a round', 'INSERT', 'NEW'],
    ['after publishing and before it is marked', 'DELETE', 'OLD'],
  ])(
    'are told once where a replica is killed %s',
    async (_name, statement, row) => {
      const near = makeDossiers(3 * AT_ONCE, 'matter', Date.now() + HOUR, Date.now() + HOUR + SECOND);
      const isNear = new Set(near.map(reminderOf));
      const heardOf = (): Told[] => heard.filter(({ id }) => isNear.has(id));
      // A lock of ours holds what goes into the outbox or leaves it: the trigger stands in the spec's database only.
      await hold('SELECT pg_advisory_lock(4712)');
      await city.sql(
        WORKFLOW,
        `CREATE FUNCTION hold_telling() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4712); RETURN ${row}; END $$`,
      );
      await city.sql(
        WORKFLOW,
        `CREATE TRIGGER hold BEFORE ${statement} ON messaging.outbox FOR EACH ROW WHEN (${row}.exchange = 'par.tasks') EXECUTE FUNCTION hold_telling()`,
      );
      await open(near);
      const held = `pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`;
      await eventually(async () => (await number(held)) >= 2 && (statement === 'INSERT' || heardOf().length > 0), { timeoutMs: 30_000 });
      await city.running(WORKFLOW)[0]!.kill9();
      // Its sessions end with it, and so do those of the other: the server would go on with a statement that nobody waits for any more.
      await city.sql(WORKFLOW, `SELECT pg_terminate_backend(pid) FROM ${held}`);
      await blocker!.end();
      await city.sql(WORKFLOW, 'DROP TRIGGER hold ON messaging.outbox; DROP FUNCTION hold_telling');
      await expectKnown(near);
      await city.add(WORKFLOW);
      await comeToRest();
      await expectToldOnce();
      expect([...new Set(heardOf().map(({ id }) => id))].sort()).toEqual([...isNear].sort());
      if (statement === 'DELETE') expect(heardOf().length).toBeGreaterThan(near.length);
    },
    120_000,
  );

  it('that pass while nobody is there are caught up with, each once and never in a storm', async () => {
    const falling = Date.now() + 15 * SECOND;
    const passing = makeDossiers(1_000, 'matter', falling, falling + 3 * SECOND);
    await open(passing);
    await expectKnown(passing);
    await Promise.all(city.running(WORKFLOW).map((replica) => replica.kill9()));
    const lastBefore = await lastRound();
    const toldBefore = await told();
    await eventually(() => Date.now() > falling + 4 * SECOND, { timeoutMs: 60_000 });
    // Nothing moved, and it shows: no round since, and what waits.
    expect([await lastRound(), await told()]).toEqual([lastBefore, toldBefore]);
    expect(lastBefore).toBeLessThan(falling);
    expect(await waiting()).toBe(passing.length);

    // Rounds that cannot be committed are no rounds.
    await hold('BEGIN; LOCK TABLE deadline_told IN ACCESS EXCLUSIVE MODE');
    const replicas = await Promise.all([city.add(WORKFLOW), city.add(WORKFLOW)]);
    for (const replica of replicas) {
      await eventually(async () => expect(await healthOf(replica)).toEqual({ ok: false, detail: 'stale, last round: none yet' }), {
        timeoutMs: 30_000,
      });
      expect((await fetch(`${replica.url}/health/live`)).status).toBe(503);
      expect(await metric(replica, 'par_deadlines_last_round_timestamp_seconds')).toBe(lastBefore / SECOND);
      expect(await metric(replica, 'par_deadlines_waiting{kind="escalated"')).toBe(passing.length);
    }
    const released = Date.now();
    await blocker!.end();
    await comeToRest();
    await expectToldOnce();

    const all = new Set(heard.map(({ id }) => id));
    expect(passing.map(escalationOf).filter((id) => !all.has(id))).toEqual([]);
    // No reminder of what has passed: those that there are were told before the outage.
    expect(await told()).toBe(toldBefore + passing.length);
    expectNoStorm(passing);
    await expectHeartbeat(released);
    await expectBalance();
  }, 180_000);

  /** Two replicas tell a full round a second each: of three full rounds in a row two are of one replica, so a second apart. */
  function expectNoStorm(dossiers: readonly Dossier[]): void {
    const escalations = new Set(dossiers.map(escalationOf));
    const rounds = new Map<string, Set<string>>();
    for (const { id, time } of heard) if (escalations.has(id)) rounds.set(time, (rounds.get(time) ?? new Set()).add(id));
    const instants = [...rounds]
      .flatMap(([time, { size }]) => Array.from({ length: Math.ceil(size / AT_ONCE) }, () => Date.parse(time)))
      .sort();
    expect(instants.length).toBeGreaterThanOrEqual(dossiers.length / AT_ONCE);
    // A timer may fire a moment early by the clock on the wall.
    for (const [n, at] of instants.entries()) if (n >= 2) expect(at - instants[n - 2]!).toBeGreaterThan(SECOND - 20);
  }

  /** Locks something until the session ends. */
  async function hold(lock: string): Promise<void> {
    const [row] = await city.sql<{ name: string }>(WORKFLOW, 'SELECT current_database() AS name');
    const url = new URL(process.env.PAR_TEST_POSTGRES_URL!);
    url.pathname = `/${row!.name}`;
    await blocker?.end();
    blocker = new pg.Client({ connectionString: url.toString() });
    await blocker.connect();
    await blocker.query(lock);
  }
});
