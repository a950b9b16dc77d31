import { type Baseline, type FigureState, type Measure, type Target, type Threshold } from '@par/contracts';

/**
 * Holds a figure against its target before any rounding, in integers: 99.996 % does not meet 100 %, and 90 % does not meet "trên 90 %". A count or
 * a rank is held against the target itself. A target that compares with the start of the year is a figure to watch while no baseline is known.
 */
export function stateOf(
  numerator: number,
  denominator: number,
  target: Target | null,
  { measure = 'share', baseline }: { measure?: Measure | undefined; baseline?: Baseline | undefined } = {},
): FigureState {
  if (denominator === 0) return 'no-data';
  if (target === null) return 'monitor';
  if (target.op === 'not-falling') {
    if (!baseline || baseline.denominator === 0) return 'monitor';
    return numerator * baseline.denominator >= baseline.numerator * denominator ? 'met' : 'not-met';
  }
  const isPlain = measure === 'count' || measure === 'rank';
  return meets(isPlain ? numerator : numerator * 100, isPlain ? target.value : target.value * denominator, target.op) ? 'met' : 'not-met';
}

function meets(left: number, right: number, op: Threshold['op']): boolean {
  switch (op) {
    case '>=':
      return left >= right;
    case '>':
      return left > right;
    case '=':
      return left === right;
    case '<=':
      return left <= right;
  }
}

/** The value that people read: per cent or points, or the count or rank itself; null where there is no denominator. */
export function valueOf(numerator: number, denominator: number, measure: Measure = 'share'): number | null {
  if (denominator === 0) return null;
  return measure === 'count' || measure === 'rank' ? numerator : (numerator * 100) / denominator;
}

/** `<indicator>.<rule>.<unit>.<period>`, the name of a figure in paths; none of the parts has a dot. */
export function figureId(figure: { indicator: string; rule: string; unit: string; period: string }): string {
  return [figure.indicator, figure.rule, figure.unit, figure.period].join('.');
}

export function parseFigureId(id: string): { indicator: string; rule: string; unit: string; period: string } | undefined {
  const [indicator, rule, unit, period, ...rest] = id.split('.');
  if (!indicator || !rule || !unit || !period || rest.length > 0) return undefined;
  return { indicator, rule, unit, period };
}
