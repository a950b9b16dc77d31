import { IsInt, Matches, Max, Min } from 'class-validator';

/** A year `2021`, a quarter `2021-Q1` or a month `2021-03`. */
export const DECLARED_PERIOD = /^\d{4}(-(Q[1-4]|0[1-9]|1[0-2]))?$/;

/**
 * Work dossiers closed on paper only, as a count per unit and period, typed in by an authorised person: they belong in the denominator of goals 6a and
 * 6b, or a system that sees online dossiers only would always show 100 %. `subject` is the unit. Of one period the latest declaration holds; where
 * months and their quarter or year are declared, the longer period is the total.
 */
export class PaperWorkDeclaredV1 {
  @Matches(DECLARED_PERIOD)
  period: string;

  @IsInt()
  @Min(0)
  @Max(10_000_000)
  count: number;
}
