import { Injectable } from '@nestjs/common';
import { type BalanceKey, type CloudEvent, type EventIdentity, type ReconciliationState } from '@par/contracts';
import { Database, type Transaction } from '@par/service-kit';
import { BalanceSheet } from '../balance-sheet.ts';
import { type TailedLine, tailedLines } from './line-tail.ts';

/** A line whose two sides are not equal by count and hash, as it stands. Hashes are signed 64-bit integers. */
export interface UnequalLine extends BalanceKey {
  sentCount: number;
  sentHash: bigint;
  sentRevision: number;
  takenCount: number;
  takenHash: bigint;
  takenRevision: number;
  round: number;
  /** Both sides have stood still for as long as was asked. */
  still: boolean;
  /** Since when the queue is known to be empty; null where it was not seen so since the line stands still. */
  drainedAt: Date | null;
}

/** How a line goes on after it was looked at. */
export type Outlook =
  { kind: 'wait'; seconds: number } | { kind: 'differs'; drained: boolean; seconds: number } | { kind: 'ask'; seconds: number };

const LINE = 'origin, type, unit, day';
const MOST_SURPLUS_NAMED = 100;

/**
 * Whether a row of `messaging.reconciliation` is a difference to be shown: events are known to be missing, or a first question has changed nothing. A first
 * question alone may only mean that the sender's checkpoint is late.
 */
export const DIFFERS = `open AND differs_since IS NOT NULL AND round > 0 AND (round > 1 OR EXISTS (SELECT FROM messaging.healing AS missing
  WHERE healed_at IS NULL AND (missing.origin, missing.type, missing.unit, missing.day) = (reconciliation.origin, reconciliation.type, reconciliation.unit, reconciliation.day)))`;

/** What a service knows of the lines that others sent it. Each method is one statement or two; the work is shared by row locks. */
@Injectable()
export class LineStore {
  constructor(
    private readonly database: Database,
    private readonly sheet: BalanceSheet,
  ) {}

  /** Keeps the newest checkpoint of each line and has it looked at once it stands still. `events` holds each line once. */
  async hear(tx: Transaction, events: readonly CloudEvent<'vn.par.checkpoint.advanced.v1'>[], stillSeconds: number): Promise<void> {
    await tx.query(
      `INSERT INTO messaging.reconciliation AS known (${LINE}, sent_count, sent_hash, sent_revision, due_at)
       SELECT origin, type, unit, day, count, ('x' || hash)::bit(64)::bigint, revision, now() + make_interval(secs => $8)
       FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::bigint[], $6::text[], $7::bigint[]) AS c(origin, type, unit, day, count, hash, revision)
       ORDER BY origin, type, unit, day
       ON CONFLICT (${LINE}) DO UPDATE SET sent_count = excluded.sent_count, sent_hash = excluded.sent_hash, sent_revision = excluded.sent_revision,
         sent_at = now(), open = true, due_at = excluded.due_at, drained_at = NULL
       WHERE known.sent_revision < excluded.sent_revision`,
      [
        ...columns(events.map(({ unit, data }) => ({ origin: data.origin, type: data.eventType, unit, day: data.day }))),
        events.map(({ data }) => data.count),
        events.map(({ data }) => data.hash),
        events.map(({ data }) => data.revision),
        stillSeconds,
      ],
    );
  }

  /** Opens those of some lines whose own side differs from what was heard; without lines, of all of them. */
  async openUnequal(lines?: readonly BalanceKey[]): Promise<void> {
    const only = lines ? `JOIN unnest($1::text[], $2::text[], $3::text[], $4::date[]) AS asked(${LINE}) USING (${LINE})` : '';
    await this.database.query(
      `INSERT INTO messaging.reconciliation AS known (${LINE})
       SELECT ${LINE} FROM (SELECT * FROM messaging.balance_line WHERE direction = 'in') AS own ${only}
       LEFT JOIN messaging.reconciliation AS heard USING (${LINE})
       WHERE (own.count, own.hash) IS DISTINCT FROM (heard.sent_count, heard.sent_hash) AND heard.open IS NOT TRUE
       ORDER BY 1, 2, 3, 4
       ON CONFLICT (${LINE}) DO UPDATE SET open = true, due_at = now()`,
      lines ? columns(lines) : [],
    );
    if (lines) return;
    // Lines of which nothing at all was taken in have no own row.
    await this.database.query(
      `UPDATE messaging.reconciliation AS known SET open = true, due_at = now()
       WHERE NOT open AND sent_count > 0 AND NOT EXISTS (SELECT FROM messaging.balance_line AS own WHERE own.direction = 'in'
         AND (own.origin, own.type, own.unit, own.day) = (known.origin, known.type, known.unit, known.day))`,
    );
  }

  /** Whether any line is to be looked at; all that is asked at rest. */
  async hasDue(): Promise<boolean> {
    const [row] = await this.database.query<{ due: boolean }>(
      'SELECT EXISTS (SELECT FROM messaging.reconciliation WHERE open AND due_at <= now()) AS due',
    );
    return row?.due === true;
  }

