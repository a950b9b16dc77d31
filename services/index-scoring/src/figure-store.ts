import { Injectable } from '@nestjs/common';
import { textArray, type Transaction } from '@par/service-kit';
import { type Part, patternsOf, type Slots } from './contribution-parts.ts';
import { type CounterChange } from './figure-changes.ts';
import { type KeptEvent } from './kept-event.ts';

/** A counter as it stands after a change: its numerator and denominator are whole, not differences. */
export interface ChangedCounter extends Omit<CounterChange, 'last' | 'lost'> {
  revision: number;
  lastSource: string;
  lastId: string;
  lastTime: Date;
}

/** A subject's row: its set of events, and the fingerprint of what it gave when it was judged last. */
export interface SubjectRow {
  events: KeptEvent[];
  judged: string;
}

/** Parts of a subject that have to be written, by their place in it; from `length` on there are none any more. */
export interface PartChange {
  subject: string;
  length: number;
  /** It had more before. */
  shrinks: boolean;
  written: { place: number; part: Part }[];
}

const NEWER = `(excluded.last_time, excluded.last_source COLLATE "C", excluded.last_id COLLATE "C") > (c.last_time, c.last_source COLLATE "C", c.last_id COLLATE "C")`;

/** The set-based SQL of counting: each method is one statement for a whole batch. Rows are touched in key order by every process. */
@Injectable()
export class FigureStore {
  /** Makes the rows of subjects that are new, locks all of them in key order, and returns what each has. */
  async lockSubjects(tx: Transaction, sortedKeys: readonly string[]): Promise<Map<string, SubjectRow>> {
    // Made before any is locked: who meets a new subject at the same moment waits here, and nobody waits in a ring.
    tx.send(
      `INSERT INTO subject (key, events) SELECT key, '[]' FROM unnest($1::text[]) AS k(key) ORDER BY key COLLATE "C" ON CONFLICT (key) DO NOTHING`,
      [sortedKeys],
    );
    const rows = await tx.query<SubjectRow & { key: string }>(
      `SELECT key, events, judged FROM subject WHERE key = ANY($1::text[]) ORDER BY key COLLATE "C" FOR UPDATE`,
      [sortedKeys],
    );
    return new Map(rows.map(({ key, ...row }) => [key, row]));
  }

  /** Writes the sets of subjects, and the fingerprints of those that were judged. */
  saveSubjects(tx: Transaction, subjects: ReadonlyMap<string, readonly KeptEvent[]>, judged: ReadonlyMap<string, string>): void {
    if (subjects.size === 0) return;
    tx.send(
      `UPDATE subject SET events = s.events::json, judged = coalesce(s.judged, subject.judged)
       FROM unnest($1::text[], $2::text[], $3::text[]) AS s(key, events, judged) WHERE subject.key = s.key`,
      [
        [...subjects.keys()],
        textArray([...subjects.values()].map((events) => JSON.stringify(events))),
        [...subjects.keys()].map((key) => judged.get(key) ?? null),
      ],
    );
  }

  /** Writes fingerprints alone: of subjects whose set stands. */
  saveJudged(tx: Transaction, judged: ReadonlyMap<string, string>): void {
    if (judged.size === 0) return;
    tx.send(`UPDATE subject SET judged = s.judged FROM unnest($1::text[], $2::text[]) AS s(key, judged) WHERE subject.key = s.key`, [
      [...judged.keys()],
      [...judged.values()],
    ]);
  }

  /** Notes subjects that were counted while figures are rebuilt beside. One that is noted already is locked: whoever takes it waits for what is counted here. */
  noteDirty(tx: Transaction, keys: readonly string[]): void {
    tx.send(
      `INSERT INTO rebuild_dirty (subject) SELECT key FROM unnest($1::text[]) AS k(key) ORDER BY key COLLATE "C"
       ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject`,
      [keys],
    );
  }

