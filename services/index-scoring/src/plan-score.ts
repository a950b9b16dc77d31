import { type Bilingual, type Indicator, type Plan, type Score, type ScorePart } from './plan.ts';

/** An exact number of points. Not for JSON. */
export interface Points {
  numerator: bigint;
  denominator: bigint;
}

/** Why there are no points. */
export interface ScoreGap {
  /**
   * `open-maximum`: no source tells the full marks. `open-criterion`: something of the indicator's formula is open. `open-score`: something of the score
   * itself is. `no-data`: the figure has no denominator.
   */
  code: 'open-maximum' | 'open-criterion' | 'open-score' | 'no-data';
  /** The indicator or score that the gap is in. */
  ref: string;
  text: Bilingual;
}

/** Points, or why there are none: a score of which anything is missing is never a smaller score. */
export type ScoreOutcome =
  | {
      computed: true;
      ref: string;
      /** In points. */
      max: number;
      /** Thousandths of points, rounded half up, for people; compare with `exact`. */
      thousandths: number;
      exact: Points;
      /** Empty for an indicator. */
      parts: ScoreOutcome[];
    }
  | { computed: false; ref: string; max: number | null; reasons: ScoreGap[]; parts: ScoreOutcome[] };

/** The figure of an indicator by a rule, in integers; undefined where there is none. */
export type FigureOf = (indicator: string, rule: string) => { numerator: number; denominator: number } | undefined;

/**
 * Makes points from figures: Σ over the parts of `max × min(1, figure ÷ fullAt)`. Exact to the end, in fractions of integers, so no point drifts. Pure.
 *
 * @param plan a plan that `parsePlan` or `loadPlans` gave: its references exist and are not cyclic.
 * @throws RangeError where the plan has no such score.
 */
export function scoreOf(plan: Plan, scoreId: string, figureOf: FigureOf): ScoreOutcome {
  const score = plan.scores.find(({ id }) => id === scoreId);
  if (!score) throw new RangeError(`plan ${plan.plan} has no score ${scoreId}`);
  const parts = score.parts.map((part) => partOf(plan, part, figureOf));
  const gaps = [
    ...(score.max === null ? [openMaximum(score.id)] : []),
    ...(score.open ?? []).map((text): ScoreGap => ({ code: 'open-score', ref: score.id, text })),
    ...parts.flatMap((part) => (part.computed ? [] : part.reasons)),
  ];
  const earned = parts.flatMap((part) => (part.computed ? [part.exact] : []));
  if (gaps.length > 0 || score.max === null) return { computed: false, ref: score.id, max: score.max, reasons: gaps, parts };
  const exact = earned.reduce(plus, { numerator: 0n, denominator: 1n });
  return { computed: true, ref: score.id, max: score.max, thousandths: inThousandths(exact), exact, parts };
}

function partOf(plan: Plan, part: ScorePart, figureOf: FigureOf): ScoreOutcome {
  const indicator = plan.indicators.find(({ id }) => id === part.ref);
  return indicator ? indicatorPart(indicator, part, figureOf) : scoreOf(plan, part.ref, figureOf);
}

function indicatorPart(indicator: Indicator, { ref, rule, max, fullAt = 100 }: ScorePart, figureOf: FigureOf): ScoreOutcome {
  const reasons: ScoreGap[] = max === null ? [openMaximum(ref)] : [];
  reasons.push(...(indicator.open ?? []).map((text): ScoreGap => ({ code: 'open-criterion', ref, text })));
  const counted = rule ?? indicator.rules.find(({ official }) => official)?.rule;
  const figure = counted === undefined ? undefined : figureOf(ref, counted);
  const hasData = figure !== undefined && figure.denominator > 0;
  if (counted !== undefined && !hasData) reasons.push({ code: 'no-data', ref, text: { en: 'there is no data', vi: 'chưa có dữ liệu' } });
  if (reasons.length > 0 || max === null || !hasData) return { computed: false, ref, max, reasons, parts: [] };
  const exact = earnedOf(figure, max, fullAt);
  return { computed: true, ref, max, thousandths: inThousandths(exact), exact, parts: [] };
}

function openMaximum(ref: Score['id']): ScoreGap {
  return { code: 'open-maximum', ref, text: { en: 'its maximum is not known', vi: 'chưa biết điểm tối đa' } };
}

/** `max` and `fullAt` have at most three decimals (checked when the plan is read), so both are whole thousandths. */
function earnedOf({ numerator, denominator }: { numerator: number; denominator: number }, max: number, fullAt: number): Points {
  const points = BigInt(Math.round(max * 1000));
  const share = BigInt(numerator) * 100_000n;
  const full = BigInt(denominator) * BigInt(Math.round(fullAt * 1000));
  return share >= full ? reduced(points, 1000n) : reduced(points * share, 1000n * full);
}

function plus(a: Points, b: Points): Points {
  return reduced(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

function reduced(numerator: bigint, denominator: bigint): Points {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}

function inThousandths({ numerator, denominator }: Points): number {
  return Number((numerator * 2000n + denominator) / (denominator * 2n));
}
