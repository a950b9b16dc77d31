import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SpecScoring, specEvent } from '../spec-scoring.ts';
import { type BoundaryAnswer, ShowBoundariesController } from './show-boundaries.controller.ts';

describe('a figure in old and in new boundaries', () => {
  let scoring: SpecScoring;

  beforeAll(async () => {
    scoring = await SpecScoring.start();
    // Two dossiers each in two wards that merged, in one that was split, and in one that came in July.
    const places: [unit: string, month: string][] = [
      ['hue-19771-phu-cat', '03'],
      ['hue-19756-phu-hiep', '05'],
      ['hue-19744-phu-thuan', '06'],
      ['hue-19756-gia-hoi', '08'],
      ['hue-19900-thuan-an', '09'],
    ];
    for (const [index, [unit, month]] of places.entries()) {
      for (const n of [1, 2]) {
        const code = `H57.132-21${month}05-${index}00${n}`;
        await scoring.count([
          specEvent(
            code,
            'dossier.received',
            `2021-${month}-05T01:00:00.000Z`,
            { channel: 'online', due: `2021-${month}-07T01:00:00.000Z` },
            { unit },
          ),
          specEvent(code, 'dossier.result-ready', `2021-${month}-${n === 1 ? '06' : '08'}T01:00:00.000Z`, {}, { unit }),
        ]);
      }
    }
  }, 60_000);
  afterAll(() => scoring.stop());

  const show = (boundaries: string): Promise<BoundaryAnswer> =>
    scoring.app.get(ShowBoundariesController).show({ indicator: 'G1-ONTIME', period: '2021', boundaries });
  const row = (answer: BoundaryAnswer, unit: string): string | undefined => {
    const found = answer.rows.find((each) => each.unit === unit);
    return found && `${found.kind} ${found.numerator}/${found.denominator}`;
  };

  it('follows merged wards to their successor, and divides nothing by guess', async () => {
    const answer = await show('new');
    expect([answer.on, answer.total]).toEqual(['2021-12-31', { numerator: 5, denominator: 10 }]);
    expect(row(answer, 'hue-19756-gia-hoi')).toBe('unit 3/6');
    expect(row(answer, 'hue-19744-phu-thuan')).toBe('undivided 1/2');
    expect(row(answer, 'hue-19900-thuan-an')).toBe('unit 1/2');
  });

  it('keeps the old wards apart as far as they can be told apart', async () => {
    const answer = await show('2021-06-30');
    expect(answer.total).toEqual({ numerator: 5, denominator: 10 });
    expect(row(answer, 'hue-19771-phu-cat')).toBe('unit 1/2');
    expect(row(answer, 'hue-19756-gia-hoi')).toBe('joined 1/2');
    expect(row(answer, 'hue-19900-thuan-an')).toBe('not-yet 1/2');
    expect(row(answer, 'hue-19744-phu-thuan')).toBe('unit 1/2');
  });

  it('refuses boundaries that are no day, and indicators that are not counted', async () => {
    await expect(show('yesterday')).rejects.toThrow('request.bad-boundaries');
    await expect(scoring.app.get(ShowBoundariesController).show({ indicator: 'G6-NET' })).rejects.toThrow('figure.unknown-indicator');
  });
});