  /** Takes subjects off the note; without a limit, all of them. What was counted of them has committed when this returns, so it is read by what comes after. */
  async takeDirty(tx: Transaction, limit: number | null): Promise<string[]> {
    const rows = await tx.query<{ subject: string }>(
      `DELETE FROM rebuild_dirty WHERE subject IN (SELECT subject FROM rebuild_dirty ORDER BY subject COLLATE "C" LIMIT $1 FOR UPDATE) RETURNING subject`,
      [limit],
    );
    return rows.map(({ subject }) => subject);
  }

  /** What subjects give to figures as it stands, in order of the parts. */
  async parts(tx: Transaction, subjects: readonly string[]): Promise<Map<string, Part[]>> {
    const rows = await tx.query<Part & { subject: string }>(
      `SELECT subject, unit, month, to_char(decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "decidedAt",
              decided_source AS "decidedSource", decided_id AS "decidedId", verdicts
       FROM contribution WHERE subject = ANY($1::text[]) ORDER BY subject, part`,
      [subjects],
    );
    const bySubject = new Map<string, Part[]>();
    for (const { subject, ...part } of rows) {
      const others = bySubject.get(subject);
      if (others) others.push(part);
      else bySubject.set(subject, [part]);
    }
    return bySubject;
  }

  saveParts(tx: Transaction, changes: readonly PartChange[]): void {
    const shorter = changes.filter(({ shrinks }) => shrinks);
    if (shorter.length > 0) {
      tx.send(
        `DELETE FROM contribution AS c USING unnest($1::text[], $2::int[]) AS g(subject, length) WHERE c.subject = g.subject AND c.part >= g.length`,
        [shorter.map(({ subject }) => subject), shorter.map(({ length }) => length)],
      );
    }
    const rows = changes.flatMap(({ subject, written }) => written.map((one) => ({ subject, ...one })));
    if (rows.length === 0) return;
    tx.send(
      `INSERT INTO contribution (subject, part, unit, month, decided_at, decided_source, decided_id, verdicts)
       SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[])
       ON CONFLICT (subject, part) DO UPDATE SET unit = excluded.unit, month = excluded.month, decided_at = excluded.decided_at,
         decided_source = excluded.decided_source, decided_id = excluded.decided_id, verdicts = excluded.verdicts`,
      [
        rows.map((r) => r.subject),
        rows.map((r) => r.place),
        rows.map((r) => r.part.unit),
        rows.map((r) => r.part.month),
        rows.map((r) => r.part.decidedAt),
        rows.map((r) => r.part.decidedSource),
        rows.map((r) => r.part.decidedId),
        rows.map((r) => r.part.verdicts),
      ],
    );
  }

