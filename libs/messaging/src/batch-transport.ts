import { Injectable, Logger } from '@nestjs/common';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { type QueueName } from '@par/contracts';
import {
  Database,
  Environment,
  errorText,
  Health,
  type HealthResult,
  isDatabaseAway,
  isTransactionConflict,
  Tracing,
} from '@par/service-kit';
import type { ConsumeMessage } from 'amqplib';
import { isObservable, lastValueFrom } from 'rxjs';
import { BatchContext, RawBatchContext } from './batch-handler.ts';
import { type Handler, BatchWork } from './batch-work.ts';
import { BalanceSheet } from './balance-sheet.ts';
import { Broker } from './broker.ts';
import { CheckpointPublisher } from './publish-checkpoints.timer.ts';
import { type Delivery, readRaw } from './delivery.ts';
import { FiledMessages } from './filed-messages.ts';
import { Heartbeat } from './heartbeat.ts';
import { MessagingMetrics, type QueueLook } from './messaging-metrics.ts';
import { Publisher } from './publisher.ts';
import { EVENT_BATCHES, QueueConsumer, RAW_BATCHES } from './queue-consumer.ts';
import { Relay } from './relay.ts';
import { WatchedWork } from './watched-work.ts';

const RETRY_EVERY_MS = 500;
/** A handler finishes in seconds; a queue that stands still for this long will not go on by itself. */
const STALLED_AFTER_SECONDS = 120;

type NestHandler = (payload: unknown, context: unknown) => Promise<unknown>;

/**
 * Nest's transport for this house: controllers mark a method with `@BatchHandler(queue)` and get batches. It also owns the order of
 * stopping: take no more messages, finish those in hand, publish what is committed, hang up.
 */
