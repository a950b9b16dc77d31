import { type FigureState, type Target } from '@par/contracts';

/** Holds a figure against its target before any rounding, in integers: 99.996 % does not meet 100 %, and 90 % does not meet "trên 90 %". */
export function stateOf(numerator: number, denominator: number, target: Target | null): FigureState {
  if (denominator === 0) return 'no-data';
  if (target === null) return 'monitor';
  const left = numerator * 100;
  const right = target.value * denominator;
  switch (target.op) {
    case '>=':
      return left >= right ? 'met' : 'not-met';
    case '>':
      return left > right ? 'met' : 'not-met';
    case '=':
      return left === right ? 'met' : 'not-met';
  }
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
