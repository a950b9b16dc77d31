import { Injectable } from '@nestjs/common';
import { type Transaction } from '@par/service-kit';
import { type KeptEvent } from './kept-event.ts';
import { type CaseChange, type CounterChange, placeOf, type StoredContribution } from './figure-changes.ts';

/** A counter as it stands after a change: its numerator and denominator are whole, not differences. */
export interface ChangedCounter extends Omit<CounterChange, 'last'> {
  revision: number;
  lastSource: string;
  lastId: string;
  lastTime: Date;
}

const INSERT_CONTRIBUTIONS = `INSERT INTO {table} (subject, indicator, rule, rule_version, unit, month, numerator, denominator, reasons, decided_at, decided_source, decided_id)
       SELECT subject, indicator, rule, rule_version, unit, month, numerator, denominator, string_to_array(reasons, ' '), decided_at, decided_source, decided_id
       FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::int[], $8::int[], $9::text[], $10::timestamptz[], $11::text[], $12::text[])
         AS c(subject, indicator, rule, rule_version, unit, month, numerator, denominator, reasons, decided_at, decided_source, decided_id)`;

/** Writes contributions of subjects that have none yet in the table of a rebuild. */
export async function addNextContributions(tx: Transaction, written: readonly (StoredContribution & { subject: string })[]): Promise<void> {
  if (written.length > 0) await tx.query(INSERT_CONTRIBUTIONS.replace('{table}', 'contribution_next'), contributionColumns(written));
}

function contributionColumns(written: readonly (StoredContribution & { subject: string })[]): unknown[] {
  return [
    written.map((c) => c.subject),
    written.map((c) => c.indicator),
    written.map((c) => c.rule),
    written.map((c) => c.ruleVersion),
    written.map((c) => c.unit),
    written.map((c) => c.month),
    written.map((c) => c.numerator),
    written.map((c) => c.denominator),
    written.map((c) => c.reasons.join(' ')),
    written.map((c) => c.decidedBy.time),
    written.map((c) => c.decidedBy.source),
    written.map((c) => c.decidedBy.id),
  ];
}

/** The set-based SQL of counting: each method is one statement for a whole batch. Rows are touched in key order by every process. */
@Injectable()
export class FigureStore {
  /** Makes the rows of subjects that are new, locks all of them in key order, and returns the events that each has. */
  async lockSubjects(tx: Transaction, sortedKeys: readonly string[]): Promise<Map<string, KeptEvent[]>> {
    await tx.query(
      `INSERT INTO subject (key, events) SELECT key, '[]' FROM unnest($1::text[]) AS k(key) ORDER BY key COLLATE "C" ON CONFLICT (key) DO NOTHING`,
      [sortedKeys],
    );
    const rows = await tx.query<{ key: string; events: KeptEvent[] }>(
      `SELECT key, events FROM subject WHERE key = ANY($1::text[]) ORDER BY key COLLATE "C" FOR UPDATE`,
      [sortedKeys],
    );
    return new Map(rows.map((row) => [row.key, row.events]));
  }

  async saveSubjects(tx: Transaction, subjects: ReadonlyMap<string, readonly KeptEvent[]>): Promise<void> {
    if (subjects.size === 0) return;
    await tx.query(
      `UPDATE subject SET events = s.events::json FROM unnest($1::text[], $2::text[]) AS s(key, events) WHERE subject.key = s.key`,
      [[...subjects.keys()], [...subjects.values()].map((events) => JSON.stringify(events))],
    );
  }

