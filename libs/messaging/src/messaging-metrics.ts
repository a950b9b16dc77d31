import { Injectable } from '@nestjs/common';
import { Database, Failure, isDatabaseAway, isTransactionConflict, ScrapedGauges } from '@par/service-kit';
import { Counter, Histogram, Registry } from 'prom-client';
import type { Rejection } from './batch-handler.ts';
import type { Delivery } from './delivery.ts';
import { judge } from './retry-policy.ts';

/** Counting further would cost more than the number is worth: this many is too many. */
const MOST_COUNTED = 100_000;

const ONE_SCRAPE_MS = 500;
const MOST_TIMED = 50;

export interface QueueLook {
  name: string;
  ready: number;
  consumers: number;
  inHand: number;
}

/** A batch as it was committed. */
export interface FinishedBatch {
  queue: string;
  seconds: number;
  batch: readonly Delivery[];
  /** Deliveries whose identity was new. */
  fresh: readonly Delivery[];
  rejected: ReadonlyMap<Delivery, Rejection>;
}

/**
 * How messages leave and arrive, for Prometheus. Labels are queues, outcomes and stable codes: never units, types or subjects, so their number
 * stays small however large the city is. Tables are the service's and not the process's: with several replicas take `max`, not `sum`, of those.
 */
@Injectable()
export class MessagingMetrics {
  readonly #batchEvents: Histogram;
  readonly #batchSeconds: Histogram;
  readonly #criticalTime: Histogram;
  readonly #putAside: Counter;
  readonly #retried: Counter;
  readonly #relayLag: Histogram;