@Injectable()
export class BatchTransport extends Server implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;
  readonly #logger = new Logger('BatchTransport');
  readonly #consumers: QueueConsumer[] = [];
  readonly #works: BatchWork[] = [];
  readonly #watched: WatchedWork[] = [];
  readonly #patienceMs: number;
  #retryTimer: NodeJS.Timeout | undefined;
  #retrying: Promise<void> | undefined;
  #closed = false;

  constructor(
    private readonly broker: Broker,
    private readonly publisher: Publisher,
    private readonly relay: Relay,
    private readonly database: Database,
    private readonly filed: FiledMessages,
    private readonly sheet: BalanceSheet,
    private readonly checkpoints: CheckpointPublisher,
    private readonly heartbeat: Heartbeat,
    private readonly metrics: MessagingMetrics,
    private readonly tracing: Tracing,
    environment: Environment,
    health: Health,
  ) {
    super();
    this.#patienceMs = environment.integer('STALLED_AFTER_SECONDS', STALLED_AFTER_SECONDS, { min: 1, max: 3_600 }) * 1_000;
    metrics.watchQueues(() => this.#queuesSeen());
    // Not ready until the broker has our consumers attached; not alive when a message no longer goes round, or when messages wait and none is worked off.
    health.register({ name: 'consumers', kind: 'ready', check: () => this.#consumersAttached() });
    health.register({ name: 'broker', kind: 'live', check: () => Promise.resolve(this.heartbeat.state()) });
    health.register({ name: 'moving', kind: 'live', check: () => this.#moving() });
  }

  listen(callback: (...optional: unknown[]) => unknown): void {
    void this.#start().then(() => callback(), callback);
  }

  async #start(): Promise<void> {
    await this.relay.start();
    for (const [pattern, handler] of this.messageHandlers) {
      const queue = pattern as QueueName;
      const isRaw = (handler.extras as { raw?: boolean } | undefined)?.raw === true;
      this.#consumers.push(isRaw ? this.#rawConsumer(queue, handler as NestHandler) : this.#batchConsumer(queue, handler as NestHandler));
    }
    for (const consumer of this.#consumers) await consumer.start();
    await this.heartbeat.start();
    this.checkpoints.start();
    this.#retrySoon();
  }

  #batchConsumer(queue: QueueName, nestHandler: NestHandler): QueueConsumer {
    const handler: Handler = async (batch: Delivery[], context: BatchContext) => (await valueOf(nestHandler(batch, context))) as Delivery[];
    const work = new BatchWork(queue, this.#watch(queue).around(handler), this.database, this.filed, this.sheet, this.metrics);
    this.#works.push(work);
    return new QueueConsumer(queue, this.broker, (messages) => work.settle(messages), EVENT_BATCHES);
  }

  #rawConsumer(queue: QueueName, nestHandler: NestHandler): QueueConsumer {
    const watched = this.#watch(queue);
    const settle = (messages: readonly ConsumeMessage[]): Promise<void> => this.#settleRaw(queue, nestHandler, messages);
    return new QueueConsumer(queue, this.broker, (messages) => watched.raw(messages.length, () => settle(messages)), RAW_BATCHES);
  }

  #watch(queue: QueueName): WatchedWork {
    const watched = new WatchedWork(queue, this.metrics, this.tracing);
    this.#watched.push(watched);
    return watched;
  }

  /**
   * Messages from outside may carry what must never be stored (promise 7), so a message that a bug keeps from being judged is answered and
   * let go, and nothing of it is filed: its sender was never told that it was accepted.
   */
  async #settleRaw(queue: QueueName, handler: NestHandler, messages: readonly ConsumeMessage[]): Promise<void> {
    const deliveries = messages.map(readRaw);
    const context = new RawBatchContext();
    try {
      await valueOf(handler(deliveries, context));
    } catch (error) {
      if (isDatabaseAway(error) || isTransactionConflict(error)) throw error;
      if (messages.length > 1) {
        const middle = messages.length >> 1;
        await this.#settleRaw(queue, handler, messages.slice(0, middle));
        await this.#settleRaw(queue, handler, messages.slice(middle));
        return;
      }
      this.#logger.error(`${queue}: a message could not be judged: ${error instanceof Error ? error.name : 'error'}`);
      context.reply(deliveries[0]!, { result: 'refused', code: 'service.bug' });
    }
    for (const { to, body } of context.replies) {
      if (to.replyTo !== undefined) this.publisher.reply(to.replyTo, to.correlationId, JSON.stringify(body));
    }
  }

  #retrySoon(): void {
    if (this.#closed || this.#works.length === 0) return;
    this.#retryTimer = setTimeout(() => {
      this.#retrying = this.#retryAll().finally(() => {
        this.#retrying = undefined;
        this.#retrySoon();
      });
    }, RETRY_EVERY_MS);
  }

  async #retryAll(): Promise<void> {
    for (const work of this.#works) {
      try {
        await work.retryDue();
      } catch (error) {
        this.#logger.warn(`retries wait: ${errorText(error)}`);
      }
    }
  }

  async #consumersAttached(): Promise<{ ok: boolean; detail?: string }> {
    if (!this.broker.isConnected('publish')) return { ok: false, detail: 'not connected to publish' };
    for (const consumer of this.#consumers) {
      if (!consumer.isAttached) return { ok: false, detail: `${consumer.queue}: not attached` };
      if ((await consumer.look()).consumers === 0) return { ok: false, detail: `${consumer.queue}: the broker sees no consumer` };
    }
    return { ok: true };
  }

  /** @throws while the broker is away: nothing seen is not nothing there. */
  async #queuesSeen(): Promise<QueueLook[]> {
    if (this.#consumers.some(({ isAttached }) => !isAttached)) throw new Error('the broker is away');
    return this.queues();
  }

  /** While the broker is away nothing can be said of its queues: that is the matter of `consumers`. */
  async #moving(): Promise<HealthResult> {
    if (this.#consumers.some(({ isAttached }) => !isAttached)) return { ok: true, detail: 'not attached, connecting again' };
    const queues = await this.queues();
    for (const watched of this.#watched) {
      const look = queues.find(({ name }) => name === watched.queue);
      const state = look ? await watched.moves(look, this.#patienceMs, this.database) : { ok: true };
      if (!state.ok || state.detail !== undefined) return state;
    }
    return { ok: true };
  }

  /** The queues of this service as the broker sees them; `inHand` is what this process holds unacknowledged. */
  async queues(): Promise<QueueLook[]> {
    return Promise.all(
      this.#consumers.map(async (consumer) => ({ name: consumer.queue, ...(await consumer.look()), inHand: consumer.inHand })),
    );
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    await this.checkpoints.stop();
    this.heartbeat.stop();
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    await this.#retrying;
    await this.relay.stop();
    await this.broker.close();
  }

  on(): void {
    throw new Error('this transport emits no events');
  }

  unwrap<T>(): T {
    return this.broker as T;
  }
}

async function valueOf(returned: Promise<unknown>): Promise<unknown> {
  const value = await returned;
  return isObservable(value) ? lastValueFrom(value, { defaultValue: undefined }) : value;
}