  /** Of the lines that are due: closes those that are equal, and locks and returns some of the others. */
  async takeDue(tx: Transaction, stillSeconds: number, limit: number): Promise<UnequalLine[]> {
    const equal = await tx.query<BalanceKey>(
      `UPDATE messaging.reconciliation AS known SET open = false, differs_since = NULL, drained_at = NULL, round = 0
       FROM (SELECT r.origin, r.type, r.unit, r.day FROM messaging.reconciliation AS r
             LEFT JOIN messaging.balance_line AS own ON own.direction = 'in' AND (own.origin, own.type, own.unit, own.day) = (r.origin, r.type, r.unit, r.day)
             WHERE r.open AND r.due_at <= now() AND (coalesce(own.count, 0), coalesce(own.hash, 0)) = (r.sent_count, r.sent_hash)
             FOR UPDATE OF r SKIP LOCKED) AS equal
       WHERE (known.origin, known.type, known.unit, known.day) = (equal.origin, equal.type, equal.unit, equal.day)
       RETURNING known.origin, known.type, known.unit, known.day::text AS day`,
    );
    if (equal.length > 0) await this.#becameEqual(tx, equal);
    const rows = await tx.query<Omit<UnequalLine, 'sentHash' | 'takenHash'> & { sentHash: string; takenHash: string }>(
      `SELECT r.origin, r.type, r.unit, r.day::text AS day, r.sent_count AS "sentCount", r.sent_hash::text AS "sentHash", r.sent_revision AS "sentRevision",
              coalesce(own.count, 0) AS "takenCount", coalesce(own.hash, 0)::text AS "takenHash", coalesce(own.revision, 0) AS "takenRevision", r.round,
              greatest(r.sent_at, own.changed_at) <= now() - make_interval(secs => $1) AS still, r.drained_at AS "drainedAt"
       FROM messaging.reconciliation AS r
       LEFT JOIN messaging.balance_line AS own ON own.direction = 'in' AND (own.origin, own.type, own.unit, own.day) = (r.origin, r.type, r.unit, r.day)
       WHERE r.open AND r.due_at <= now() ORDER BY r.due_at LIMIT $2 FOR UPDATE OF r SKIP LOCKED`,
      [stillSeconds, limit],
    );
    return rows.map((row) => ({ ...row, sentHash: BigInt(row.sentHash), takenHash: BigInt(row.takenHash) }));
  }

