import { Logger } from '@nestjs/common';
import { type QueueName } from '@par/contracts';
import { isDatabaseAway, isTransactionConflict } from '@par/service-kit';
import type { ConsumeMessage } from 'amqplib';
import { type Broker, type Channel, describe } from './broker.ts';
import { eventsInMessage } from './pack.ts';

export interface BatchSize {
  /** Events: a batch is closed by the message that reaches this. */
  batch: number;
  /** Messages that the broker gives us ahead of their acknowledgement; a few batches, or the consumer waits for the broker. */
  prefetch: number;
  /** Batches worked at a time: while the database does its part of one, this process does its part of another. The second starts only when it is full. */
  atOnce: number;
}

/**
 * For events of our own, a kilobyte each. A large batch under a backlog has many events of the same dossiers and figures in it, which are then folded
 * and moved once; above some thousands there is little more to gain, and memory to lose. How large a batch is in quiet times the linger decides.
 * A message may be a pack, so what is held at most is prefetch × `MOST_EVENTS_IN_PACK` events.
 */
export const EVENT_BATCHES: BatchSize = { batch: 3_000, prefetch: 400, atOnce: 2 };
/** For what outside senders put on a front door's queue: a message may be megabytes large. */
export const RAW_BATCHES: BatchSize = { batch: 50, prefetch: 100, atOnce: 1 };

/**
 * How long a batch that is not full waits for more, by how many events a second came lately: hardly at all while little comes; longer under load, where a larger
 * batch has more events of the same dossiers and figures in it and costs less each, and where a batch of a few would cost the processor that the next ones need.
 */
const LINGER_MS: readonly { below: number; ms: number }[] = [
  { below: 100, ms: 2 },
  { below: 1_000, ms: 12 },
  { below: 1_500, ms: 100 },
  { below: Infinity, ms: 190 },
];
/** Beside the way of a figure nobody waits for a batch. */
const LINGER_BESIDE_MS: readonly { below: number; ms: number }[] = [
  { below: 20, ms: 3 },
  { below: Infinity, ms: 150 },
];
/** The rate is that of about this long. */
const RATE_OVER_MS = 500;
/** RabbitMQ takes its messages back after 30 minutes without an ack; we let go of them long before. */
const HOLD_AT_MOST_MS = 5 * 60_000;

/** Works a list of messages off, whatever happens to single ones; rejects only when the database is away. */
export type BatchWork = (messages: ConsumeMessage[]) => Promise<void>;

/** A batch whose messages are not acknowledged yet. */
interface Unacknowledged {
  last: ConsumeMessage;
  isSettled: boolean;
}

/** Events a second, lately: each counts less the longer ago it came. */
export class ArrivalRate {
  #sum = 0;
  #at = 0;

  add(events: number, nowMs: number): void {
    this.#sum = this.#decayed(nowMs) + events;
    this.#at = nowMs;
  }

  at(nowMs: number): number {
    return (this.#decayed(nowMs) * 1_000) / RATE_OVER_MS;
  }

  #decayed(nowMs: number): number {
    return this.#sum * Math.exp((this.#at - nowMs) / RATE_OVER_MS);
  }
}

/** @param queue the read model of reporting and the talk about balance sheets come after the figure has moved */
export function lingerAt(eventsPerSecond: number, queue: QueueName): number {
  const steps = queue === 'reporting.record-metrics' || queue.endsWith('.reconcile') ? LINGER_BESIDE_MS : LINGER_MS;
  return steps.find(({ below }) => eventsPerSecond < below)!.ms;
}

/** Takes messages of one queue in micro-batches and acknowledges each batch after its work is committed. */
export class QueueConsumer {
  readonly #logger: Logger;
  #channel: Channel | undefined;
  #buffer: ConsumeMessage[] = [];
  /** Events in the buffer. */
  #events = 0;
  #lingering: NodeJS.Timeout | undefined;
  /** Batches being worked. */
  readonly #working = new Set<Promise<void>>();
  /** Batches of this channel in the order of their messages. */
  #unacknowledged: Unacknowledged[] = [];
  #tag: string | undefined;
  #stopping = false;
  readonly #rate = new ArrivalRate();

  constructor(
    readonly queue: QueueName,
    private readonly broker: Broker,
    private readonly work: BatchWork,
    private readonly size: BatchSize,
  ) {
    this.#logger = new Logger(`consumer ${queue}`);
  }

