import { type Moment } from './case-view.ts';

/** What a rule says of one subject: a contribution to one unit and month, with the reasons why something is not in the numerator. */
export interface Verdict {
  /** The moment that decides the month. */
  moment: Moment;
  unit: string;
  numerator: number;
  denominator: number;
  reasons: string[];
}

/** A subject that is in the denominator once, and in the numerator where it counts. */
export function verdict(unit: string, moment: Moment, reasons: string[]): Verdict {
  return { moment: { at: moment.at, event: moment.event }, unit, numerator: reasons.length === 0 ? 1 : 0, denominator: 1, reasons };
}
