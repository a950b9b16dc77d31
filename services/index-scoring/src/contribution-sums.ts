import { type Transaction } from '@par/service-kit';
import { entriesOf, type FigureSlot, type Slots } from './contribution-parts.ts';

/** What all contributions to a figure of a leaf unit and month add up to. */
export interface FigureSum extends FigureSlot {
  unit: string;
  month: string;
  numerator: number;
  denominator: number;
}

/** Σ of all contributions per figure of a leaf unit and month. Equal verdicts are counted by the database, so that few rows come back. */
export async function contributionSums(tx: Transaction, slots: Slots): Promise<Map<string, FigureSum>> {
  const rows = await tx.query<{ unit: string; month: string; verdict: string; times: number }>(
    `SELECT unit, month, split_part(verdict, ':', 1) AS verdict, count(*)::int AS times
     FROM contribution, string_to_table(substr(verdicts, 2), ' ') AS verdict GROUP BY 1, 2, 3`,
  );
  const sums = new Map<string, FigureSum>();
  for (const { unit, month, verdict, times } of rows) {
    for (const { slot, numerator, denominator } of entriesOf(` ${verdict}`)) {
      const figure = slots.figureOf(slot);
      const key = [figure.indicator, figure.rule, unit, month].join('.');
      const sum = sums.get(key) ?? { ...figure, unit, month, numerator: 0, denominator: 0 };
      sum.ruleVersion = Math.max(sum.ruleVersion, figure.ruleVersion);
      sum.numerator += numerator * times;
      sum.denominator += denominator * times;
      sums.set(key, sum);
    }
  }
  return sums;
}
