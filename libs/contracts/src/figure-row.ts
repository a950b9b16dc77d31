/** A goal's threshold in per cent. `>` is "trên": exactly 30 % does not meet "trên 30 %". */
export interface Target {
  op: '>=' | '>' | '=';
  value: number;
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
  numerator: number;
  denominator: number;
  /** Percent, not rounded; null where there is no denominator. Made when read: a percentage is never stored. */
  value: number | null;
  target: Target | null;
  state: FigureState;
  /** ISO instant up to which the figure speaks: now, or the end of a period that is over. */
  cutOff: string;
  /** The event that was counted last, by when it happened. */
  lastEvent: { source: string; id: string; time: string } | null;
  freshness: { lastCountedAt: string | null; seconds: number | null };
  /** Whether it is Σ numerators ÷ Σ denominators of the units below. */
  total: boolean;
}
