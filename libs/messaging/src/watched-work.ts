import { type QueueName } from '@par/contracts';
import { type Database, following, type HealthResult, type Tracing } from '@par/service-kit';
import { type BatchContext } from './batch-handler.ts';
import { type Handler } from './batch-work.ts';
import { type Delivery } from './delivery.ts';
import { type MessagingMetrics, type QueueLook } from './messaging-metrics.ts';
import { Movement } from './movement.ts';

const ANSWERS_WITHIN_MS = 2_000;

/** A queue's handler with somebody watching: what it does is timed, counted and traced, and its last sign of life is known. */
export class WatchedWork {
  readonly #movement = new Movement();
  /** Batches committed so far. */
  #finished = 0;

  constructor(
    readonly queue: QueueName,
    private readonly metrics: MessagingMetrics,
    private readonly tracing: Tracing,
  ) {
    metrics.expect(queue);
  }

  /**
   * Whether the queue moves: not, when messages have waited for `patienceMs` without one finished batch although the database answers. While
   * it does not, waiting is right, and a restart would mend nothing.
   */
  async moves({ ready, inHand }: QueueLook, patienceMs: number, database: Database): Promise<HealthResult> {
    const stuckMs = this.#movement.look({ isWaiting: ready + inHand > 0, finished: this.#finished, atMs: performance.now() });
    if (stuckMs < patienceMs) return { ok: true };
    const detail = `${this.queue}: ${ready} messages ready, ${inHand} in hand, no batch finished for ${Math.round(stuckMs / 1_000)} s`;
    if (await database.answers(ANSWERS_WITHIN_MS)) return { ok: false, detail };
    return { ok: true, detail: `${detail}; the database does not answer` };
  }

  /** The same handler, watched. What it throws is passed on as it is. */
  around(handler: Handler): Handler {
    return (batch, context) => {
      if (!this.tracing.isOn) return this.#handle(handler, batch, context);
      return this.tracing.run(
        {
          name: `process ${this.queue}`,
          kind: 'consumer',
          ...following(batch.map(({ event }) => event.traceparent)),
          attributes: {
            'messaging.system': 'rabbitmq',
            'messaging.operation.type': 'process',
            'messaging.destination.name': this.queue,
            'messaging.batch.message_count': batch.length,
            'par.event.types': [...new Set(batch.map(({ event }) => event.type))].sort().join(' '),
          },
        },
        () => this.#handle(handler, batch, context),
      );
    };
  }

  /** The work on messages of a front door's queue, whose events the door itself counts and traces. */
  async raw(count: number, work: () => Promise<void>): Promise<void> {
    const began = performance.now();
    await work();
    this.#finished += 1;
    this.metrics.taken(this.queue, count, (performance.now() - began) / 1_000);
  }

  async #handle(handler: Handler, batch: Delivery[], context: BatchContext): Promise<readonly Delivery[]> {
    const began = performance.now();
    try {
      const fresh = await handler(batch, context);
      context.tx.afterCommit(() => {
        this.#finished += 1;
        const seconds = (performance.now() - began) / 1_000;
        this.metrics.finished({ queue: this.queue, seconds, batch, fresh, rejected: context.rejected });
      });
      return fresh;
    } catch (error) {
      this.metrics.failed(this.queue, batch, error);
      throw error;
    }
  }
}