  async start(): Promise<void> {
    await this.broker.onConnection('consume', async (connection) => {
      if (this.#stopping) return;
      const channel = await connection.createChannel();
      this.#clear();
      this.#channel = channel;
      channel.on('error', (error: Error) => this.#logger.warn(`channel: ${error.message}`));
      // A channel may close while its connection lives on; closing the connection brings the whole way up again.
      channel.on('close', () => {
        if (this.#channel !== channel) return;
        this.#channel = undefined;
        this.#tag = undefined;
        if (!this.#stopping) connection.close().catch((error: unknown) => this.#logger.debug(`close: ${describe(error)}`));
      });
      await channel.prefetch(this.size.prefetch);
      const { consumerTag } = await channel.consume(this.queue, (message) => this.#take(channel, message), { noAck: false });
      this.#tag = consumerTag;
    });
  }

  get isAttached(): boolean {
    return this.#channel !== undefined && this.#tag !== undefined;
  }

  /** Messages ready and consumers attached, as the broker sees them. */
  async look(): Promise<{ ready: number; consumers: number }> {
    if (!this.#channel) return { ready: 0, consumers: 0 };
    const { messageCount, consumerCount } = await this.#channel.checkQueue(this.queue);
    return { ready: messageCount, consumers: consumerCount };
  }

  /** Messages that are here and not yet acknowledged. */
  get inHand(): number {
    return this.#events + this.#working.size;
  }

  #take(channel: Channel, message: ConsumeMessage | null): void {
    if (message === null) {
      // The broker cancelled us (queue deleted or moved): start over.
      this.#logger.warn('consumer cancelled by the broker');
      void channel.close().catch((error: unknown) => this.#logger.debug(`close: ${describe(error)}`));
      return;
    }
    if (channel !== this.#channel || this.#stopping) return;
    this.#buffer.push(message);
    const events = eventsIn(message);
    this.#events += events;
    this.#rate.add(events, performance.now());
    this.#runSoon();
  }

  #runSoon(): void {
    if (this.#buffer.length === 0 || this.#stopping || this.#working.size >= this.size.atOnce) return;
    if (this.#events >= this.size.batch || this.#buffer.length >= this.size.prefetch / 2) this.#run();
    else if (this.#working.size === 0)
      this.#lingering ??= setTimeout(() => this.#run(), lingerAt(this.#rate.at(performance.now()), this.queue));
  }

  #run(): void {
    clearTimeout(this.#lingering);
    this.#lingering = undefined;
    if (this.#buffer.length === 0 || this.#working.size >= this.size.atOnce) return;
    const working = this.#workNext()
      .catch(async (error: unknown) => {
        this.#logger.error(`batch: ${error instanceof Error ? error.stack : String(error)}`);
        // What could not be settled goes back to the broker, whose delivery limit ends it if it never can be.
        await this.#channel?.close().catch((failure: unknown) => this.#logger.debug(`close: ${describe(failure)}`));
      })
      .finally(() => {
        this.#working.delete(working);
        this.#runSoon();
      });
    this.#working.add(working);
    this.#runSoon();
  }

  async #workNext(): Promise<void> {
    const channel = this.#channel;
    const batch = this.#nextBatch();
    const unacknowledged: Unacknowledged = { last: batch.at(-1)!, isSettled: false };
    this.#unacknowledged.push(unacknowledged);
    if (!channel || !(await this.#workOff(channel, batch))) return;
    unacknowledged.isSettled = true;
    if (this.#channel === channel) this.#acknowledge(channel);
  }

  /** Tags are in order, so one ack covers the settled batches that no unsettled one stands before. */
  #acknowledge(channel: Channel): void {
    let last: ConsumeMessage | undefined;
    while (this.#unacknowledged[0]?.isSettled) last = this.#unacknowledged.shift()!.last;
    if (last) channel.ack(last, true);
  }

  #nextBatch(): ConsumeMessage[] {
    let events = 0;
    let messages = 0;
    while (messages < this.#buffer.length && events < this.size.batch) events += eventsIn(this.#buffer[messages++]!);
    this.#events -= events;
    return this.#buffer.splice(0, messages);
  }

  #clear(): void {
    this.#buffer = [];
    this.#events = 0;
    this.#unacknowledged = [];
  }

  /** True when the batch is settled; false when its messages went back to the broker. */
  async #workOff(channel: Channel, batch: ConsumeMessage[]): Promise<boolean> {
    const since = Date.now();
    for (let wait = 50; ; wait = Math.min(wait * 2, 2_000)) {
      try {
        await this.work(batch);
        return true;
      } catch (error) {
        if (!isDatabaseAway(error) && !isTransactionConflict(error)) throw error;
        this.#logger.warn(`waiting for the database: ${describe(error)}`);
      }
      if (this.#stopping || this.#channel !== channel || Date.now() - since > HOLD_AT_MOST_MS) {
        // Unacknowledged messages go back to the queue with the channel. What came over a newer channel since is not ours to drop.
        if (this.#channel === channel) {
          this.#clear();
          await channel.close().catch((error: unknown) => this.#logger.debug(`close: ${describe(error)}`));
        }
        return false;
      }
      await new Promise((done) => setTimeout(done, wait));
    }
  }

  /** Takes no more, finishes the batch in hand, and leaves the rest to the other consumers. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#lingering);
    const channel = this.#channel;
    if (channel && this.#tag !== undefined)
      await channel.cancel(this.#tag).catch((error: unknown) => this.#logger.debug(`cancel: ${describe(error)}`));
    await Promise.all(this.#working);
    this.#clear();
    this.#channel = undefined;
    await channel?.close().catch((error: unknown) => this.#logger.debug(`close: ${describe(error)}`));
  }
}

function eventsIn(message: ConsumeMessage): number {
  return eventsInMessage(message.properties.headers);
}
