import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SpecScoring, specEvent } from '../spec-scoring.ts';
import { ShowFindingsController } from './show-findings.controller.ts';

const CODE = 'H57.132-210705-0001';

describe('data-quality findings', () => {
  let scoring: SpecScoring;

  beforeAll(async () => {
    scoring = await SpecScoring.start();
    await scoring.count([
      specEvent(CODE, 'dossier.received', '2021-07-06T01:00:00.000Z', { channel: 'online' }),
      specEvent(CODE, 'dossier.state-reported', '2021-07-06T02:00:00.000Z', { code: '99' }),
      specEvent(CODE, 'dossier.returned', '2021-07-07T01:00:00.000Z', { channel: 'online' }),
      specEvent(CODE, 'dossier.returned', '2021-07-08T01:00:00.000Z', { channel: 'counter' }),
      specEvent(
        'hue-phong-noi-vu',
        'staff-standard.declared',
        '2021-07-06T01:00:00.000Z',
        { staff: 3, meeting: 4 },
        { source: 'urn:desk' },
      ),
    ]);
  }, 60_000);
  afterAll(() => scoring.stop());

  const counts = async (): Promise<string[]> =>
    (await scoring.app.get(ShowFindingsController).counts({ period: '2021' })).map(
      ({ source, code, count }) => `${source} ${code} ${count}`,
    );

  it('are counted per source and kind, with words in both languages', async () => {
    expect(await counts()).toEqual([
      'urn:desk staff-standard.more-than-staff 1',
      'urn:spec code-date-differs 1',
      'urn:spec returned-twice 1',
      'urn:spec unknown-national-code 1',
    ]);
    const all = await scoring.app.get(ShowFindingsController).counts({ period: '2021' });
    expect(all.every(({ label }) => label !== null && label.vi !== '' && label.en !== '')).toBe(true);
  });

  it('name the dossier, the event and a raw national code, a page at a time', async () => {
    const show = scoring.app.get(ShowFindingsController);
    const { items, next } = await show.items({ code: 'unknown-national-code', period: '2021-07' });
    expect(items).toMatchObject([{ subject: CODE, raw: '99', month: '2021-07', unit: 'hue-phong-noi-vu', source: 'urn:spec' }]);
    expect(next).toBeNull();
    const first = await show.items({ period: '2021', source: 'urn:spec', limit: '2' });
    const second = await show.items({ period: '2021', source: 'urn:spec', limit: '2', after: String(first.next) });
    expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, null]);
  });

  it('go when what caused them is taken back', async () => {
    const takenBack = { source: 'urn:spec', id: `${CODE} dossier.returned 2021-07-08T01:00:00.000Z`, reason: 'entered-by-mistake' };
    await scoring.count([specEvent(CODE, 'dossier.corrected', '2021-07-09T01:00:00.000Z', takenBack)]);
    expect(await counts()).not.toContain('urn:spec returned-twice 1');
    expect(await counts()).toContain('urn:spec code-date-differs 1');
  });
});