  constructor(
    registry: Registry,
    private readonly gauges: ScrapedGauges,
    private readonly database: Database,
  ) {
    const registers = [registry];
    const perQueue = { labelNames: ['queue'], registers };
    this.#batchEvents = new Histogram({
      ...perQueue,
      name: 'par_batch_events',
      help: 'Events per committed batch',
      buckets: [1, 5, 20, 50, 100, 250, 500, 1_000, 2_000],
    });
    this.#batchSeconds = new Histogram({
      ...perQueue,
      name: 'par_batch_duration_seconds',
      help: 'Time from taking a batch up to its commit',
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    });
    this.#criticalTime = new Histogram({
      ...perQueue,
      name: 'par_critical_time_seconds',
      help: 'Time from the receipt of an event (at the front door, or where it was made) to the commit of what it moves here; of up to 50 events a batch',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600],
    });
    this.#putAside = new Counter({
      name: 'par_messages_put_aside_total',
      help: 'Messages that did not go through: kept for another try, or dead-lettered, by stable code',
      labelNames: ['queue', 'outcome', 'code'],
      registers,
    });
    this.#retried = new Counter({
      ...perQueue,
      name: 'par_messages_retried_total',
      help: 'Further tries of messages that were put aside, taken in or put aside again',
    });
    this.#relayLag = new Histogram({
      name: 'par_relay_lag_seconds',
      help: "Time from the commit of an outbox row to the broker's confirmation, of rows that the committing process published itself",
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers,
    });
    this.#watchTables();
  }

  /** Shows the queues of this service as the broker sees them; they are looked at when the metrics are asked for. */
  watchQueues(lookNow: () => Promise<readonly QueueLook[]>): void {
    // The broker is asked once for the three of them.
    let last: { at: number; look: Promise<readonly QueueLook[]> } | undefined;
    const look = (): Promise<readonly QueueLook[]> => {
      if (!last || performance.now() - last.at > ONE_SCRAPE_MS) last = { at: performance.now(), look: lookNow() };
      return last.look;
    };
    const value = (name: string, help: string, of: (queue: QueueLook) => number): void =>
      this.gauges.add({
        name,
        help,
        labelNames: ['queue'],
        read: async () => (await look()).map((queue) => ({ labels: { queue: queue.name }, value: of(queue) })),
      });
    value('par_queue_ready_messages', 'Messages that wait at the broker', ({ ready }) => ready);
    value('par_queue_consumers', 'Consumers that the broker sees attached', ({ consumers }) => consumers);
    value('par_queue_in_hand_events', 'Events that this process holds unacknowledged', ({ inHand }) => inHand);
  }

  /** Begins the counters of a queue at zero, so that a rate over them is 0 and not nothing. */
  expect(queue: string): void {
    this.#retried.inc({ queue }, 0);
    for (const outcome of ['retry-later', 'dead-letter']) this.#putAside.inc({ queue, outcome, code: 'service.bug' }, 0);
  }

  finished({ queue, seconds, batch, fresh, rejected }: FinishedBatch): void {
    this.#batchEvents.observe({ queue }, batch.length);
    this.#batchSeconds.observe({ queue }, seconds);
    const now = Date.now();
    // Every event of a small batch, every so many of a large one: measuring must not cost what batches save.
    const step = Math.ceil(fresh.length / MOST_TIMED);
    for (let at = 0; at < fresh.length; at += step)
      this.#criticalTime.observe({ queue }, Math.max(0, now - Date.parse(fresh[at]!.event.received)) / 1_000);
    const again = batch.filter(({ attempt }) => attempt > 0).length;
    if (again > 0) this.#retried.inc({ queue }, again);
    for (const [delivery, error] of rejected) this.#putAsideFor(queue, delivery, error);
  }

  /** Messages of a front door's queue that were answered. */
  taken(queue: string, messages: number, seconds: number): void {
    this.#batchEvents.observe({ queue }, messages);
    this.#batchSeconds.observe({ queue }, seconds);
  }

  /** A batch that was rolled back. Of several messages nothing is known yet: they are tried again in halves. */
  failed(queue: string, batch: readonly Delivery[], error: unknown): void {
    const [delivery, ...others] = batch;
    if (!delivery || others.length > 0 || isDatabaseAway(error) || isTransactionConflict(error)) return;
    this.#putAsideFor(queue, delivery, error);
  }

  /** A message that no handler saw, since it could not be read. */
  unreadable(queue: string, code: string): void {
    this.#putAside.inc({ queue, outcome: 'dead-letter', code });
  }

  confirmed(secondsSinceCommit: number): void {
    this.#relayLag.observe(secondsSinceCommit);
  }

  #putAsideFor(queue: string, { attempt }: Delivery, error: unknown): void {
    const { kind, code } = judge(error, attempt);
    this.#putAside.inc({ queue, outcome: kind, code: error instanceof Failure ? error.code : code });
  }

  #watchTables(): void {
    const { database, gauges } = this;
    gauges.add({
      name: 'par_outbox_messages',
      help: `Messages in the outbox that the broker has not confirmed, counted up to ${MOST_COUNTED}`,
      read: async () => {
        const [row] = await database.query<{ count: number }>(
          'SELECT count(*)::int AS count FROM (SELECT FROM messaging.outbox LIMIT $1) AS counted',
          [MOST_COUNTED],
        );
        return [{ value: row?.count ?? 0 }];
      },
    });
    gauges.add({
      name: 'par_retry_messages',
      help: 'Messages that wait for another try, by queue and cause',
      labelNames: ['queue', 'cause'],
      read: () => this.#countsOf('retry'),
    });
    gauges.add({
      name: 'par_dead_letter_messages',
      help: 'Messages that were given up and lie in the dead-letter table, by queue and cause',
      labelNames: ['queue', 'cause'],
      read: () => this.#countsOf('dead_letter'),
    });
  }

  async #countsOf(table: 'retry' | 'dead_letter'): Promise<{ labels: { queue: string; cause: string }; value: number }[]> {
    const rows = await this.database.query<{ queue: string; cause: string; count: number }>(
      `SELECT queue, cause_code AS cause, count(*)::int AS count FROM (SELECT queue, cause_code FROM messaging.${table} LIMIT $1) AS counted GROUP BY 1, 2`,
      [MOST_COUNTED],
    );
    return rows.map(({ queue, cause, count }) => ({ labels: { queue, cause }, value: count }));
  }
}
