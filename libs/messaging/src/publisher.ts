import { Injectable, Inject, Logger } from '@nestjs/common';
import { isMandatory, type ServiceName } from '@par/contracts';
import type { Options } from 'amqplib';
import { Broker, type ConfirmChannel, describe, SERVICE_NAME } from './broker.ts';
import { EVENT_COUNT_HEADER } from './pack.ts';

/** A message ready for the wire. `key` names it to the caller when the broker has answered. */
export interface Outgoing {
  key: string;
  exchange: string;
  /** One or more, space between: a pack goes to every queue bound to one of them. */
  routingKey: string;
  /** Event type; '' of a pack. */
  type: string;
  /** A CloudEvent, or a JSON array of them. */
  body: string;
  events: number;
}

/** `confirmed`: a queue has it on disk. `unroutable`: the broker gave it back. `failed`: not known; publish again. */
export type Outcome = 'confirmed' | 'unroutable' | 'failed';

const MAX_UNCONFIRMED = 1_000;
/**
 * A channel that is told "no" for so long without one "yes" is opened anew: in a cluster whose queue lost its leader at the wrong moment, RabbitMQ 3.10 goes on
 * refusing what comes over a channel that saw it happen.
 */
const REFUSED_AT_MOST_MS = 5_000;
const SINGLE = 'application/cloudevents+json; charset=utf-8';
const BATCH = 'application/cloudevents-batch+json; charset=utf-8';

/**
 * Publishes persistent, mandatory (tasks excepted) and confirmed; the one place where a message leaves the process.
 * At most 1,000 messages are unconfirmed at a time; the rest wait in order.
 */
@Injectable()
export class Publisher {
  readonly #logger = new Logger('Publisher');
  readonly #waiting: { message: Outgoing; settle: (outcome: Outcome) => void }[] = [];
  readonly #returned = new Set<string>();
  #channel: ConfirmChannel | undefined;
  #unconfirmed = new Map<string, (outcome: Outcome) => void>();
  #idle: (() => void)[] = [];
  /** Since when the broker has refused everything; undefined while it takes messages. */
  #refusedSince: number | undefined;
  #reopen: () => void = () => undefined;

  constructor(
    private readonly broker: Broker,
    @Inject(SERVICE_NAME) private readonly service: ServiceName,
  ) {}

  /** Opens the channel at every connection; `onOpen` is called each time it is ready. */
  async start(onOpen: () => void): Promise<void> {
    await this.broker.onConnection('publish', async (connection) => {
      const channel = await connection.createConfirmChannel();
      channel.on('return', (message) => this.#returned.add(String(message.properties.messageId)));
      channel.on('error', (error: Error) => this.#logger.warn(`channel: ${error.message}`));
      channel.on('close', () => this.#lose(channel));
      channel.on('drain', () => this.#pump());
      this.#channel = channel;
      this.#refusedSince = undefined;
      this.#reopen = () => void connection.close().catch((error: unknown) => this.#logger.debug(`close: ${describe(error)}`));
      this.#pump();
      onOpen();
    });
  }

  get isOpen(): boolean {
    return this.#channel !== undefined;
  }

  /** Messages handed over and not yet answered by the broker. */
  get backlog(): number {
    return this.#waiting.length + this.#unconfirmed.size;
  }

  publish(message: Outgoing, settle: (outcome: Outcome) => void): void {
    this.#waiting.push({ message, settle });
    this.#pump();
  }

  /** An answer to one caller: not persistent, not stored; lost when the caller is gone. */
  reply(replyTo: string, correlationId: string | undefined, body: string): void {
    this.#channel?.publish('', replyTo, Buffer.from(body), {
      contentType: 'application/json',
      appId: this.service,
      ...(correlationId === undefined ? {} : { correlationId }),
    });
  }

  /** Resolves when nothing is waiting for the broker's answer, or after `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    if (this.backlog === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      new Promise<void>((done) => this.#idle.push(done)),
      new Promise<void>((done) => {
        timer = setTimeout(done, timeoutMs);
      }),
    ]);
    clearTimeout(timer);
  }

  #pump(): void {
    const channel = this.#channel;
    if (!channel) {
      for (const { settle } of this.#waiting.splice(0)) settle('failed');
      this.#announceIdle();
      return;
    }
    while (this.#waiting.length > 0 && this.#unconfirmed.size < MAX_UNCONFIRMED) {
      const { message, settle } = this.#waiting.shift()!;
      this.#unconfirmed.set(message.key, settle);
      try {
        const [routingKey = '', ...others] = message.routingKey.split(' ');
        channel.publish(message.exchange, routingKey, Buffer.from(message.body), this.#properties(message, others), (error: unknown) => {
          this.#heedRefusal(channel, Boolean(error));
          this.#settle(message.key, error ? 'failed' : 'confirmed');
        });
      } catch (error) {
        this.#logger.warn(`publish: ${describe(error)}`);
        this.#settle(message.key, 'failed');
      }
    }
  }

  #heedRefusal(channel: ConfirmChannel, isRefused: boolean): void {
    if (this.#channel !== channel) return;
    if (!isRefused) this.#refusedSince = undefined;
    else if (this.#refusedSince === undefined) this.#refusedSince = performance.now();
    else if (performance.now() - this.#refusedSince > REFUSED_AT_MOST_MS) {
      this.#logger.warn('the broker refuses every message of this channel: connecting again');
      this.#refusedSince = undefined;
      this.#reopen();
    }
  }

  #properties({ key, type, events, exchange }: Outgoing, otherKeys: string[]): Options.Publish {
    const sent = { persistent: true, mandatory: isMandatory(exchange), messageId: key, appId: this.service };
    if (events === 1) return { ...sent, type, contentType: SINGLE };
    return {
      ...sent,
      contentType: BATCH,
      headers: { [EVENT_COUNT_HEADER]: events },
      ...(otherKeys.length > 0 ? { CC: otherKeys } : {}),
    };
  }

  // The broker sends basic.return before the basic.ack of the same message, so the set is filled by the time we look.
  #settle(key: string, outcome: Outcome): void {
    const settle = this.#unconfirmed.get(key);
    if (!settle) return;
    this.#unconfirmed.delete(key);
    settle(this.#returned.delete(key) && outcome === 'confirmed' ? 'unroutable' : outcome);
    if (this.#waiting.length > 0) this.#pump();
    this.#announceIdle();
  }

  #lose(channel: ConfirmChannel): void {
    if (this.#channel !== channel) return;
    this.#channel = undefined;
    const lost = [...this.#unconfirmed.values()];
    this.#unconfirmed = new Map();
    this.#returned.clear();
    for (const settle of lost) settle('failed');
    this.#pump();
  }

  #announceIdle(): void {
    if (this.backlog > 0) return;
    for (const done of this.#idle.splice(0)) done();
  }
}
