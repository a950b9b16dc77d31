import { type Organisation, type ProcedureCatalogue, type WorkingCalendar } from '@par/administration';
import { type Slots } from './contribution-parts.ts';
import { type Plan } from './plan.ts';

/** All that a judgement rests on beside the facts: whose rules, which catalogue, whose calendar. The same basis gives the same figures. */
export interface Basis {
  plan: Plan;
  catalogue: ProcedureCatalogue;
  calendar: WorkingCalendar;
  organisation: Organisation;
}

/** A basis to count by: with the numbers of its figures. */
export interface ScoringBasis extends Basis {
  slots: Slots;
  /** A rebuild runs beside: what is counted has to be noted for it. */
  rebuilding: boolean;
}
