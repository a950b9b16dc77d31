import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { validateData, type CloudEvent } from '@par/contracts';
import { configureFrontDoor } from '@par/ingress';
import { Clock, createApplication, Database, MESSAGE_TRANSPORT } from '@par/service-kit';
import { createDatabase, createVhost, eventually, type SpecDatabase, type SpecVhost } from '@par/testing';
import { connect, type ChannelModel } from 'amqplib';
import { AppModule } from '../app.module.ts';
import { DeadlineRule, setDeadlines, type OpenDeadlines } from '../deadlines.ts';
import { RemindDeadlines, type Round } from './remind-deadlines.timer.ts';

type Told = CloudEvent<'vn.par.deadline.reminded.v1'> | CloudEvent<'vn.par.deadline.escalated.v1'>;

const UNIT = 'spec-office';
const AT_ONCE = 700;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Thursday 12 March 2026, 08:00 at Huế. */
const MORNING = Date.parse('2026-03-12T08:00:00+07:00');
const instant = (ms: number): string => new Date(ms).toISOString();
const step = (element: string, due: number): OpenDeadlines['steps'][number] => ({ step: `Bước ${element}`, element, due: instant(due) });

describe('deadlines, with two processes on one database and one broker', () => {
  let database: SpecDatabase;
  let vhost: SpecVhost;
  let broker: ChannelModel;
  let apps: NestFastifyApplication[];
  let sql: Database;
  let now = MORNING;
  let test = 0;
  const heard: Told[] = [];

  /** A process whose timer has run its first round and is at rest for an hour. */
  async function start(env: Record<string, string> = {}): Promise<NestFastifyApplication> {
    const given = { REMIND_EVERY_SECONDS: '3600', REMIND_AT_ONCE: String(AT_ONCE), ...env };
    Object.assign(process.env, given);
    try {
      const app = await createApplication(AppModule, { service: 'edocument-workflow', configureFastify: configureFrontDoor() });
      app.get(Clock).now = () => new Date(now);
      app.connectMicroservice({ strategy: app.get<CustomTransportStrategy>(MESSAGE_TRANSPORT) });
      await app.startAllMicroservices();
      await app.init();
      await eventually(async () => (await health(app)).detail !== 'last round: none yet');
      return app;
    } finally {
      for (const name of Object.keys(given)) delete process.env[name];
    }
  }

  beforeAll(async () => {
    database = await createDatabase('edocument-workflow');
    vhost = await createVhost();
    Object.assign(process.env, { DATABASE_URL: database.url, AMQP_URL: vhost.amqpUrl });
    apps = [await start(), await start()];
    sql = apps[0]!.get(Database);
    broker = await connect(vhost.amqpUrl);
    const channel = await broker.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'par.tasks', 'deadline.#');
    await channel.consume(queue, (message) => {
      if (!message) return;
      heard.push(JSON.parse(message.content.toString()) as Told);
      channel.ack(message);
    });
  }, 120_000);

  beforeEach(() => {
    now = MORNING;
    test += 1;
  });
  afterEach(async () => {
    await sql.query('DELETE FROM deadline');
    await sql.query('DELETE FROM scheduler_heartbeat');
  });
  afterAll(async () => {
    await broker?.close();
    for (const app of apps) await app.close();
    await vhost?.drop();
    await database?.drop();
  });

  /** Ids of one test never meet those of another. */
  const id = (n: number | string): string => `spec-${test}-${n}`;
  const judge = (...open: OpenDeadlines[]): Promise<void> =>
    sql.transaction((tx) => setDeadlines(tx, open, apps[0]!.get(DeadlineRule)), 'key');
  const open = (n: number | string, rest: Partial<OpenDeadlines>): OpenDeadlines => ({
    workDossier: id(n),
    unit: UNIT,
    steps: [],
    ...rest,
  });
  const round = (replica = 0): Promise<Round> => apps[replica]!.get(RemindDeadlines).tellDue();
  const rows = (): Promise<{ of: string; element: string; due_at: Date; remind_at: Date }[]> =>
    sql.query('SELECT "of", element, due_at, remind_at FROM deadline ORDER BY work_dossier, "of", element, due_at');
  /** What the broker brought of this test, once all that was told has left the outbox: its ids without the work dossier's. */
  async function told(count: number): Promise<string[]> {
    const mine = (): Told[] => heard.filter(({ subject }) => subject.startsWith(`spec-${test}-`));
    await eventually(async () => mine().length >= count && (await sql.query('SELECT FROM messaging.outbox LIMIT 1')).length === 0, {
      timeoutMs: 30_000,
    });
    return mine().map((event) => event.id.replace(`spec-${test}-`, ''));
  }
  const health = async (app: NestFastifyApplication): Promise<{ ok: boolean; detail: string }> =>
    (await app.inject({ url: '/health/live' })).json().checks.deadlines;

  it('are worked out in working time: of a step, of the matter, and of the apology slip', async () => {
    const due = Date.parse('2026-03-16T08:00:00+07:00');
    // Two tokens of the process may wait at the same step.
    await judge(open(1, { due: instant(due), steps: [step('check', due), step('check', due)] }));
    const found = (await rows()).map((row) => [row.of, row.element, row.due_at.toISOString(), row.remind_at.toISOString()]);
    const friday = (hour: string): string => new Date(`2026-03-13T${hour}:00+07:00`).toISOString();
    expect(found).toEqual([
      ['apology', '', friday('08:00'), new Date('2026-03-12T15:00:00+07:00').toISOString()],
      ['step', 'check', instant(due), friday('15:00')],
      ['work-dossier', '', instant(due), friday('08:00')],
    ]);
    await judge(open(1, { due: instant(due), apology: false }));
    expect((await rows()).map(({ of }) => of)).toEqual(['work-dossier']);
    await judge(open(1, {}));
    expect(await rows()).toEqual([]);
  });

  it('are reminded of before and escalated after, as the contract says', async () => {
    await judge(open(1, { steps: [step('sign', MORNING + 6 * HOUR)] }));
    expect(await round()).toEqual({ taken: 0, reminded: 0, escalated: 0, next: new Date('2026-03-12T09:00:00+07:00') });
    now = MORNING + 2 * HOUR;
    expect(await round()).toEqual({ taken: 1, reminded: 1, escalated: 0, next: new Date(MORNING + 6 * HOUR) });
    now = MORNING + 6 * HOUR;
    expect(await round()).toEqual({ taken: 1, reminded: 0, escalated: 1, next: null });
    expect(await round()).toEqual({ taken: 0, reminded: 0, escalated: 0, next: null });
    const due = instant(MORNING + 6 * HOUR);
    expect(await told(2)).toEqual([`1:reminded:step:sign:${due}`, `1:escalated:step:sign:${due}`]);
    const last = heard.at(-1)!;
    expect(last).toMatchObject({
      source: 'urn:par:edocument-workflow',
      type: 'vn.par.deadline.escalated.v1',
      subject: id(1),
      unit: UNIT,
      data: { of: 'step', step: 'Bước sign', due },
    });
    expect(validateData(last.type, last.data)).toEqual([]);
  });

  it('are each told once by two replicas at once', async () => {
    const many = Array.from({ length: 400 }, (_, n) => open(n, { steps: [step('a', MORNING + HOUR), step('b', MORNING - HOUR)] }));
    await judge(...many);
    now = MORNING + MINUTE;
    const rounds = await Promise.all([round(0), round(1), round(0), round(1), round(0), round(1)]);
    expect(rounds.reduce((sum, { reminded }) => sum + reminded, 0)).toBe(400);
    expect(rounds.reduce((sum, { escalated }) => sum + escalated, 0)).toBe(400);
    const ids = await told(800);
    expect([ids.length, new Set(ids).size]).toEqual([800, 800]);
  });

  it('are told after a round that was killed before its commit, and only then', async () => {
    await judge(open(1, { steps: [step('a', MORNING + HOUR)] }), open(2, { steps: [step('a', MORNING - HOUR)] }));
    const blocker = await sql.pool.connect();
    await blocker.query('BEGIN; LOCK TABLE scheduler_heartbeat IN ACCESS EXCLUSIVE MODE');
    const killed = expect(round()).rejects.toThrow();
    // It has marked its rows and written its events, and waits to leave its heartbeat.
    await eventually(async () => {
      const ended = await sql.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO scheduler_heartbeat%'`,
      );
      return ended.length === 1;
    });
    await killed;
    await blocker.query('ROLLBACK');
    blocker.release();
    expect(await sql.query('SELECT FROM deadline WHERE reminded_at IS NOT NULL OR escalated_at IS NOT NULL')).toEqual([]);
    expect(await round(1)).toMatchObject({ reminded: 1, escalated: 1 });
    expect(await round(0)).toMatchObject({ reminded: 0, escalated: 0 });
    expect((await told(2)).map((each) => each.split(':')[1])).toEqual(['reminded', 'escalated']);
  });

  it('of a step that is taken in time are not told, even while the judge has not committed', async () => {
    await judge(open(1, { steps: [step('a', MORNING + 4 * HOUR)] }), open(2, { steps: [step('a', MORNING + 4 * HOUR)] }));
    await judge(open(1, {}));
    now = MORNING + 3 * HOUR;
    await sql.transaction(async (tx) => {
      setDeadlines(tx, [open(2, { steps: [step('b', MORNING + 30 * DAY)] })], apps[0]!.get(DeadlineRule));
      await tx.query('SELECT 1');
      expect(await round(1)).toMatchObject({ reminded: 0, escalated: 0 });
    });
    now = MORNING + 5 * HOUR;
    expect(await round()).toMatchObject({ reminded: 0, escalated: 0 });
    expect((await rows()).map(({ element }) => element)).toEqual(['b']);
  });

  it('are told once where a step is taken, taken back, and falls due at the same instant again', async () => {
    const waiting = open(1, { steps: [step('a', MORNING + HOUR)] });
    await judge(waiting);
    expect(await round()).toMatchObject({ reminded: 1 });
    await judge(open(1, {}));
    expect(await rows()).toEqual([]);
    now = MORNING + 2 * HOUR;
    expect(await round()).toMatchObject({ escalated: 0 });
    now = MORNING;
    await judge(waiting);
    expect(await round()).toMatchObject({ taken: 1, reminded: 0 });
    now = MORNING + 2 * HOUR;
    expect(await round()).toMatchObject({ escalated: 1 });
    expect(await told(2)).toHaveLength(2);
  });

  it('that move are told of at the new date only', async () => {
    const due = MORNING + 8 * HOUR;
    const later = due + 7 * DAY;
    await judge(open(1, { due: instant(due), apology: false }));
    await judge(open(1, { due: instant(later), apology: false }));
    now = due + HOUR;
    expect(await round()).toMatchObject({ reminded: 0, escalated: 0, next: new Date(later - DAY) });
    now = later - HOUR;
    expect(await round()).toMatchObject({ reminded: 1, escalated: 0 });
    expect(await told(1)).toEqual([`1:reminded:work-dossier::${instant(later)}`]);
  });

  it('that passed in an outage of 30 days are caught up with in bounded rounds, the latest first, without a late reminder', async () => {
    const past = 10_000;
    const dueOf = (n: number): number => MORNING + HOUR + n * 4 * MINUTE;
    await judge(...Array.from({ length: past }, (_, n) => open(n, { steps: [step('a', dueOf(n))] })));
    now = MORNING + 30 * DAY;
    await judge(open('near', { steps: [step('a', now + HOUR)] }));
    expect(await metric('par_deadlines_waiting{kind="escalated"')).toBe(past);
    const first = await round();
    expect([first.reminded, first.escalated]).toEqual([1, AT_ONCE - 1]);
    const [order] = await sql.query<{ latest_left: Date; earliest_told: Date }>(
      `SELECT max(remind_at) FILTER (WHERE escalated_at IS NULL) AS latest_left, min(remind_at) FILTER (WHERE escalated_at IS NOT NULL) AS earliest_told
         FROM deadline WHERE due_at <= $1`,
      [instant(now)],
    );
    expect(order!.latest_left.getTime()).toBeLessThanOrEqual(order!.earliest_told.getTime());
    expect(await metric('par_deadlines_waiting{kind="escalated"')).toBe(past - AT_ONCE + 1);
    let escalated = first.escalated;
    for (let replica = 1; escalated < past; replica = 1 - replica) {
      const next = await round(replica);
      expect([next.reminded, next.escalated]).toEqual([0, Math.min(AT_ONCE, past - escalated)]);
      escalated += next.escalated;
    }
    const ids = await told(past + 1);
    expect(ids.length).toBe(past + 1);
    expect(new Set(ids).size).toBe(past + 1);
    expect(ids.filter((each) => each.includes(':reminded:'))).toEqual([`near:reminded:step:a:${instant(now + HOUR)}`]);
    expect(await metric('par_deadlines_waiting{kind="escalated"')).toBe(0);
  }, 120_000);

  it('are told by the timer itself, which goes on after a restart where it was', async () => {
    await judge(open(1, { steps: [step('a', MORNING + HOUR)] }), open(2, { steps: [step('a', MORNING - HOUR)] }));
    // The first round of a new process comes a second after its start.
    const first = await start();
    expect(await told(2)).toHaveLength(2);
    await first.close();
    now = MORNING + 2 * HOUR;
    await judge(open(3, { steps: [step('a', MORNING - HOUR)] }));
    const second = await start({ REMIND_EVERY_SECONDS: '1' });
    expect((await told(4)).map((each) => each.split(':').slice(0, 2).join(' ')).sort()).toEqual([
      '1 escalated',
      '1 reminded',
      '2 escalated',
      '3 escalated',
    ]);
    await judge(open(4, { steps: [step('a', MORNING - HOUR)] }));
    expect(await told(5)).toHaveLength(5);
    await second.close();
  });

  it('that nobody looks at show: health, and the time of the last round', async () => {
    await round(0);
    await round(1);
    expect(await metric('par_deadlines_last_round_timestamp_seconds')).toBe(now / 1_000);
    now += 4 * MINUTE;
    expect(await health(apps[0]!)).toEqual({ ok: true, detail: `last round: ${instant(MORNING)}` });
    now += 2 * MINUTE;
    const stale = await apps[0]!.inject({ url: '/health/live' });
    expect([stale.statusCode, stale.json().checks.deadlines]).toEqual([
      503,
      { ok: false, detail: `stale, last round: ${instant(MORNING)}` },
    ]);
    await round(0);
    expect(await health(apps[0]!)).toEqual({ ok: true, detail: `last round: ${instant(now)}` });
    expect((await health(apps[1]!)).ok).toBe(false);
    expect(await metric('par_deadlines_last_round_timestamp_seconds')).toBe(now / 1_000);
    // Heartbeats of replicas that are gone are cleared away.
    now += 2 * DAY;
    await round(0);
    expect(await sql.query('SELECT FROM scheduler_heartbeat')).toHaveLength(1);
  });

  async function metric(name: string): Promise<number> {
    const text = (await apps[0]!.inject({ url: '/metrics' })).body;
    const line = text.split('\n').find((each) => each.startsWith(name));
    return Number(line?.split(' ').at(-1));
  }
});
