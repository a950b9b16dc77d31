import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Indicator, loadPlans, type Plan, type Score } from './plan.ts';
import { type FigureOf, scoreOf } from './plan-score.ts';
import { isDescribedRule } from './rule-catalogue.ts';

const words = { vi: 'a', en: 'a' };

function indicator(id: string, more: Partial<Indicator> = {}): Indicator {
  return {
    id,
    goal: '1',
    nameVi: id,
    nameEn: id,
    kind: 'count',
    measure: 'share',
    direction: 'up',
    stated: 'R',
    rules: [
      { rule: 'first', version: 1, official: false },
      { rule: 'official', version: 1, official: true },
    ],
    target: null,
    numerator: words,
    denominator: words,
    source: 'made up',
    movedBy: ['clock'],
    ...more,
  };
}

/** A made-up plan whose maxima are all known. */
function planWith(scores: Omit<Score, 'nameVi' | 'nameEn'>[], indicators = ['A', 'B', 'C', 'D'].map((id) => indicator(id))): Plan {
  return {
    plan: 'made-up',
    version: 1,
    title: words,
    source: 'made up',
    validFrom: '2021-01-01',
    goals: [{ id: '1', name: words }],
    indicators,
    scores: scores.map((score) => ({ nameVi: score.id, nameEn: score.id, ...score })),
    lateness: { clockToleranceSeconds: 300, syncDelayMinutes: 60, stampToleranceSeconds: 60 },
    bands: [],
  };
}

const figures =
  (of: Record<string, [number, number]>): FigureOf =>
  (id, rule) => {
    const figure = of[`${id} ${rule}`];
    return figure && { numerator: figure[0], denominator: figure[1] };
  };