  /** Notes subjects that were counted while figures are rebuilt beside. */
  async noteDirty(tx: Transaction, keys: readonly string[]): Promise<void> {
    await tx.query('INSERT INTO rebuild_dirty (subject) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [keys]);
  }

  /** Which of the subjects have findings. */
  async withFindings(tx: Transaction, subjects: readonly string[]): Promise<Set<string>> {
    const rows = await tx.query<{ subject: string }>('SELECT DISTINCT subject FROM finding WHERE subject = ANY($1::text[])', [subjects]);
    return new Set(rows.map(({ subject }) => subject));
  }

  async contributions(tx: Transaction, subjects: readonly string[]): Promise<Map<string, StoredContribution[]>> {
    const rows = await tx.query<Omit<StoredContribution, 'decidedBy'> & { subject: string; time: string; source: string; id: string }>(
      `SELECT subject, indicator, rule, rule_version AS "ruleVersion", unit, month, numerator, denominator, reasons,
              to_char(decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS time, decided_source AS source, decided_id AS id FROM contribution WHERE subject = ANY($1::text[])`,
      [subjects],
    );
    const bySubject = new Map<string, StoredContribution[]>();
    for (const { subject, time, source, id, ...row } of rows) {
      const contribution = { ...row, decidedBy: { time, source, id } };
      const others = bySubject.get(subject);
      if (others) others.push(contribution);
      else bySubject.set(subject, [contribution]);
    }
    return bySubject;
  }

  async saveContributions(tx: Transaction, changes: readonly CaseChange[]): Promise<void> {
    const gone = changes.flatMap(({ subject, removed, written }) => {
      const kept = new Set(written.map(placeOf));
      return removed.filter((old) => !kept.has(placeOf(old))).map((old) => ({ subject, ...old }));
    });
    if (gone.length > 0) {
      await tx.query(
        `DELETE FROM contribution AS c USING unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS g(subject, indicator, rule, unit, month)
         WHERE (c.subject, c.indicator, c.rule, c.unit, c.month) = (g.subject, g.indicator, g.rule, g.unit, g.month)`,
        [
          gone.map((c) => c.subject),
          gone.map((c) => c.indicator),
          gone.map((c) => c.rule),
          gone.map((c) => c.unit),
          gone.map((c) => c.month),
        ],
      );
    }
    const written = changes.flatMap(({ subject, written: list }) => list.map((contribution) => ({ subject, ...contribution })));
    if (written.length === 0) return;
    await tx.query(
      `${INSERT_CONTRIBUTIONS.replace('{table}', 'contribution')}
       ON CONFLICT (subject, indicator, rule, unit, month) DO UPDATE SET rule_version = excluded.rule_version,
         numerator = excluded.numerator, denominator = excluded.denominator, reasons = excluded.reasons,
         decided_at = excluded.decided_at, decided_source = excluded.decided_source, decided_id = excluded.decided_id`,
      contributionColumns(written),
    );
  }

  /** Moves the counters, writes a ledger row for each, and returns them as they stand now. */
  async moveCounters(tx: Transaction, changes: readonly CounterChange[], now: Date): Promise<ChangedCounter[]> {
    if (changes.length === 0) return [];
    return tx.query<ChangedCounter>(
      `WITH change AS (
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::timestamptz[])
           WITH ORDINALITY AS c(indicator, rule, unit, month, rule_version, numerator, denominator, last_source, last_id, last_time, position)
       ), moved AS (
         INSERT INTO counter AS c (indicator, rule, unit, month, rule_version, numerator, denominator, revision, last_source, last_id, last_time, counted_at)
         SELECT indicator, rule, unit, month, rule_version, numerator, denominator, 1, last_source, last_id, coalesce(last_time, '-infinity'), $11
         FROM change ORDER BY position
         ON CONFLICT (indicator, rule, unit, month) DO UPDATE SET
           rule_version = excluded.rule_version,
           numerator = c.numerator + excluded.numerator, denominator = c.denominator + excluded.denominator,
           revision = c.revision + 1, counted_at = greatest(c.counted_at, excluded.counted_at),
           last_source = CASE WHEN (excluded.last_time, excluded.last_source, excluded.last_id) > (c.last_time, c.last_source, c.last_id) THEN excluded.last_source ELSE c.last_source END,
           last_id = CASE WHEN (excluded.last_time, excluded.last_source, excluded.last_id) > (c.last_time, c.last_source, c.last_id) THEN excluded.last_id ELSE c.last_id END,
           last_time = greatest(c.last_time, excluded.last_time)
         RETURNING *
       ), written AS (
         INSERT INTO ledger (indicator, rule, unit, month, rule_version, numerator_delta, denominator_delta, revision, counted_at)
         SELECT m.indicator, m.rule, m.unit, m.month, m.rule_version, change.numerator, change.denominator, m.revision, $11
         FROM moved AS m JOIN change USING (indicator, rule, unit, month)
       )
       SELECT indicator, rule, rule_version AS "ruleVersion", unit, month, numerator, denominator, revision,
              last_source AS "lastSource", last_id AS "lastId", last_time AS "lastTime" FROM moved`,
      [
        changes.map((c) => c.indicator),
        changes.map((c) => c.rule),
        changes.map((c) => c.unit),
        changes.map((c) => c.month),
        changes.map((c) => c.ruleVersion),
        changes.map((c) => c.numerator),
        changes.map((c) => c.denominator),
        changes.map((c) => c.last.source),
        changes.map((c) => c.last.id),
        changes.map((c) => c.last.time || null),
        now,
      ],
    );
  }
}
