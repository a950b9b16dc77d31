import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@par/service-kit';
import { Counter, Gauge, Registry } from 'prom-client';
import { describe } from './broker.ts';
import { Publisher, type Outcome } from './publisher.ts';
import { RelayWatch } from './relay-watch.ts';

/** How long the process that wrote or claimed a row has to publish it before any other relay may. */
export const LEASE_SECONDS = 5;
const SWEEP_EVERY_MS = 1_000;
/** Confirmed rows are marked this much later, many at a time; a crash in between publishes them twice, which their readers notice. */
const MARK_AFTER_MS = 100;
const CLAIM_AT_ONCE = 500;
/** Above this the rows stay in the table only, and the sweep takes them as the broker keeps up: memory stays bounded. */
const MAX_BACKLOG = 20_000;
/** An unroutable message waits this long: its queue has to be declared first. */
const UNROUTABLE_PAUSE_SECONDS = 5;

interface OutboxRow {
  id: number;
  exchange: string;
  /** Routing keys of the message, space between. */
  routingKey: string;
  type: string;
  body: string;
  events: number;
}

/**
 * Takes committed outbox rows to the broker: at once after the commit in the same process, and by a sweep that claims what is left
 * over by anyone (`FOR UPDATE SKIP LOCKED`), so that no row depends on one process or on a leader.
 * Fetch, commit, publish, confirm, delete: nothing is published inside a transaction.
 */
@Injectable()
export class Relay {
  readonly #logger = new Logger('Relay');
  readonly #inHand = new Set<number>();
  readonly #published: Counter;
  #confirmed: number[] = [];
  #deleting: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly publisher: Publisher,
    private readonly watch: RelayWatch,
    registry: Registry,
  ) {
    this.#published = new Counter({
      name: 'par_outbox_published_total',
      help: 'Outbox messages by outcome',
      labelNames: ['outcome'],
      registers: [registry],
    });
    // From the start, so that the first one that comes back is seen to be one more.
    for (const outcome of ['confirmed', 'unroutable', 'failed'] as const) this.#published.inc({ outcome }, 0);
    new Gauge({
      name: 'par_outbox_oldest_unsent_seconds',
      help: 'Age of the oldest message that the broker has not confirmed',
      registers: [registry],
      collect: async function () {
        const rows = await database.query<{ age: number | null }>(
          `SELECT extract(epoch FROM now() - min(created_at))::float8 AS age FROM messaging.outbox`,
        );
        this.set(rows[0]?.age ?? 0);
      },
    });
  }

  async start(): Promise<void> {
    await this.publisher.start(() => this.#sweepSoon(0));
    this.#sweepSoon(SWEEP_EVERY_MS);
  }

  /** Publishes rows that were just committed. With the broker away they stay in the table for the sweep. */
  publish(rows: readonly OutboxRow[]): void {
    if (this.#stopped || !this.publisher.isOpen || this.publisher.backlog > MAX_BACKLOG) return;
    this.watch.handed(rows);
    for (const row of rows) this.#hand(row);
  }

  #hand(row: OutboxRow): void {
    this.#inHand.add(row.id);
    this.publisher.publish(
      { key: String(row.id), exchange: row.exchange, routingKey: row.routingKey, type: row.type, body: row.body, events: row.events },
      (outcome) => this.#settle(row.id, outcome),
    );
  }

  #settle(id: number, outcome: Outcome): void {
    this.#published.inc({ outcome });
    this.watch.settled(id, outcome);
    switch (outcome) {
      case 'confirmed':
        this.#confirmed.push(id);
        this.#deleting ??= this.#deleteConfirmed();
        return;
      case 'unroutable':
        void this.#putBack(id, outcome, UNROUTABLE_PAUSE_SECONDS);
        return;
      case 'failed':
        // The lease runs out by itself and the sweep takes the row again.
        this.#inHand.delete(id);
        return;
    }
  }

  async #deleteConfirmed(): Promise<void> {
    while (this.#confirmed.length > 0) {
      // Let confirms come together: one statement marks all of them.
      await new Promise((done) => setTimeout(done, MARK_AFTER_MS));
      const ids = this.#confirmed;
      this.#confirmed = [];
      try {
        await this.database.query('DELETE FROM messaging.outbox WHERE id = ANY($1::bigint[])', [ids]);
      } catch (error) {
        // Published but not marked: the row will be published again, and its readers know the identity.
        this.#logger.warn(`outbox rows not marked: ${describe(error)}`);
      }
      for (const id of ids) this.#inHand.delete(id);
    }
    this.#deleting = undefined;
  }

  async #putBack(id: number, reason: string, pauseSeconds: number): Promise<void> {
    this.#logger.error(`message ${id} came back: ${reason}; it stays in the outbox`);
    try {
      await this.database.query(
        `UPDATE messaging.outbox SET attempts = attempts + 1, last_error = $2, lease_until = now() + make_interval(secs => $3) WHERE id = $1`,
        [id, reason, pauseSeconds],
      );
    } catch (error) {
      this.#logger.warn(`message ${id} not put back, its lease will run out: ${describe(error)}`);
    }
    this.#inHand.delete(id);
  }

  #sweepSoon(ms: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#sweeping ??= this.#sweep()
        .catch((error: unknown) => this.#logger.warn(`sweep: ${describe(error)}`))
        .finally(() => {
          this.#sweeping = undefined;
          this.#sweepSoon(SWEEP_EVERY_MS);
        });
    }, ms);
  }

  async #sweep(): Promise<void> {
    while (!this.#stopped && this.publisher.isOpen && this.publisher.backlog < CLAIM_AT_ONCE) {
      const rows = await this.database.query<OutboxRow>(
        `UPDATE messaging.outbox AS o SET lease_until = now() + make_interval(secs => $1), attempts = attempts + 1
         FROM (SELECT id FROM messaging.outbox WHERE lease_until < now() AND id <> ALL($3::bigint[])
               ORDER BY lease_until LIMIT $2 FOR UPDATE SKIP LOCKED) AS claimed
         WHERE o.id = claimed.id
         RETURNING o.id, o.exchange, o.routing_key AS "routingKey", o.type, o.body, o.events`,
        [LEASE_SECONDS, CLAIM_AT_ONCE, [...this.#inHand]],
      );
      for (const row of rows) this.#hand(row);
      if (rows.length < CLAIM_AT_ONCE) return;
      await this.publisher.flush(LEASE_SECONDS * 1_000);
    }
  }

  /** Stops sweeping, waits for the broker's answers, and gives rows that are still unsent to the other relays at once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#sweeping;
    await this.publisher.flush(5_000);
    await this.#deleting;
    const left = [...this.#inHand];
    if (left.length > 0) await this.database.query(`UPDATE messaging.outbox SET lease_until = now() WHERE id = ANY($1::bigint[])`, [left]);
  }

  async unsent(): Promise<{ unsent: number; returned: number }> {
    const rows = await this.database.query<{ unsent: number; returned: number }>(
      `SELECT coalesce(sum(events), 0)::int AS unsent, coalesce(sum(events) FILTER (WHERE last_error = 'unroutable'), 0)::int AS returned FROM messaging.outbox`,
    );
    return rows[0] ?? { unsent: 0, returned: 0 };
  }
}
