import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { hueOrganisation } from '@par/administration';
import { type AnyEvent, type CloudEvent } from '@par/contracts';
import { BatchContext } from '@par/messaging';
import { createApplication, Database } from '@par/service-kit';
import { createDatabase, eventually, type SpecDatabase } from '@par/testing';
import { AppModule } from '../app.module.ts';
import { AuditFiguresController } from '../audit-figures/audit-figures.controller.ts';
import { CountEventsHandler } from '../count-events/count-events.handler.ts';
import { PLAN, type Plan } from '../plan.ts';
import { RecountSubjects } from '../recount-subjects/recount-subjects.timer.ts';
import { RebuildFigures, type RebuildReport } from './rebuild-figures.handler.ts';

/** Figures rest on facts, on a plan and on a catalogue. When plan or catalogue change, the same facts give other figures, and every way of counting agrees on them. */
describe('figures when what they rest on changes', () => {
  let database: SpecDatabase;
  let app: NestFastifyApplication;
  let sql: Database;
  let plan: Plan;
  const original: { indicators: Plan['indicators'] } = { indicators: [] };

  beforeAll(async () => {
    database = await createDatabase('index-scoring');
    process.env.DATABASE_URL = database.url;
    process.env.AMQP_URL = 'amqp://127.0.0.1:1';
    app = await createApplication(AppModule, { service: 'index-scoring' });
    sql = app.get(Database);
    plan = app.get<Plan>(PLAN);
    original.indicators = plan.indicators;
    await count(
      hueOrganisation().map(
        (event) => ({ ...event, datacontenttype: 'application/json', received: '2021-01-01T00:00:00.000Z' }) as AnyEvent,
      ),
    );
    const cases = Array.from({ length: 60 }, (_, n) => dossier(n));
    for (const events of cases) await count(events);
  }, 60_000);

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  async function count(events: readonly AnyEvent[]): Promise<void> {
    await sql.transaction(async (tx) => {
      const context = new BatchContext(tx);
      await app.get(CountEventsHandler).handle(
        events.map((event) => ({ event, origin: 'dossier-intake', attempt: 0 })),
        context,
      );
      expect(context.rejected.size).toBe(0);
    });
  }

  function event<T extends AnyEvent['type']>(
    subject: string,
    type: T,
    time: string,
    data: CloudEvent<T>['data'],
    unit = 'hue-phong-noi-vu',
  ): AnyEvent {
    return {
      specversion: '1.0',
      id: `${subject} ${type} ${time}`,
      source: 'urn:spec',
      type,
      subject,
      time,
      datacontenttype: 'application/json',
      unit,
      received: time,
      network: 'tslcd',
      data,
    } as AnyEvent;
  }

  /** A dossier of procedure 1.005129, without an appointment; every third is finished on its fourth day, the others on their second. */
  function dossier(n: number): AnyEvent[] {
    const code = `H57.132-210705-${String(n).padStart(4, '0')}`;
    return [
      event(code, 'vn.par.dossier.received.v1', '2021-07-05T01:30:00.000Z', { channel: 'online', procedure: '1.005129' }),
      event(code, 'vn.par.dossier.result-ready.v1', n % 3 === 0 ? '2021-07-09T01:30:00.000Z' : '2021-07-06T01:30:00.000Z', {}),
      event(code, 'vn.par.dossier.returned.v1', '2021-07-09T02:00:00.000Z', { channel: 'online' }),
    ];
  }

  async function figure(indicator: string, rule: string): Promise<string> {
    const [row] = await sql.query<{ n: number; d: number }>(
      `SELECT coalesce(sum(numerator), 0)::int AS n, coalesce(sum(denominator), 0)::int AS d FROM counter WHERE indicator = $1 AND rule = $2`,
      [indicator, rule],
    );
    return `${row!.n}/${row!.d}`;
  }

  async function recounted(): Promise<void> {
    const recount = app.get(RecountSubjects);
    await eventually(async () => {
      await recount.recountSome();
      return (await sql.query('SELECT FROM recount')).length === 0;
    });
  }

  async function rebuild(): Promise<RebuildReport> {
    const report = await app.get(RebuildFigures).start();
    await eventually(() => report.finishedAt !== undefined, { timeoutMs: 30_000 });
    expect(report.error).toBeUndefined();
    return report;
  }

  const audit = async (): Promise<unknown> => (await app.get(AuditFiguresController).audit()).differences;

  it('has no class for dossiers without a due date while nobody knows the term', async () => {
    expect(await figure('G1-ONTIME', 'ii-06a')).toBe('0/0');
    expect(await figure('G4-ONLINE', 'of-online-procedures')).toBe('0/0');
    expect(await figure('G4-ONLINE', 'of-finished')).toBe('60/60');
    expect(await audit()).toEqual([]);
  });

  it('counts every dossier of a procedure again when its term and level become known, and again when they change', async () => {
    const published = event(
      '1.005129',
      'vn.par.procedure.published.v1',
      '2021-01-01T00:00:00.000Z',
      { level: { scheme: '1-4', level: 3 }, term: { amount: 3, unit: 'working-day' } },
      'hue',
    );
    await count([published]);
    await recounted();
    // Three working days from Monday 08:30 end on Thursday 08:30; the fourth day is late.
    expect(await figure('G1-ONTIME', 'ii-06a')).toBe('40/60');
    expect(await figure('G4-ONLINE', 'of-online-procedures')).toBe('60/60');
    expect(await audit()).toEqual([]);

    await count([
      event('1.005129', 'vn.par.procedure.level-changed.v1', '2021-02-01T00:00:00.000Z', { level: { scheme: '1-4', level: 2 } }, 'hue'),
    ]);
    await recounted();
    expect(await figure('G4-ONLINE', 'of-online-procedures')).toBe('0/0');
    expect(await figure('G4-ONLINE', 'of-finished')).toBe('0/60');
    expect(await audit()).toEqual([]);
  });

  it('moves nothing when it is rebuilt by the same plan', async () => {
    const before = await sql.query('SELECT * FROM counter ORDER BY 1, 2, 3, 4');
    expect(await rebuild()).toMatchObject({ state: 'done', subjects: 60, done: 60, moved: [] });
    expect(await sql.query('SELECT * FROM counter ORDER BY 1, 2, 3, 4')).toEqual(before);
    expect(await audit()).toEqual([]);
  });

  it('puts a changed plan into force in one step, says what moved, and counts on by it', async () => {
    const withoutOnline = original.indicators.filter(({ id }) => id !== 'G4-ONLINE');
    plan.indicators = withoutOnline.map((one) =>
      one.id === 'G1-ONTIME' ? { ...one, rules: one.rules.filter(({ rule }) => rule !== 'by-date') } : one,
    );
    const report = await rebuild();
    expect(report.moved.map(({ indicator, rule, before, after }) => [indicator, rule, before.denominator, after.denominator])).toEqual([
      ['G1-ONTIME', 'by-date', 60, 0],
      ['G4-ONLINE', 'of-finished', 60, 0],
      ['G4-ONLINE', 'of-received', 60, 0],
      ['G4-ONLINE', 'received-online', 60, 0],
    ]);
    expect(await figure('G4-ONLINE', 'of-finished')).toBe('0/0');
    await count(dossier(60));
    expect(await figure('G4-ONLINE', 'of-finished')).toBe('0/0');
    expect(await figure('G1-ONTIME', 'ii-06a')).toBe('40/61');
    expect(await audit()).toEqual([]);

    plan.indicators = original.indicators;
    expect((await rebuild()).moved).toHaveLength(4);
    expect(await figure('G4-ONLINE', 'of-received')).toBe('0/61');
    expect(await audit()).toEqual([]);
  });

  it('loses nothing of what is counted while it runs', async () => {
    const running = rebuild();
    for (let n = 61; n < 91; n += 1) await count(dossier(n));
    await running;
    expect(await figure('G4-ONLINE', 'received-online')).toBe('91/91');
    const [rows] = await sql.query<{ dossiers: number }>('SELECT count(*)::int AS dossiers FROM dossier_fact');
    expect(rows).toEqual({ dossiers: 91 });
    expect(await audit()).toEqual([]);
  });

  it('runs once at a time, and says so', async () => {
    const report = await app.get(RebuildFigures).start();
    await expect(app.get(RebuildFigures).start()).rejects.toThrow('rebuild.running');
    await eventually(() => report.finishedAt !== undefined, { timeoutMs: 30_000 });
  });
});
