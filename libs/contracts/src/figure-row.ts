/** What the numerator of a figure is: a share of the denominator in per cent, points of the applicable points, a plain count, or a rank. */
export const MEASURES = ['share', 'points', 'count', 'rank'] as const;
export type Measure = (typeof MEASURES)[number];

/** A threshold in the figure's measure. `>` is "trên": exactly 30 % does not meet "trên 30 %". A rank has to be `<=`. */
export interface Threshold {
  op: '>=' | '>' | '=' | '<=';
  value: number;
}

/** What a figure is held against: a threshold, or its own value at the start of the year (goal 8: "duy trì, mở rộng"). */
export type Target = Threshold | { op: 'not-falling' };

/** A figure at the start of the year, for a target that compares with it. */
export interface Baseline {
  at: string;
  numerator: number;
  denominator: number;
}

/** `no-data`: there is no denominator (chưa có dữ liệu). `monitor`: a figure without a target. */
export type FigureState = 'no-data' | 'met' | 'not-met' | 'monitor';

/** One figure as `GET /v1/figures` answers it: integers, the rule and all that makes the value come with it. */
export interface FigureRow {
  /** `<indicator>.<rule>.<unit>.<period>`. */
  id: string;
  indicator: string;
  unit: string;
  unitName: string;
  unitNameEn: string;
  /** The asked period; `now` for a state of the moment. */
  period: string;
  rule: string;
  ruleVersion: number;
  /** Whether this is the counting rule of the goal's wording; the others are shown beside it. */
  official: boolean;
  /** `share` where absent, as in figures read before there were others. */
  measure?: Measure;
  numerator: number;
  denominator: number;
  /**
   * Percent (share) or points (points), not rounded; the count or the rank itself for the other measures; null where there is no denominator.
   * Made when read: a percentage is never stored.
   */
  value: number | null;
  target: Target | null;
  baseline?: Baseline;
  /**
   * State secrets left out of both sides, as declared from the paper register: an integer, told for whole years only, since a small count of a short
   * period may disclose.
   */
  secretExcluded?: number;
  /** True for a body that works at the city's one-stop and is not the city's: shown beside, in no total. */
  beside?: boolean;
  state: FigureState;
  /** ISO instant up to which the figure speaks: when the answer was made, or the end of a period that is over. */
  cutOff: string;
  /** The event that was counted last, by when it happened. */
  lastEvent: { source: string; id: string; time: string } | null;
  freshness: { lastCountedAt: string | null; seconds: number | null };
  /** Whether it is Σ numerators ÷ Σ denominators of the units below. */
  total: boolean;
}
