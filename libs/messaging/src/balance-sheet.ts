import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { balanceDay, isUncounted, type BalanceKey, type BalanceLine, type CloudEvent, type EventIdentity } from '@par/contracts';
import { Database, type Transaction } from '@par/service-kit';

export type Direction = BalanceLine['direction'];

/** A line as it grows within one transaction. */
interface Tally extends Omit<BalanceLine, 'hash'> {
  hash: bigint;
}

/** First 8 bytes of SHA-256 over source, NUL, id, as a signed 64-bit integer; XOR of these does not depend on order. */
export function identityHash({ source, id }: EventIdentity): bigint {
  return createHash('sha256').update(source).update('\0').update(id).digest().readBigInt64BE(0);
}

export function hashToHex(hash: bigint): string {
  return BigInt.asUintN(64, hash).toString(16).padStart(16, '0');
}

/**
 * Counts what a service sends out and takes in, in the very transactions that do so. Control traffic speaks of the sheet itself
 * and is left out of it, or publishing the sheet would change the sheet.
 */
@Injectable()
export class BalanceSheet {
  readonly #open = new WeakMap<Transaction, Map<string, Tally>>();

  readonly #takenLately = new Map<string, { line: BalanceKey; at: number }>();
  #moved = true;

  constructor(private readonly database: Database) {}

  /** Whether this process has moved any line since it was asked last. */
  hasMoved(): boolean {
    const moved = this.#moved;
    this.#moved = false;
    return moved;
  }

  /** A line has to be told of although nothing was counted on it. */
  markMoved(): void {
    this.#moved = true;
  }

  /** Lines on which this process took something in, and then nothing for `stillMs`; each is told once. */
  takeStillLines(stillMs: number): BalanceKey[] {
    const still = [...this.#takenLately].filter(([, { at }]) => Date.now() - at >= stillMs);
    for (const [key] of still) this.#takenLately.delete(key);
    return still.map(([, { line }]) => line);
  }

  add(
    tx: Transaction,
    direction: Direction,
    origin: string,
    events: readonly Pick<CloudEvent, 'source' | 'id' | 'type' | 'unit' | 'received'>[],
  ): void {
    let tallies = this.#open.get(tx);
    if (!tallies) {
      const fresh = new Map<string, Tally>();
      this.#open.set(tx, fresh);
      tx.withCommit(() => this.#write(tx, fresh));
      tallies = fresh;
    }
    for (const event of events) {
      if (isUncounted(event.type)) continue;
      const day = balanceDay(event);
      const key = `${direction} ${origin} ${event.type} ${event.unit} ${day}`;
      let tally = tallies.get(key);
      if (!tally) tallies.set(key, (tally = { direction, origin, type: event.type, unit: event.unit, day, count: 0, hash: 0n }));
      tally.count += 1;
      tally.hash ^= identityHash(event);
    }
  }

  async #write(tx: Transaction, tallies: Map<string, Tally>): Promise<void> {
    if (tallies.size === 0) return;
    // One order of keys for every process, so that two writers never lock each other out.
    const rows = [...tallies.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tally]) => tally);
    await tx.query(
      `INSERT INTO messaging.balance_line AS line (direction, origin, type, unit, day, count, hash)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::bigint[], $7::bigint[])
       ON CONFLICT (direction, origin, type, unit, day)
       DO UPDATE SET count = line.count + excluded.count, hash = line.hash # excluded.hash, revision = line.revision + 1, changed_at = now()`,
      [
        rows.map((r) => r.direction),
        rows.map((r) => r.origin),
        rows.map((r) => r.type),
        rows.map((r) => r.unit),
        rows.map((r) => r.day),
        rows.map((r) => r.count),
        rows.map((r) => r.hash.toString()),
      ],
    );
    tx.afterCommit(() => this.#noteMoved(tallies));
  }

  #noteMoved(tallies: ReadonlyMap<string, Tally>): void {
    this.#moved = true;
    const at = Date.now();
    for (const [key, { direction, origin, type, unit, day }] of tallies) {
      if (direction === 'in') this.#takenLately.set(key, { line: { origin, type, unit, day }, at });
    }
  }

  async lines(): Promise<BalanceLine[]> {
    return this.database.query<BalanceLine>(
      `SELECT direction, origin, type, unit, day::text AS day, count, lpad(to_hex(hash), 16, '0') AS hash
       FROM messaging.balance_line ORDER BY direction, origin, type, unit, day`,
    );
  }
}
