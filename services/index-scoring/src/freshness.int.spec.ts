import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '@par/service-kit';
import { Freshness } from './freshness.ts';
import { SpecScoring, specEvent } from './spec-scoring.ts';

describe('when the figures of an indicator last moved', () => {
  let scoring: SpecScoring;

  beforeAll(async () => {
    scoring = await SpecScoring.start();
  }, 60_000);

  afterAll(() => scoring.stop());

  const counted = async (indicator: string): Promise<number> => {
    const [row] = await scoring.app
      .get(Database)
      .query<{ at: Date }>('SELECT max(counted_at) AS at FROM counter WHERE indicator = $1', [indicator]);
    return row!.at.getTime();
  };

  it('knows what was counted before it first looked, and what is counted after', async () => {
    await scoring.count([
      specEvent('H57.132-210705-0001', 'dossier.received', '2021-07-05T01:30:00.000Z', {
        channel: 'online',
        due: '2021-07-09T10:00:00.000Z',
      }),
      specEvent('H57.132-210705-0001', 'dossier.returned', '2021-07-09T02:00:00.000Z', { channel: 'online' }),
    ]);
    const freshness = new Freshness(scoring.app.get(Database), { add: () => undefined } as never);
    const before = new Map(await freshness.lastChanges());
    expect(before.get('G1-ONTIME')).toBe(await counted('G1-ONTIME'));
    expect(before.has('G7-INSP')).toBe(false);

    await scoring.count([
      specEvent('H57.132-210705-0002', 'dossier.received', '2021-07-05T01:30:00.000Z', {
        channel: 'online',
        due: '2021-07-09T10:00:00.000Z',
      }),
      specEvent('H57.132-210705-0002', 'dossier.returned', '2021-07-12T02:00:00.000Z', { channel: 'online' }),
    ]);
    const after = await freshness.lastChanges();
    expect(after.get('G1-ONTIME')).toBe(await counted('G1-ONTIME'));
    expect(after.get('G1-ONTIME')!).toBeGreaterThan(before.get('G1-ONTIME')!);
  });
});
