import { type BalanceKey } from '@par/contracts';
import { type Database, type Transaction } from '@par/service-kit';

/** What stands beside the count of a line that a service reads. */
export interface LineTail {
  /** Given up: dead letters. */
  dead: number;
  /** Lost on the way and come once more. */
  healed: number;
  /** Unknown to the sender. */
  surplus: number;
}

export type TailedLine = BalanceKey & LineTail;

/** The lines that have something beside their count; these are few. */
export async function tailedLines(database: Pick<Database | Transaction, 'query'>): Promise<TailedLine[]> {
  return database.query<TailedLine>(
    `SELECT origin, type, unit, day::text AS day, sum(dead)::int AS dead, sum(healed)::int AS healed, sum(surplus)::int AS surplus
     FROM (SELECT origin, type, unit, day, 1 AS dead, 0 AS healed, 0 AS surplus FROM messaging.dead_letter
           UNION ALL SELECT origin, type, unit, day, 0, 1, 0 FROM messaging.healing WHERE healed_at IS NOT NULL
           UNION ALL SELECT origin, type, unit, day, 0, 0, 1 FROM messaging.surplus) AS each
     GROUP BY origin, type, unit, day ORDER BY origin, type, unit, day`,
  );
}

/** One text per line of one direction. */
export function lineText({ origin, type, unit, day }: BalanceKey): string {
  return [origin, type, unit, day].join(' ');
}
