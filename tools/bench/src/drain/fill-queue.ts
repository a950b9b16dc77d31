import { type ServiceName } from '@par/contracts';
import { EVENT_COUNT_HEADER, packsOf } from '@par/messaging';
import { type ChannelModel, type ConfirmChannel, connect, type Options } from 'amqplib';
import { type PublishedEvent } from './backlog.ts';

export interface QueuedMessage {
  body: string;
  options: Options.Publish;
}

/** Events that one commit of ours holds under load, which is what shares a message. */
const EVENTS_PER_COMMIT = 500;
const UNCONFIRMED_AT_MOST = 1_000;

/** As the outboxes of our services publish: the events of one commit in few messages, in order, each marked with its sender. */
export function* ourMessages(events: readonly PublishedEvent[]): Generator<QueuedMessage> {
  for (let from = 0; from < events.length; from += EVENTS_PER_COMMIT) {
    const commit = events.slice(from, from + EVENTS_PER_COMMIT);
    for (const origin of new Set(commit.map((each) => each.origin)))
      yield* messagesOf(
        origin,
        commit.filter((each) => each.origin === origin),
      );
  }
}

function* messagesOf(origin: ServiceName, events: readonly PublishedEvent[]): Generator<QueuedMessage> {
  const packs = packsOf(
    events.map(({ event }) => event),
    events.map(({ body }) => body),
  );
  for (const pack of packs) {
    const isSingle = pack.events === 1;
    yield {
      body: pack.body,
      options: {
        appId: origin,
        contentType: `application/cloudevents${isSingle ? '' : '-batch'}+json; charset=utf-8`,
        ...(isSingle ? { type: pack.type } : { headers: { [EVENT_COUNT_HEADER]: pack.events } }),
      },
    };
  }
}

/** One event a message. */
export function* singleMessages(events: readonly PublishedEvent[]): Generator<QueuedMessage> {
  for (const { body, event, origin } of events)
    yield { body, options: { appId: origin, type: event.type, contentType: 'application/cloudevents+json; charset=utf-8' } };
}

/** As NestJS' ClientRMQ emits an event under a pattern. */
export function* nestMessages(events: readonly PublishedEvent[], pattern: string): Generator<QueuedMessage> {
  const name = JSON.stringify(pattern);
  for (const { body } of events) yield { body: `{"pattern":${name},"data":${body}}`, options: {} };
}

/**
 * Lays messages into queues that stand already: persistent, and each confirmed by the broker. Straight into the queue, so that no other queue that is bound to the
 * same events gets a copy.
 */
export class QueueFiller {
  #returned = 0;

  private constructor(
    private readonly connection: ChannelModel,
    private readonly channel: ConfirmChannel,
  ) {
    channel.on('return', () => (this.#returned += 1));
  }

  static async open(amqpUrl: string): Promise<QueueFiller> {
    const connection = await connect(amqpUrl, { noDelay: true });
    return new QueueFiller(connection, await connection.createConfirmChannel());
  }

  /** Returns how many messages it were. @throws where there is no such queue */
  async lay(queue: string, messages: Iterable<QueuedMessage>): Promise<number> {
    let count = 0;
    for (const { body, options } of messages) {
      const sent = { persistent: true, mandatory: true, messageId: String(count), ...options };
      const isOpen = this.channel.publish('', queue, Buffer.from(body), sent);
      count += 1;
      if (count % UNCONFIRMED_AT_MOST === 0) await this.channel.waitForConfirms();
      else if (!isOpen) await drained(this.channel);
    }
    await this.channel.waitForConfirms();
    if (this.#returned > 0) throw new Error(`${this.#returned} messages came back: there is no queue ${queue}`);
    return count;
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

/** Lays messages into one queue. @returns how many */
export async function fillQueue(amqpUrl: string, queue: string, messages: Iterable<QueuedMessage>): Promise<number> {
  const filler = await QueueFiller.open(amqpUrl);
  try {
    return await filler.lay(queue, messages);
  } finally {
    await filler.close();
  }
}

function drained(channel: ConfirmChannel): Promise<void> {
  return new Promise((done) => channel.once('drain', () => done()));
}