  /**
   * Moves the counters, writes a ledger row for each that moves, and returns those as they stand now. The last event of a counter is the newest that decides
   * something in it: where that one was lost, it is looked up again. The contributions of the change are written before this.
   */
  async moveCounters(tx: Transaction, changes: readonly CounterChange[], slots: Slots, now: Date): Promise<ChangedCounter[]> {
    if (changes.length === 0) return [];
    const counters = await tx.query<ChangedCounter & { moved: boolean; bereft: boolean }>(
      `WITH change AS (
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::timestamptz[],
                              $11::text[], $12::text[], $13::timestamptz[])
           WITH ORDINALITY AS c(indicator, rule, unit, month, rule_version, numerator, denominator, last_source, last_id, last_time, lost_source, lost_id, lost_time, position)
       ), moved AS (
         INSERT INTO counter AS c (indicator, rule, unit, month, rule_version, numerator, denominator, revision, last_source, last_id, last_time, counted_at)
         SELECT indicator, rule, unit, month, rule_version, numerator, denominator, 1, last_source, last_id, coalesce(last_time, '-infinity'), $14
         FROM change ORDER BY position
         ON CONFLICT (indicator, rule, unit, month) DO UPDATE SET
           rule_version = excluded.rule_version,
           numerator = c.numerator + excluded.numerator, denominator = c.denominator + excluded.denominator,
           revision = c.revision + (CASE WHEN excluded.numerator = 0 AND excluded.denominator = 0 THEN 0 ELSE 1 END),
           counted_at = CASE WHEN excluded.numerator = 0 AND excluded.denominator = 0 THEN c.counted_at ELSE greatest(c.counted_at, excluded.counted_at) END,
           last_source = CASE WHEN ${NEWER} THEN excluded.last_source ELSE c.last_source END,
           last_id = CASE WHEN ${NEWER} THEN excluded.last_id ELSE c.last_id END,
           last_time = greatest(c.last_time, excluded.last_time)
         RETURNING *
       ), written AS (
         INSERT INTO ledger (indicator, rule, unit, month, rule_version, numerator_delta, denominator_delta, revision, counted_at)
         SELECT m.indicator, m.rule, m.unit, m.month, m.rule_version, change.numerator, change.denominator, m.revision, $14
         FROM moved AS m JOIN change USING (indicator, rule, unit, month) WHERE change.numerator <> 0 OR change.denominator <> 0
       )
       SELECT m.indicator, m.rule, m.rule_version AS "ruleVersion", m.unit, m.month, m.numerator, m.denominator, m.revision,
              m.last_source AS "lastSource", m.last_id AS "lastId", m.last_time AS "lastTime",
              (change.numerator <> 0 OR change.denominator <> 0) AS moved,
              (m.last_time = change.lost_time AND m.last_source = change.lost_source AND m.last_id = change.lost_id) IS TRUE AS bereft
       FROM moved AS m JOIN change USING (indicator, rule, unit, month)`,
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
        changes.map((c) => c.lost.source),
        changes.map((c) => c.lost.id),
        changes.map((c) => c.lost.time || null),
        now,
      ],
    );
    const found = await this.findLast(
      tx,
      counters.filter(({ bereft }) => bereft),
      slots,
    );
    return counters
      .filter(({ moved }) => moved)
      .map(({ moved: _moved, bereft: _bereft, ...counter }) => ({ ...counter, ...found.get(placeOf(counter)) }));
  }

  /** Looks up the newest event that decides something in each of some counters, and writes it there. */
  async findLast(
    tx: Transaction,
    counters: readonly Pick<ChangedCounter, 'indicator' | 'rule' | 'unit' | 'month'>[],
    slots: Slots,
  ): Promise<Map<string, Pick<ChangedCounter, 'lastSource' | 'lastId' | 'lastTime'>>> {
    if (counters.length === 0) return new Map();
    const rows = await tx.query<Pick<ChangedCounter, 'indicator' | 'rule' | 'unit' | 'month' | 'lastSource' | 'lastId' | 'lastTime'>>(
      `UPDATE counter AS c SET last_source = f.source, last_id = f.id, last_time = f.at
       FROM (SELECT w.*, coalesce(l.decided_source, '') AS source, coalesce(l.decided_id, '') AS id, coalesce(l.decided_at, '-infinity') AS at
             FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS w(indicator, rule, unit, month, patterns)
             LEFT JOIN LATERAL (
               SELECT decided_at, decided_source, decided_id FROM contribution AS p
               WHERE p.unit = w.unit AND p.month = w.month AND p.verdicts LIKE ANY (string_to_array(w.patterns, '|'))
               ORDER BY decided_at DESC, decided_source DESC, decided_id DESC LIMIT 1
             ) AS l ON true) AS f
       WHERE (c.indicator, c.rule, c.unit, c.month) = (f.indicator, f.rule, f.unit, f.month)
       RETURNING c.indicator, c.rule, c.unit, c.month, c.last_source AS "lastSource", c.last_id AS "lastId", c.last_time AS "lastTime"`,
      [
        counters.map((c) => c.indicator),
        counters.map((c) => c.rule),
        counters.map((c) => c.unit),
        counters.map((c) => c.month),
        counters.map((c) => patternsOf(slots.numbersOf(c.indicator, c.rule), 'any').join('|')),
      ],
    );
    return new Map(rows.map(({ lastSource, lastId, lastTime, ...place }) => [placeOf(place), { lastSource, lastId, lastTime }]));
  }
}

/** Names a counter. */
export function placeOf({ indicator, rule, unit, month }: Pick<ChangedCounter, 'indicator' | 'rule' | 'unit' | 'month'>): string {
  return `${indicator} ${rule} ${unit} ${month}`;
}
