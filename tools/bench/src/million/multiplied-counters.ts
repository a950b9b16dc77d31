import type pg from 'pg';
import { markOf } from './copied-rows.ts';

/** Notes how the counters stand before any dossier is counted: what was declared and published is not copied. */
export async function noteCounters(client: pg.Client): Promise<void> {
  await client.query('CREATE TABLE bench_counter_before AS SELECT indicator, rule, unit, month, numerator, denominator FROM counter');
}

/**
 * Adds to every counter what its dossiers gave, `copies` times more, with a ledger row each as counting writes it; where a dossier's event is the last one of
 * a counter, that of its last copy is now. So counter = Σ ledger = Σ contributions = recount holds as before.
 */
export async function multiplyCounters(client: pg.Client, copies: number): Promise<void> {
  await client.query(
    `WITH more AS (
       SELECT c.indicator, c.rule, c.unit, c.month,
              (c.numerator - coalesce(b.numerator, 0)) * $1::bigint AS numerator, (c.denominator - coalesce(b.denominator, 0)) * $1::bigint AS denominator,
              EXISTS (SELECT FROM contribution AS o WHERE o.unit = c.unit AND o.month = c.month AND o.decided_source = c.last_source AND o.decided_id = c.last_id
                      AND o.subject LIKE 'case:%') AS last_is_copied
       FROM counter AS c LEFT JOIN bench_counter_before AS b USING (indicator, rule, unit, month)
     ), moved AS (
       UPDATE counter AS c SET numerator = c.numerator + more.numerator, denominator = c.denominator + more.denominator, revision = c.revision + 1,
              last_id = CASE WHEN more.last_is_copied THEN $2 || c.last_id ELSE c.last_id END, counted_at = now()
       FROM more WHERE (c.indicator, c.rule, c.unit, c.month) = (more.indicator, more.rule, more.unit, more.month)
         AND (more.numerator <> 0 OR more.denominator <> 0)
       RETURNING c.indicator, c.rule, c.unit, c.month, c.rule_version, c.revision, c.counted_at, more.numerator AS n, more.denominator AS d
     )
     INSERT INTO ledger (indicator, rule, unit, month, rule_version, numerator_delta, denominator_delta, revision, counted_at)
     SELECT indicator, rule, unit, month, rule_version, n, d, revision, counted_at FROM moved`,
    [copies, markOf(copies)],
  );
}