describe('a score', () => {
  it('is the sum of its parts, in proportion to full marks from 80, 50, 90 and 100 per cent', () => {
    const plan = planWith([
      {
        id: 'S',
        max: 20,
        parts: [
          { ref: 'A', max: 4, fullAt: 80 },
          { ref: 'B', max: 5, fullAt: 50 },
          { ref: 'C', max: 9, fullAt: 90 },
          { ref: 'D', max: 2 },
        ],
      },
    ]);
    const outcome = scoreOf(
      plan,
      'S',
      figures({ 'A official': [40, 100], 'B official': [1, 5], 'C official': [95, 100], 'D official': [3, 4] }),
    );
    // 4 × 40/80 = 2; 5 × 20/50 = 2; 95 ≥ 90 is full: 9; 2 × 75/100 = 1.5.
    expect(outcome).toMatchObject({ computed: true, max: 20, thousandths: 14_500, exact: { numerator: 29n, denominator: 2n } });
    expect(outcome.parts.map((part) => part.computed && part.thousandths)).toEqual([2_000, 2_000, 9_000, 1_500]);
  });

  it.each([
    [79, 3_950],
    [80, 4_000],
    [81, 4_000],
    [0, 0],
  ])('%i per cent of full marks from 80 give %i thousandths of four points', (percent, thousandths) => {
    const plan = planWith([{ id: 'S', max: 4, parts: [{ ref: 'A', max: 4, fullAt: 80 }] }]);
    expect(scoreOf(plan, 'S', figures({ 'A official': [percent, 100] }))).toMatchObject({ computed: true, thousandths });
  });

  it('takes the rule that a part names, else the official one', () => {
    const plan = planWith([
      { id: 'S', max: 10, parts: [{ ref: 'A', rule: 'first', max: 10 }] },
      { id: 'T', max: 10, parts: [{ ref: 'A', max: 10 }] },
    ]);
    const of = figures({ 'A first': [1, 2], 'A official': [1, 4] });
    expect(scoreOf(plan, 'S', of)).toMatchObject({ thousandths: 5_000 });
    expect(scoreOf(plan, 'T', of)).toMatchObject({ thousandths: 2_500 });
  });

  it('adds scores up as they are, exactly: three thirds make one', () => {
    const third = (id: string, ref: string) => ({ id, max: 1, parts: [{ ref, max: 1 }] });
    const plan = planWith([
      { id: 'ALL', max: 3, parts: ['X', 'Y', 'Z'].map((ref) => ({ ref, max: 1 })) },
      third('X', 'A'),
      third('Y', 'B'),
      third('Z', 'C'),
    ]);
    const outcome = scoreOf(plan, 'ALL', figures({ 'A official': [1, 3], 'B official': [1, 3], 'C official': [1, 3] }));
    expect(outcome).toMatchObject({ computed: true, thousandths: 1_000, exact: { numerator: 1n, denominator: 1n } });
    expect(outcome.parts.map((part) => part.computed && part.thousandths)).toEqual([333, 333, 333]);
  });

  it('rounds half up for people only, never before a sum', () => {
    // 0.0005 + 0.0005: each is 1 thousandth where rounded alone, together they are 1 and not 2.
    const parts = ['A', 'B'].map((ref) => ({ ref, max: 0.001 }));
    const plan = planWith([{ id: 'S', max: 0.002, parts }]);
    const outcome = scoreOf(plan, 'S', figures({ 'A official': [1, 2], 'B official': [1, 2] }));
    expect(outcome).toMatchObject({ thousandths: 1 });
    expect(outcome.parts.map((part) => part.computed && part.thousandths)).toEqual([1, 1]);
  });

  it('lies between nothing and its maximum, never falls where a figure rises, and is exact where integers can tell', () => {
    const share = fc
      .nat(2 ** 40)
      .chain((denominator) => fc.record({ denominator: fc.constant(denominator + 1), numerator: fc.nat(denominator + 1) }));
    fc.assert(
      fc.property(
        share,
        share,
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        (a, b, maxThousandths, fullThousandths) => {
          const [max, fullAt] = [maxThousandths / 1000, fullThousandths / 1000];
          const plan = planWith([{ id: 'S', max, parts: [{ ref: 'A', max, fullAt }] }]);
          const points = (figure: { numerator: number; denominator: number }) => {
            const outcome = scoreOf(plan, 'S', () => figure);
            if (!outcome.computed) throw new Error('not computed');
            expect(outcome.thousandths).toBeGreaterThanOrEqual(0);
            expect(outcome.thousandths).toBeLessThanOrEqual(maxThousandths);
            return outcome.exact;
          };
          const [first, second] = [points(a), points(b)];
          const isRising = BigInt(a.numerator) * BigInt(b.denominator) <= BigInt(b.numerator) * BigInt(a.denominator);
          const [low, high] = isRising ? [first, second] : [second, first];
          expect(low.numerator * high.denominator <= high.numerator * low.denominator).toBe(true);
          // Full marks at exactly the edge: numerator ÷ denominator = fullAt.
          expect(points({ numerator: fullThousandths, denominator: 100_000 })).toEqual(points({ numerator: 1, denominator: 1 }));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a score is not computed, and says why', () => {
  const parts = [
    { ref: 'A', max: 5 },
    { ref: 'B', max: 5 },
  ];
  const both = figures({ 'A official': [1, 2], 'B official': [1, 2] });
  const why = (plan: Plan, of: FigureOf = both): string[] => {
    const outcome = scoreOf(plan, 'S', of);
    return outcome.computed ? [] : outcome.reasons.map(({ code, ref }) => `${code} ${ref}`);
  };

  it('where a maximum is not known, of the score or of a part', () => {
    expect(why(planWith([{ id: 'S', max: 10, parts }]))).toEqual([]);
    expect(why(planWith([{ id: 'S', max: null, parts }]))).toEqual(['open-maximum S']);
    expect(why(planWith([{ id: 'S', max: 10, parts: [parts[0]!, { ref: 'B', max: null }] }]))).toEqual(['open-maximum B']);
  });

  it('where a criterion is open, or something of a criterion that has a figure', () => {
    const open = [{ vi: 'chưa rõ', en: 'not known' }];
    const openKind = planWith([{ id: 'S', max: 10, parts }], [indicator('A'), indicator('B', { kind: 'open', rules: [], open })]);
    expect(why(openKind)).toEqual(['open-criterion B']);
    expect(why(planWith([{ id: 'S', max: 10, parts }], [indicator('A', { open }), indicator('B')]))).toEqual(['open-criterion A']);
    expect(scoreOf(openKind, 'S', both)).toMatchObject({
      reasons: [{ text: open[0] }],
      parts: [{ computed: true, thousandths: 2_500 }, { computed: false }],
    });
  });

  it('where something of the score itself is open', () => {
    expect(why(planWith([{ id: 'S', max: 10, parts, open: [words] }]))).toEqual(['open-score S']);
  });

  it('where there is no data, which is not nothing', () => {
    const plan = planWith([{ id: 'S', max: 10, parts }]);
    expect(why(plan, figures({ 'A official': [0, 2], 'B official': [0, 0] }))).toEqual(['no-data B']);
    expect(why(plan, figures({ 'A official': [0, 2] }))).toEqual(['no-data B']);
    expect(why(plan, figures({ 'A official': [0, 2], 'B official': [0, 2] }))).toEqual([]);
  });

  it('with every reason of everything below it', () => {
    const plan = planWith([
      { id: 'S', max: 10, parts: [{ ref: 'T', max: 10 }] },
      { id: 'T', max: 10, parts: [{ ref: 'A', max: null }, ...parts.slice(1)] },
    ]);
    expect(why(plan, () => undefined)).toEqual(['open-maximum A', 'no-data A', 'no-data B']);
  });

  it('as all of Decision 766, of which no source tells the points of a criterion', () => {
    const plan = loadPlans(['qd-766-2022'], isDescribedRule);
    for (const { id } of plan.scores)
      expect(scoreOf(plan, id, () => ({ numerator: 1, denominator: 1 }))).toMatchObject({ computed: false });
    const outcome = scoreOf(plan, 'Q766', () => ({ numerator: 1, denominator: 1 }));
    const openMaxima = outcome.computed ? [] : outcome.reasons.filter(({ code }) => code === 'open-maximum').map(({ ref }) => ref);
    expect(openMaxima.sort()).toEqual(plan.indicators.map(({ id }) => id).sort());
  });

  it('and a score that is not in the plan is a mistake of the caller', () => {
    expect(() => scoreOf(planWith([]), 'S', both)).toThrow(new RangeError('plan made-up has no score S'));
  });
});
