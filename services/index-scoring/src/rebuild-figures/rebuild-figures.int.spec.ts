import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AnyEvent } from '@par/contracts';
import { Database } from '@par/service-kit';
import { eventually } from '@par/testing';
import { AuditFiguresController } from '../audit-figures/audit-figures.controller.ts';
import { FigureStore } from '../figure-store.ts';
import { PLAN, type Plan } from '../plan.ts';
import { SpecScoring, specEvent } from '../spec-scoring.ts';
import { RecountSubjects } from '../recount-subjects/recount-subjects.timer.ts';
import { RebuildFigures, type RebuildReport } from './rebuild-figures.handler.ts';

/** Figures rest on facts, on a plan and on a catalogue. When plan or catalogue change, the same facts give other figures, and every way of counting agrees on them. */
describe('figures when what they rest on changes', () => {
  let scoring: SpecScoring;
  let sql: Database;
  let plan: Plan;
  const original: { indicators: Plan['indicators'] } = { indicators: [] };

  beforeAll(async () => {
    scoring = await SpecScoring.start();
    sql = scoring.app.get(Database);
    plan = scoring.app.get<Plan>(PLAN);
    original.indicators = plan.indicators;
    for (let n = 0; n < 60; n += 1) await scoring.count(dossier(n));
  }, 60_000);

  afterAll(() => scoring.stop());

  /** A dossier of procedure 1.005129, without an appointment; every third is finished on its fourth day, the others on their second. */
  function dossier(n: number): AnyEvent[] {
    const code = `H57.132-210705-${String(n).padStart(4, '0')}`;
    return [
      specEvent(code, 'dossier.received', '2021-07-05T01:30:00.000Z', { channel: 'online', procedure: '1.005129' }),
      specEvent(code, 'dossier.result-ready', n % 3 === 0 ? '2021-07-09T01:30:00.000Z' : '2021-07-06T01:30:00.000Z', {}),
      specEvent(code, 'dossier.returned', '2021-07-09T02:00:00.000Z', { channel: 'online' }),
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
    const recount = scoring.app.get(RecountSubjects);
    await eventually(async () => {
      await recount.recountSome();
      return (await sql.query('SELECT FROM recount')).length === 0;
    });
  }

  async function rebuild(): Promise<RebuildReport> {
    const report = await scoring.app.get(RebuildFigures).start();
    await eventually(() => report.finishedAt !== undefined, { timeoutMs: 30_000 });
    expect(report.error).toBeUndefined();
    return report;
  }

  const audit = async (): Promise<unknown> => (await scoring.app.get(AuditFiguresController).audit()).differences;

  it('has no class for dossiers without a due date while nobody knows the term', async () => {
    expect(await figure('G1-ONTIME', 'ii-06a')).toBe('0/0');
    expect(await figure('G4-ONLINE', 'of-online-procedures')).toBe('0/0');
    expect(await figure('G4-ONLINE', 'of-finished')).toBe('60/60');
    expect(await audit()).toEqual([]);
  });

  it('counts every dossier of a procedure again when its term and level become known, and again when they change', async () => {
    const published = specEvent(
      '1.005129',
      'procedure.published',
      '2021-01-01T00:00:00.000Z',
      { level: { scheme: '1-4', level: 3 }, term: { amount: 3, unit: 'working-day' } },
      { unit: 'hue' },
    );
    await scoring.count([published]);
    await recounted();
    // Three working days from Monday 08:30 end on Thursday 08:30; the fourth day is late.
    expect(await figure('G1-ONTIME', 'ii-06a')).toBe('40/60');
    expect(await figure('G4-ONLINE', 'of-online-procedures')).toBe('60/60');
    expect(await audit()).toEqual([]);

    await scoring.count([
      specEvent('1.005129', 'procedure.level-changed', '2021-02-01T00:00:00.000Z', { level: { scheme: '1-4', level: 2 } }, { unit: 'hue' }),
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
    await scoring.count(dossier(60));
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
    for (let n = 61; n < 91; n += 1) await scoring.count(dossier(n));
    await running;
    expect(await figure('G4-ONLINE', 'received-online')).toBe('91/91');
    const [rows] = await sql.query<{ dossiers: number }>('SELECT count(*)::int AS dossiers FROM dossier_fact');
    expect(rows).toEqual({ dossiers: 91 });
    expect(await audit()).toEqual([]);
  });

  it('takes a subject that is being counted once more only when that is over', async () => {
    const store = scoring.app.get(FigureStore);
    const subject = 'case:H57.132-210705-0001';
    await sql.transaction((tx) => store.noteDirty(tx, [subject]));
    let commit: () => void = () => undefined;
    const isOver = new Promise<void>((done) => (commit = done));
    let isCounted = false;
    const counting = sql.transaction(async (tx) => {
      store.noteDirty(tx, [subject]);
      await tx.query('SELECT');
      await isOver;
      isCounted = true;
    });
    await eventually(
      async () =>
        (await sql.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`)).length > 0,
    );
    const taking = sql.transaction(async (tx) => ({ subjects: await store.takeDirty(tx, 10), after: isCounted }));
    await eventually(
      async () =>
        (await sql.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).length > 0,
    );
    commit();
    await counting;
    expect(await taking).toEqual({ subjects: [subject], after: true });
    expect(await sql.query('SELECT FROM rebuild_dirty')).toEqual([]);
  });

  it('is not held up by a long read of the tables, an audit say', async () => {
    const reader = await sql.pool.connect();
    try {
      await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await reader.query('SELECT FROM contribution, dossier_fact, counter LIMIT 1');
      await scoring.count(dossier(91));
      expect(await rebuild()).toMatchObject({ state: 'done', moved: [] });
      await reader.query('COMMIT');
    } finally {
      reader.release();
    }
    expect(await figure('G4-ONLINE', 'received-online')).toBe('92/92');
    expect(await audit()).toEqual([]);
  });

  it('mends a counter that was changed by hand', async () => {
    await sql.query(`UPDATE counter SET numerator = numerator + 5 WHERE indicator = 'G4-ONLINE' AND rule = 'received-online'`);
    expect((await rebuild()).moved).toMatchObject([
      { indicator: 'G4-ONLINE', rule: 'received-online', before: { numerator: 97 }, after: { numerator: 92 } },
    ]);
    expect(await figure('G4-ONLINE', 'received-online')).toBe('92/92');
  });

  it('runs once at a time, and says so', async () => {
    const report = await scoring.app.get(RebuildFigures).start();
    await expect(scoring.app.get(RebuildFigures).start()).rejects.toThrow('rebuild.running');
    await eventually(() => report.finishedAt !== undefined, { timeoutMs: 30_000 });
  });
});
