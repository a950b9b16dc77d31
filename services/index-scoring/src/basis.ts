import { type Organisation, type ProcedureCatalogue, type WorkingCalendar } from '@par/administration';
import { type Plan } from './plan.ts';

/** All that a judgement rests on beside the facts: whose rules, which catalogue, whose calendar. The same basis gives the same figures. */
export interface Basis {
  plan: Plan;
  catalogue: ProcedureCatalogue;
  calendar: WorkingCalendar;
  organisation: Organisation;
}
