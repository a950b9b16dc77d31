import { Injectable } from '@nestjs/common';
import { type FiledCount } from '@par/contracts';
import { Database, type Transaction } from '@par/service-kit';
import { type Filing, fingerprint } from './delivery.ts';

/** Why a message did not go through. */
export interface Cause {
  code: string;
  text: string;
}

export interface RetryRow extends Filing {
  id: number;
  attempt: number;
}

/**
 * Messages that wait for another try or were given up, in PostgreSQL: written before the broker's message is acknowledged. A message
 * that the broker delivers again is filed once (by content).
 */
@Injectable()
export class FiledMessages {
  constructor(private readonly database: Database) {}

  async retryLater(tx: Transaction, queue: string, filing: Filing, attempt: number, delaySeconds: number, cause: Cause): Promise<void> {
    await tx.query(
      `INSERT INTO messaging.retry (queue, fingerprint, origin, type, unit, day, body, attempt, due_at, cause_code, cause)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(secs => $9), $10, $11)
       ON CONFLICT (queue, fingerprint) DO NOTHING`,
      [
        queue,
        fingerprint(filing.body),
        filing.origin,
        filing.type,
        filing.unit,
        filing.day,
        filing.body,
        attempt,
        delaySeconds,
        cause.code,
        cause.text,
      ],
    );
  }

  async giveUp(tx: Transaction, queue: string, filing: Filing, attempt: number, cause: Cause): Promise<void> {
    await tx.query(
      `INSERT INTO messaging.dead_letter (queue, fingerprint, origin, type, unit, day, body, attempt, cause_code, cause)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (queue, fingerprint) DO NOTHING`,
      [queue, fingerprint(filing.body), filing.origin, filing.type, filing.unit, filing.day, filing.body, attempt, cause.code, cause.text],
    );
  }

  /** Locks messages that are due; other consumers pass over them. */
  async claimDue(tx: Transaction, queue: string, limit: number, onlyId?: number): Promise<RetryRow[]> {
    return tx.query<RetryRow>(
      `SELECT id, origin, type, unit, day::text AS day, body, attempt FROM messaging.retry
       WHERE queue = $1 AND due_at <= now() AND ($3::bigint IS NULL OR id = $3) ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
      [queue, limit, onlyId ?? null],
    );
  }

  async delay(tx: Transaction, id: number, attempt: number, delaySeconds: number, cause: Cause): Promise<void> {
    await tx.query(
      `UPDATE messaging.retry SET attempt = $2, due_at = now() + make_interval(secs => $3), cause_code = $4, cause = $5 WHERE id = $1`,
      [id, attempt, delaySeconds, cause.code, cause.text],
    );
  }

  async drop(tx: Transaction, ids: readonly number[]): Promise<void> {
    if (ids.length > 0) await tx.query('DELETE FROM messaging.retry WHERE id = ANY($1::bigint[])', [ids]);
  }

  async waiting(): Promise<FiledCount[]> {
    return this.database.query<FiledCount>(
      `SELECT queue, origin, type, unit, day::text AS day, count(*)::int AS count FROM messaging.retry GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`,
    );
  }

  async dead(): Promise<(FiledCount & { cause: string })[]> {
    return this.database.query<FiledCount & { cause: string }>(
      `SELECT queue, origin, type, unit, day::text AS day, cause_code AS cause, count(*)::int AS count
       FROM messaging.dead_letter GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`,
    );
  }
}