  /** Nothing of these lines is missing any more, and nothing is too much. */
  async #becameEqual(tx: Transaction, lines: readonly BalanceKey[]): Promise<void> {
    const these = `(${LINE}) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::date[]))`;
    const told = [
      ...(await tx.query<BalanceKey>(
        `UPDATE messaging.healing SET healed_at = now() WHERE healed_at IS NULL AND ${these} RETURNING origin, type, unit, day::text AS day`,
        columns(lines),
      )),
      ...(await tx.query<BalanceKey>(
        `DELETE FROM messaging.surplus WHERE ${these} RETURNING origin, type, unit, day::text AS day`,
        columns(lines),
      )),
    ];
    if (told.length > 0) await this.#tellAgain(tx, told);
  }

  /** The line differs by nothing but what waits, was given up, or is surplus and shown as such. */
  async closeExplained(tx: Transaction, line: BalanceKey, waiting: readonly EventIdentity[]): Promise<void> {
    await tx.query(
      `UPDATE messaging.reconciliation SET open = false, differs_since = NULL, drained_at = NULL, round = 0 WHERE (${LINE}) = ($1, $2, $3, $4::date)`,
      values(line),
    );
    await tx.query(
      `UPDATE messaging.healing SET healed_at = now() WHERE healed_at IS NULL AND (${LINE}) = ($1, $2, $3, $4::date)
         AND (source, id) NOT IN (SELECT * FROM unnest($5::text[], $6::text[]))`,
      [...values(line), waiting.map(({ source }) => source), waiting.map(({ id }) => id)],
    );
    await this.#tellAgain(tx, [line]);
  }

  /** The next checkpoint of the own lines tells what stands beside their counts; a line of which nothing was taken in comes into being for it. */
  async #tellAgain(tx: Transaction, lines: readonly BalanceKey[]): Promise<void> {
    await tx.query(
      `INSERT INTO messaging.balance_line AS own (direction, origin, type, unit, day, count, hash)
       SELECT DISTINCT 'in', origin, type, unit, day, 0, 0 FROM unnest($1::text[], $2::text[], $3::text[], $4::date[]) AS l(origin, type, unit, day)
       ORDER BY 1, 2, 3, 4, 5
       ON CONFLICT (direction, origin, type, unit, day) DO UPDATE SET revision = own.revision + 1`,
      columns(lines),
    );
    tx.afterCommit(() => this.sheet.markMoved());
  }

  async goOn(tx: Transaction, line: BalanceKey, outlook: Outlook): Promise<void> {
    const drained = outlook.kind === 'differs' && outlook.drained ? 'coalesce(drained_at, clock_timestamp())' : 'NULL';
    await tx.query(
      `UPDATE messaging.reconciliation SET due_at = now() + make_interval(secs => $5), drained_at = ${drained},
         differs_since = ${outlook.kind === 'wait' ? 'NULL' : 'coalesce(differs_since, now())'}, round = round + ${outlook.kind === 'ask' ? 1 : 0}
       WHERE (${LINE}) = ($1, $2, $3, $4::date)`,
      [...values(line), outlook.seconds],
    );
  }

  /** Revision up to which the sender was heard, and revision of the own line. */
  async revisions(tx: Transaction, line: BalanceKey): Promise<{ sent: number; taken: number }> {
    const [row] = await tx.query<{ sent: number; taken: number }>(
      `SELECT coalesce((SELECT sent_revision FROM messaging.reconciliation WHERE (${LINE}) = ($1, $2, $3, $4::date)), 0) AS sent,
              coalesce((SELECT revision FROM messaging.balance_line WHERE direction = 'in' AND (${LINE}) = ($1, $2, $3, $4::date)), 0) AS taken`,
      values(line),
    );
    return row ?? { sent: 0, taken: 0 };
  }

  /** Notes what is asked for. */
  async noteMissing(tx: Transaction, line: BalanceKey, identities: readonly EventIdentity[]): Promise<void> {
    await tx.query(
      `INSERT INTO messaging.healing (${LINE}, source, id) SELECT $1, $2, $3, $4::date, source, id
       FROM unnest($5::text[], $6::text[]) AS e(source, id) ORDER BY source, id
       ON CONFLICT (${LINE}, source, id) DO UPDATE SET asked_at = now(), healed_at = NULL`,
      [...values(line), identities.map(({ source }) => source), identities.map(({ id }) => id)],
    );
  }

  /** Notes what is too much; returns how many were not known as such. */
  async noteSurplus(tx: Transaction, line: BalanceKey, identities: readonly EventIdentity[]): Promise<number> {
    const rows = await tx.query(
      `INSERT INTO messaging.surplus (${LINE}, source, id) SELECT $1, $2, $3, $4::date, source, id
       FROM unnest($5::text[], $6::text[]) AS e(source, id) ORDER BY source, id ON CONFLICT DO NOTHING RETURNING id`,
      [...values(line), identities.map(({ source }) => source), identities.map(({ id }) => id)],
    );
    // The line may be explained by now: it need not wait for its next turn.
    await tx.query(`UPDATE messaging.reconciliation SET due_at = now() WHERE open AND (${LINE}) = ($1, $2, $3, $4::date)`, values(line));
    return rows.length;
  }

  async surplusOf(tx: Transaction, line: BalanceKey): Promise<EventIdentity[]> {
    return tx.query<EventIdentity>(
      `SELECT source, id FROM messaging.surplus WHERE (${LINE}) = ($1, $2, $3, $4::date) ORDER BY source, id`,
      values(line),
    );
  }

  /** The lines that have something beside their count. */
  async tails(): Promise<TailedLine[]> {
    return tailedLines(this.database);
  }

  /** What the balance sheet shows of it all. */
  async state(): Promise<ReconciliationState> {
    const differences = await this.database.query<ReconciliationState['differences'][number]>(
      `SELECT origin, type, unit, day::text AS day, sent_count AS sent, coalesce(own.count, 0) AS counted,
              to_char(differs_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS since, round AS rounds
       FROM messaging.reconciliation AS reconciliation LEFT JOIN (SELECT ${LINE}, count FROM messaging.balance_line WHERE direction = 'in') AS own USING (${LINE})
       WHERE ${DIFFERS} ORDER BY 1, 2, 3, 4`,
    );
    const healed = await this.database.query<ReconciliationState['healed'][number]>(
      `SELECT origin, type, unit, day::text AS day, count(*)::int AS count FROM messaging.healing WHERE healed_at IS NOT NULL GROUP BY ${LINE} ORDER BY ${LINE}`,
    );
    const surplus = await this.database.query<ReconciliationState['surplus'][number]>(
      `SELECT origin, type, unit, day::text AS day, count(*)::int AS count,
              (array_agg(jsonb_build_object('source', source, 'id', id) ORDER BY source, id))[1:${MOST_SURPLUS_NAMED}] AS identities
       FROM messaging.surplus GROUP BY ${LINE} ORDER BY ${LINE}`,
    );
    return { differences, healed, surplus };
  }
}

function values({ origin, type, unit, day }: BalanceKey): string[] {
  return [origin, type, unit, day];
}

function columns(lines: readonly BalanceKey[]): string[][] {
  return [lines.map((l) => l.origin), lines.map((l) => l.type), lines.map((l) => l.unit), lines.map((l) => l.day)];
}
