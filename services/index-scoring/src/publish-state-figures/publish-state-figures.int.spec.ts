import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '@par/service-kit';
import { SpecScoring, specEvent } from '../spec-scoring.ts';
import { PublishStateFigures } from './publish-state-figures.timer.ts';

describe('figures that are a state, published', () => {
  let scoring: SpecScoring;
  let sql: Database;
  let publish: PublishStateFigures;

  beforeAll(async () => {
    scoring = await SpecScoring.start();
    sql = scoring.app.get(Database);
    publish = scoring.app.get(PublishStateFigures);
    await scoring.count([
      specEvent('H57.132-211220-0001', 'dossier.received', '2021-12-20T01:00:00.000Z', {
        channel: 'online',
        due: '2021-12-27T01:00:00.000Z',
      }),
      specEvent('H57.132-211220-0001', 'dossier.result-ready', '2022-01-10T01:00:00.000Z', {}),
      specEvent('kt/1', 'inspection.completed', '2021-05-05T01:00:00.000Z', { subjects: ['reform'] }),
    ]);
  }, 60_000);
  afterAll(() => scoring.stop());

  async function published(indicator: string, rule: string, unit: string): Promise<string[]> {
    const rows = await sql.query<{ period: string; numerator: number; denominator: number; revision: number }>(
      `SELECT period, numerator, denominator, revision FROM state_figure WHERE indicator = $1 AND rule = $2 AND unit = $3 ORDER BY period`,
      [indicator, rule, unit],
    );
    return rows.map(({ period, numerator, denominator, revision }) => `${period} ${numerator}/${denominator} r${revision}`);
  }

  it('tell how it is now, and how it was at the end of each year that is over', async () => {
    expect(await publish.publishChanged()).toBeGreaterThan(0);
    // The dossier was open and overdue at the end of 2021, and has been done since.
    expect(await published('G1-OVERDUE', 'open-past-due', 'hue-phong-noi-vu')).toEqual(['2021 1/1 r1']);
    expect(await published('G7-INSP', 'of-units', 'hue-phong-noi-vu')).toEqual(['2021 1/1 r1', '2022 0/1 r1', 'now 0/1 r1']);
    const [row] = await sql.query<{ waiting: number }>(`SELECT count(*)::int AS waiting FROM messaging.outbox`);
    expect(row!.waiting).toBeGreaterThan(0);
  });

  it('are told again only where they moved', async () => {
    expect(await publish.publishChanged()).toBe(0);
    await scoring.count([
      specEvent('hue-phong-noi-vu', 'network.connection-accepted', '2021-03-01T01:00:00.000Z', {}),
      specEvent('H57.132-211221-0001', 'dossier.received', '2021-12-21T01:00:00.000Z', {
        channel: 'online',
        due: '2021-12-28T01:00:00.000Z',
      }),
    ]);
    await publish.publishChanged();
    expect(await published('G6-NET', 'accepted-connection', 'hue-phong-noi-vu')).toContain('now 1/1 r2');
    expect(await published('G1-OVERDUE', 'open-past-due', 'hue-phong-noi-vu')).toContain('now 1/1 r1');
    expect(await published('G7-INSP', 'of-units', 'hue-phong-noi-vu')).toContain('now 0/1 r1');
  });
});
