import { Injectable } from '@nestjs/common';
import { Database } from '@par/service-kit';

/** What one unit has in each column of the form, and what stays out of it. Whole numbers of dossiers. */
export interface UnitCounts {
  city: string;
  unit: string;
  received: number;
  online: number;
  direct: number;
  carriedOver: number;
  done: number;
  early: number;
  onTime: number;
  late: number;
  doneUnclassified: number;
  inProcess: number;
  inTerm: number;
  overdue: number;
  inProcessUnclassified: number;
  onTimeResult: number;
  onTimeRefused: number;
  onTimeWithdrawn: number;
  waiting: number;
  receiptNotKnown: number;
  intakeRefused: number;
}

/** A city with the instants between which its form counts, both of them inside; no `from` where the period has no beginning. */
export interface CountedSpan {
  city: string;
  from: Date | undefined;
  to: Date;
}

/**
 * Reads the form's columns of all units in one statement.
 *
 * A dossier is on the form when it came in by the cut-off and had not ended before the period. An end that is told earlier than the receipt is taken
 * as at the receipt: so every dossier that came in is either done or in process, and 3 = 7 + 11 does not depend on good clocks. Totals are counted
 * for themselves and not added up from their parts, so that the identities can fail.
 */
@Injectable()
export class FormCounts {
  constructor(private readonly database: Database) {}

  async of(spans: readonly CountedSpan[], units: readonly string[] | null): Promise<UnitCounts[]> {
    if (spans.length === 0) return [];
    const starts = spans.map(({ from }) => (from === undefined ? NO_BEGINNING : instant(from)));
    return this.database.query<UnitCounts>(FORM_SQL, [
      spans.map(({ city }) => city),
      starts,
      spans.map(({ to }) => instant(to)),
      units,
      // As texts they sort as they lie in time, `-infinity` first.
      [...starts].sort()[0],
      spans
        .map(({ to }) => instant(to))
        .sort()
        .at(-1),
    ]);
  }
}

const NO_BEGINNING = '-infinity';

/** PostgreSQL knows no year 0. */
function instant(at: Date): string {
  return at.getUTCFullYear() < 1 ? NO_BEGINNING : at.toISOString();
}

const FORM_SQL = `
WITH dossier AS (
  SELECT f.city, f.unit, f.channel, f.due_at, f.ended_as, f.ended_class, f.intake_refused, f.received_at, span.started, span.cut_off,
         f.received_at <= span.cut_off AND NOT f.intake_refused
           AND (f.ended_at IS NULL OR greatest(f.ended_at, f.received_at) >= span.started) AS counts,
         f.ended_at IS NOT NULL AND greatest(f.ended_at, f.received_at) <= span.cut_off AS ended,
         coalesce(f.waiting_since <= span.cut_off, false) AS waits
  FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) AS span(city, started, cut_off)
  JOIN dossier_fact AS f ON f.city = span.city
  -- The earliest start and the latest cut-off of all are known when the statement is planned, so indexes are of use and what came later is left out early.
  WHERE f.city = ANY($1) AND (f.ended_at IS NULL OR f.ended_at >= $5 OR f.received_at >= $5) AND (f.received_at IS NULL OR f.received_at <= $6)
    AND (f.ended_at IS NULL OR f.ended_at >= span.started OR f.received_at >= span.started)
    AND ($4::text[] IS NULL OR f.unit = ANY($4))
), placed AS (
  SELECT *, counts AND (ended OR waits) AS is_done, counts AND NOT ended AND NOT waits AS is_open FROM dossier
)
SELECT city, unit,
  count(*) FILTER (WHERE counts) AS received,
  count(*) FILTER (WHERE counts AND received_at >= started AND channel = 'online') AS online,
  count(*) FILTER (WHERE counts AND received_at >= started AND channel IS DISTINCT FROM 'online') AS direct,
  count(*) FILTER (WHERE counts AND received_at < started) AS "carriedOver",
  count(*) FILTER (WHERE is_done) AS done,
  count(*) FILTER (WHERE is_done AND ended AND ended_class = 'early') AS early,
  count(*) FILTER (WHERE is_done AND (NOT ended OR ended_class = 'on-time')) AS "onTime",
  count(*) FILTER (WHERE is_done AND ended AND ended_class = 'late') AS late,
  count(*) FILTER (WHERE is_done AND ended AND coalesce(ended_class, 'unclassified') = 'unclassified') AS "doneUnclassified",
  count(*) FILTER (WHERE is_open) AS "inProcess",
  count(*) FILTER (WHERE is_open AND due_at >= cut_off) AS "inTerm",
  count(*) FILTER (WHERE is_open AND due_at < cut_off) AS overdue,
  count(*) FILTER (WHERE is_open AND due_at IS NULL) AS "inProcessUnclassified",
  count(*) FILTER (WHERE is_done AND ended AND ended_class = 'on-time' AND ended_as = 'result') AS "onTimeResult",
  count(*) FILTER (WHERE is_done AND ended AND ended_class = 'on-time' AND ended_as = 'refused') AS "onTimeRefused",
  count(*) FILTER (WHERE is_done AND ended AND ended_class = 'on-time' AND ended_as = 'withdrawn') AS "onTimeWithdrawn",
  count(*) FILTER (WHERE is_done AND NOT ended) AS waiting,
  count(*) FILTER (WHERE received_at IS NULL AND NOT intake_refused) AS "receiptNotKnown",
  count(*) FILTER (WHERE intake_refused AND (received_at IS NULL OR received_at BETWEEN started AND cut_off)) AS "intakeRefused"
FROM placed
GROUP BY city, unit
ORDER BY city, unit`;
