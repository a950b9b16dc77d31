import { type Transaction } from '@par/service-kit';

interface Pair {
  numerator: number;
  denominator: number;
}

/** A counter that a rebuild leaves other than it was. */
export interface MovedFigure {
  indicator: string;
  rule: string;
  ruleVersion: number;
  unit: string;
  month: string;
  before: Pair;
  after: Pair;
}

/** Compares what the rebuilt contributions add up to with the running counters; only those that differ in value or version of the rule. */
export async function movedFigures(tx: Transaction): Promise<MovedFigure[]> {
  const rows = await tx.query<Omit<MovedFigure, 'before' | 'after'> & { beforeN: number; beforeD: number; afterN: number; afterD: number }>(
    `WITH next AS (
       SELECT indicator, rule, unit, month, max(rule_version) AS rule_version, sum(numerator)::bigint AS numerator, sum(denominator)::bigint AS denominator
       FROM contribution_next GROUP BY indicator, rule, unit, month
     )
     SELECT indicator, rule, unit, month, coalesce(next.rule_version, c.rule_version) AS "ruleVersion",
            coalesce(c.numerator, 0) AS "beforeN", coalesce(c.denominator, 0) AS "beforeD",
            coalesce(next.numerator, 0) AS "afterN", coalesce(next.denominator, 0) AS "afterD"
     FROM next FULL JOIN counter AS c USING (indicator, rule, unit, month)
     WHERE (coalesce(c.numerator, 0), coalesce(c.denominator, 0)) <> (coalesce(next.numerator, 0), coalesce(next.denominator, 0))
        OR (next.rule_version IS NOT NULL AND c.rule_version IS NOT NULL AND next.rule_version <> c.rule_version)
     ORDER BY indicator COLLATE "C", rule COLLATE "C", unit COLLATE "C", month COLLATE "C"`,
  );
  return rows.map(({ beforeN, beforeD, afterN, afterD, ...figure }) => ({
    ...figure,
    before: { numerator: beforeN, denominator: beforeD },
    after: { numerator: afterN, denominator: afterD },
  }));
}
