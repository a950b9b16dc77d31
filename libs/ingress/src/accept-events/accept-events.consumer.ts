import { Controller, Inject, type Type } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { type Door, type QueueName } from '@par/contracts';
import { RawBatchContext, RawBatchHandler, type RawDelivery } from '@par/messaging';
import { type EventResult, summaryOf } from '../event-result.ts';
import { FRONT_DOOR, type FrontDoor } from '../front-door.ts';
import { type Judgement, refuseSecret } from '../judgement.ts';
import { type MessageFault, readMessage, type ReadMessage } from '../message.ts';
import { NetworkStamp } from '../network-stamp.ts';
import { type Producer } from '../producer.ts';
import { ProducerKeys } from '../producer-keys.ts';
import { type RefusalCode } from '../refusal.ts';
import { AcceptEvents } from './accept-events.handler.ts';

/**
 * The front door on AMQP: messages that producers publish to exchange `par.ingress`, one CloudEvent or a batch each, key in the header
 * `authorization`. Answered on `replyTo` where given, with what HTTP would have answered. Refusals are counted and never dead-lettered.
 */
export abstract class AcceptMessages {
  constructor(
    private readonly events: AcceptEvents,
    private readonly keys: ProducerKeys,
    private readonly stamp: NetworkStamp,
    private readonly frontDoor: FrontDoor,
  ) {}

  protected async acceptAll(batch: RawDelivery[], context: RawBatchContext): Promise<void> {
    // Together, so that the group commit joins them; every one is waited for before any error is told, lest one is answered twice.
    const settled = await Promise.allSettled(batch.map((delivery) => this.#accept(delivery, context)));
    for (const { reason } of settled.filter((s) => s.status === 'rejected')) throw reason;
  }

  async #accept(delivery: RawDelivery, context: RawBatchContext): Promise<void> {
    const headers = Object.fromEntries(Object.entries(delivery.headers).map(([name, value]) => [name.toLowerCase(), value]));
    const producer = await this.keys.knownProducerOf(headers.authorization);
    const message = producer && this.#read(delivery, headers);
    const results = await this.#results(message, producer, delivery);
    context.reply(delivery, message?.ok && !message.batch ? results[0] : { results, summary: summaryOf(results) });
  }

  #read(delivery: RawDelivery, headers: Record<string, unknown>): ReadMessage | MessageFault {
    const { limits } = this.frontDoor;
    if (delivery.body.length > limits.maxBytes) return { ok: false, status: 413, code: 'request.too-large' };
    // Every header of a message is the sender's own, so all but the key are looked at for secrecy marks.
    const own = Object.entries(headers).filter(([name]) => name !== 'authorization' && name !== 'content-encoding');
    const shown = Object.fromEntries(own.map(([name, value]) => [name.startsWith('ce-') ? name : `x-${name}`, value]));
    return readMessage(
      { contentType: delivery.contentType ?? 'application/cloudevents+json', body: delivery.body.toString('utf8'), headers: shown },
      limits,
    );
  }

  #results(
    message: ReadMessage | MessageFault | undefined,
    producer: Producer | undefined,
    { userId }: RawDelivery,
  ): Promise<EventResult[]> {
    if (!producer || !message) return this.events.refuseAll([refuseWhole('producer.unknown-key')]);
    if (!message.ok) return this.events.refuseAll([message.code === 'secrecy.marked' ? refuseSecret() : refuseWhole(message.code)]);
    return this.events.accept(message, producer, this.stamp.ofBrokerUser(userId));
  }
}

function refuseWhole(code: RefusalCode): Judgement {
  return { kind: 'refused', refusal: { code }, tallySource: '', tallyUnit: '' };
}

/** The consumer of a door's queue. A decorator names its queue when the class is made, so each door has a class of its own. */
export function consumerOf(door: Door): Type<AcceptMessages> {
  const queue = `${door}.ingress` as const satisfies QueueName;

  @Controller()
  class AcceptMessagesConsumer extends AcceptMessages {
    constructor(events: AcceptEvents, keys: ProducerKeys, stamp: NetworkStamp, @Inject(FRONT_DOOR) frontDoor: FrontDoor) {
      super(events, keys, stamp, frontDoor);
    }

    @RawBatchHandler(queue)
    async accept(@Payload() batch: RawDelivery[], @Ctx() context: RawBatchContext): Promise<void> {
      await this.acceptAll(batch, context);
    }
  }
  return AcceptMessagesConsumer;
}
