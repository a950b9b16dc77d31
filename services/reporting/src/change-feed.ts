import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@par/service-kit';
import { type PublishedLine } from './balance-sheet.ts';

/** A counter of a leaf unit as it stands after a change: the data of the stream's event `figure`. */
export interface ChangedFigure {
  indicator: string;
  rule: string;
  ruleVersion: number;
  unit: string;
  /** `YYYY-MM` or `now`. */
  period: string;
  numerator: number;
  denominator: number;
  revision: number;
  /** ISO instant. */
  countedAt: string;
}

/** Lines of the balance sheet that moved: the data of the stream's event `balance`. */
export interface ChangedBalance {
  lines: PublishedLine[];
}

export type Change = { kind: 'figure'; body: ChangedFigure } | { kind: 'balance'; body: ChangedBalance };

/** A place in the stream: everything at or before it has been read. */
export interface Cursor {
  epoch: string;
  xid: number;
  position: number;
}

export type FeedItem = Change & { cursor: Cursor };

interface FeedRow {
  whole: boolean;
  recorded_xid: number | null;
  position: number | null;
  kind: Change['kind'];
  body: unknown;
}

/**
 * The log of changes behind the stream. Insert order is not commit order: of two transactions the one with the lower position may
 * commit last. So rows are read in the order (writing transaction, position) and only below the oldest transaction still running
 * (`pg_snapshot_xmin`); nothing can ever appear before a place that was read.
 */
@Injectable()
export class ChangeFeed {
  readonly #listeners = new Set<() => void>();

  constructor(private readonly database: Database) {}

  /** Adds changes in the caller's transaction. Readers in this process are woken by its commit; others find it at their next poll. */
  append(tx: Transaction, changes: readonly Change[]): void {
    if (changes.length === 0) return;
    tx.send(`INSERT INTO change_log (kind, body) SELECT * FROM unnest($1::text[], $2::jsonb[])`, [
      changes.map((change) => change.kind),
      changes.map((change) => JSON.stringify(change.body)),
    ]);
    tx.afterCommit(() => {
      for (const wake of this.#listeners) wake();
    });
  }

  /** Calls `wake` after each append of this process, until the returned function is called. */
  onAppended(wake: () => void): () => void {
    this.#listeners.add(wake);
    return () => this.#listeners.delete(wake);
  }

  /** The place right after everything that can be read now. */
  async head(): Promise<Cursor> {
    const [row] = await this.database.query<{ epoch: string; xid: number; position: number }>(
      `SELECT feed.epoch, coalesce(newest.recorded_xid, feed.pruned_xid) AS xid, coalesce(newest.position, feed.pruned_position) AS position
       FROM change_feed feed
       LEFT JOIN LATERAL (
         SELECT recorded_xid, position FROM change_log
         WHERE recorded_xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
         ORDER BY recorded_xid DESC, position DESC LIMIT 1
       ) newest ON true`,
    );
    if (!row) throw new Error('change_feed has no row: the migrations have not run');
    return row;
  }

  /**
   * What of the stream can be seen now, as a text that is another one as soon as more of it can: the place right after all that no transaction can come before, and how
   * many changes lie beyond it.
   */
  async version(): Promise<string> {
    const [row] = await this.database.query<{ version: string }>(
      `SELECT concat_ws('.', feed.epoch, newest.recorded_xid, newest.position,
                (SELECT count(*) FROM change_log WHERE recorded_xid >= edge.xid)) AS version
       FROM change_feed feed
       CROSS JOIN (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xid) AS edge
       LEFT JOIN LATERAL (
         SELECT recorded_xid, position FROM change_log WHERE recorded_xid < edge.xid ORDER BY recorded_xid DESC, position DESC LIMIT 1
       ) newest ON true`,
    );
    if (!row) throw new Error('change_feed has no row: the migrations have not run');
    return row.version;
  }

  /**
   * The next changes after a place, oldest first; or `lost` where the stream cannot go on from there without a gap, because changes after
   * it were pruned or it is a place of another database (one made anew begins a new epoch).
   */
  async after(cursor: Cursor, limit: number): Promise<FeedItem[] | 'lost'> {
    const rows = await this.database.query<FeedRow>(
      `SELECT feed.epoch = $1 AND (feed.pruned_xid, feed.pruned_position) <= ($2::bigint, $3::bigint) AS whole, log.*
       FROM change_feed feed
       LEFT JOIN LATERAL (
         SELECT recorded_xid, position, kind, body FROM change_log
         WHERE (recorded_xid, position) > ($2::bigint, $3::bigint) AND recorded_xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
         ORDER BY recorded_xid, position LIMIT $4
       ) log ON true`,
      [cursor.epoch, cursor.xid, cursor.position, limit],
    );
    if (!rows[0]?.whole) return 'lost';
    return rows.flatMap(({ recorded_xid: xid, position, kind, body }) =>
      xid === null || position === null ? [] : [{ cursor: { epoch: cursor.epoch, xid, position }, ...({ kind, body } as Change) }],
    );
  }

  /** Deletes the oldest changes beyond the newest `keep`, at most `limit` of them; returns how many went. */
  async prune(keep: number, limit: number): Promise<number> {
    return this.database.transaction(async (tx) => {
      const [pruned] = await tx.query<{ count: number }>(
        `WITH kept AS (
           SELECT recorded_xid, position FROM change_log ORDER BY recorded_xid DESC, position DESC OFFSET $1 LIMIT 1
         ), old AS (
           SELECT log.recorded_xid, log.position FROM change_log log, kept
           WHERE (log.recorded_xid, log.position) <= (kept.recorded_xid, kept.position)
             AND log.recorded_xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
           ORDER BY log.recorded_xid, log.position LIMIT $2
         ), gone AS (
           DELETE FROM change_log USING old WHERE change_log.position = old.position RETURNING change_log.recorded_xid, change_log.position
         ), newest AS (
           SELECT recorded_xid, position FROM gone ORDER BY recorded_xid DESC, position DESC LIMIT 1
         ), marked AS (
           UPDATE change_feed SET pruned_xid = newest.recorded_xid, pruned_position = newest.position FROM newest
           WHERE (change_feed.pruned_xid, change_feed.pruned_position) < (newest.recorded_xid, newest.position)
         )
         SELECT count(*) AS count FROM gone`,
        [keep, limit],
      );
      return pruned?.count ?? 0;
    });
  }
}

/** Text of a place, the `id:` of the stream. */
export function formatCursor({ epoch, xid, position }: Cursor): string {
  return `${epoch}.${xid}.${position}`;
}

export function parseCursor(text: string): Cursor | undefined {
  const match = /^([0-9a-f]{12})\.(\d{1,15})\.(\d{1,15})$/.exec(text);
  return match ? { epoch: match[1]!, xid: Number(match[2]), position: Number(match[3]) } : undefined;
}

/** Negative when `a` comes before `b` in the stream. */
export function compareCursors(a: Cursor, b: Cursor): number {
  return a.xid - b.xid || a.position - b.position;
}
