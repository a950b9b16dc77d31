import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '@par/service-kit';
import { eventually } from '@par/testing';
import { AuditFiguresController } from '../audit-figures/audit-figures.controller.ts';
import { SpecScoring, specEvent } from '../spec-scoring.ts';
import { RecountSubjects } from './recount-subjects.timer.ts';

/** Dossiers of an earlier version of this service: events are there, what is made from them is not. */
describe('a city that was counted before plans were kept in its database', () => {
  let scoring: SpecScoring;
  let sql: Database;

  beforeAll(async () => {
    scoring = await SpecScoring.start();
    sql = scoring.app.get(Database);
    const events = ['received', 'result-ready'].map((name, n) => ({
      ...specEvent(
        'H57.132-210705-0001',
        `dossier.${name}`,
        `2021-07-0${5 + n}T01:00:00.000Z`,
        n === 0 ? { channel: 'post', due: '2021-07-09T01:00:00.000Z' } : {},
      ),
    }));
    await sql.query('INSERT INTO subject (key, events) VALUES ($1, $2)', ['case:H57.132-210705-0001', JSON.stringify(events)]);
  }, 60_000);
  afterAll(() => scoring.stop());

  it('is counted again by the first plan that comes into force, by itself', async () => {
    await scoring.count([specEvent('H57.132-210705-0002', 'dossier.received', '2021-07-05T01:00:00.000Z', { channel: 'online' })]);
    expect(await sql.query('SELECT subject FROM recount')).toContainEqual({ subject: 'case:H57.132-210705-0001' });
    await eventually(async () => {
      await scoring.app.get(RecountSubjects).recountSome();
      return (await sql.query('SELECT FROM recount')).length === 0;
    });
    const [figure] = await sql.query(`SELECT numerator, denominator FROM counter WHERE indicator = 'G1-ONTIME' AND rule = 'ii-06a'`);
    expect(figure).toEqual({ numerator: 1, denominator: 1 });
    expect(await scoring.app.get(AuditFiguresController).audit()).toMatchObject({ ok: true, waiting: 0, recountedSubjects: 2 });
  });

  it('is counted once when several replicas take up the work', async () => {
    await sql.query(`INSERT INTO recount (subject) SELECT key FROM subject WHERE key LIKE 'case:%'`);
    const recount = scoring.app.get(RecountSubjects);
    const counted = await Promise.all([recount.recountSome(), recount.recountSome(), recount.recountSome()]);
    expect(counted.reduce((sum, each) => sum + each, 0)).toBe(2);
    expect(await scoring.app.get(AuditFiguresController).audit()).toMatchObject({ ok: true, waiting: 0 });
  });
});
