import { setTimeout as pause } from 'node:timers/promises';
import { QUEUES } from '@par/contracts';
import { connect, type ChannelModel } from 'amqplib';
import { DOORS, type City } from './city.ts';

const EVERY_MS = 2_000;
const OVERSIZED = 6 * 1024 * 1024;
const CONFIRMED_WITHIN_MS = 10_000;

/** Calls that a door has to refuse as a whole, each with the status that it has to give. */
const BAD_CALLS: readonly { name: string; status: number; headers: Record<string, string>; body: () => string }[] = [
  { name: 'not JSON', status: 400, headers: { 'content-type': 'application/cloudevents+json' }, body: () => '{"specversion": "1.0", ' },
  { name: 'no batch', status: 400, headers: { 'content-type': 'application/cloudevents-batch+json' }, body: () => '{"events": []}' },
  { name: 'oversized', status: 413, headers: { 'content-type': 'application/cloudevents+json' }, body: () => 'x'.repeat(OVERSIZED) },
  { name: 'another media type', status: 415, headers: { 'content-type': 'text/xml' }, body: () => '<xml/>' },
  {
    name: 'an unknown key',
    status: 401,
    headers: { 'content-type': 'application/cloudevents+json', authorization: 'Bearer chaos' },
    body: () => '{}',
  },
];

/** Messages that no consumer can read: each has to become one dead letter, however often it is delivered. */
const BAD_MESSAGES: readonly ((number: number) => string)[] = [
  (number) => `not JSON ${number}`,
  (number) => JSON.stringify({ chaos: number }),
  (number) =>
    JSON.stringify({
      specversion: '1.0',
      id: String(number),
      source: 'urn:chaos',
      type: 'vn.par.chaos.happened.v1',
      subject: 'chaos',
      time: '2021-03-01T01:00:00.000Z',
      unit: 'hue',
      received: '2021-03-01T01:00:00.000Z',
      data: {},
    }),
];

/** Queues of our own events, by service; what is put on a door's queue instead is refused and leaves nothing behind. */
const EVENT_QUEUES = QUEUES.filter(({ bindings }) => bindings.some(({ exchange }) => exchange !== 'par.ingress'));

/** Sends what must not be taken, now and then, past the load: bad calls to the doors, unreadable messages to the queues. */
export class Poison {
  /** Distinct unreadable messages that the broker confirmed, by service: so many dead letters there have to be. */
  readonly messages = new Map<string, number>();
  readonly wrong: string[] = [];
  calls = 0;
  #stopped = false;
  #running: Promise<unknown> | undefined;

  constructor(
    private readonly city: City,
    private readonly amqpUrl: () => string,
  ) {}

  start(): void {
    this.#running = Promise.all([this.#calls(), this.#messages()]);
  }

  /** Finishes what is on its way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #calls(): Promise<void> {
    for (let n = 0; !this.#stopped; n++) {
      const door = DOORS[n % DOORS.length]!;
      const call = BAD_CALLS[n % BAD_CALLS.length]!;
      const replicas = this.city.of(door);
      const answer = await fetch(`${replicas[n % replicas.length]!.url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.city.key}`, ...call.headers },
        body: call.body(),
        signal: AbortSignal.timeout(10_000),
      }).catch(() => undefined);
      // A door that is away or busy is asked again with another call; one that answers must refuse just so.
      if (answer && answer.status < 500) {
        this.calls += 1;
        if (answer.status !== call.status) this.wrong.push(`${door} answered ${answer.status} to ${call.name}, not ${call.status}`);
      }
      await answer?.arrayBuffer().catch(() => undefined);
      await pause(EVERY_MS / 4);
    }
  }

  async #messages(): Promise<void> {
    for (let n = 0; !this.#stopped; n++) {
      const { name, service } = EVENT_QUEUES[n % EVENT_QUEUES.length]!;
      const body = BAD_MESSAGES[n % BAD_MESSAGES.length]!(n);
      // Published again until it is confirmed: the same words, so it stays one dead letter.
      while (!(await publish(this.amqpUrl(), name, body))) {
        if (this.#stopped) await pause(500);
        else await pause(EVERY_MS);
      }
      this.messages.set(service, (this.messages.get(service) ?? 0) + 1);
      await pause(EVERY_MS);
    }
  }
}

/** Whether the broker confirmed it in time. */
async function publish(url: string, queue: string, body: string): Promise<boolean> {
  let connection: ChannelModel | undefined;
  const tried = (async (): Promise<boolean> => {
    connection = await connect(url, { timeout: 5_000 });
    connection.on('error', () => undefined);
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => undefined);
    return new Promise((answer) => {
      channel.once('close', () => answer(false));
      const properties = { persistent: true, appId: 'chaos', contentType: 'application/cloudevents+json' };
      channel.sendToQueue(queue, Buffer.from(body), properties, (error: unknown) => answer(!error));
    });
    // The broker is what the run does things to: it is asked again.
  })().catch(() => false);
  const confirmed = await Promise.race([tried, pause(CONFIRMED_WITHIN_MS, false)]);
  // A broker that dies now never answers to this either, so nobody waits for it.
  connection?.close().catch(() => undefined);
  return confirmed;
}
