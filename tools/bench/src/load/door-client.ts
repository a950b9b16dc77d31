import { setTimeout as pause } from 'node:timers/promises';
import type { Door } from '@par/contracts';
import type { Parcel } from './event-lines.ts';
import { HttpConnection } from './http-connection.ts';
import type { LoadOrder } from './load-order.ts';

const SINGLE = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

/** One sender: a connection to each door, one request at a time. A door that says "later" is asked again, as a sender may do for ever. */
export class DoorClient {
  readonly #connections: Partial<Record<Door, HttpConnection>> = {};
  putOff = 0;

  constructor(private readonly order: Pick<LoadOrder, 'doors' | 'headers'>) {}

  /** How many of the events were accepted as new. @throws where a door refuses the request as a whole */
  async post({ door, events }: Parcel, asBatch: boolean): Promise<number> {
    const connection = (this.#connections[door] ??= await HttpConnection.open(this.order.doors[door], '/v1/events', this.order.headers));
    const body = asBatch ? `[${events.join(',')}]` : events[0]!;
    for (;;) {
      const answer = await connection.post(asBatch ? BATCH : SINGLE, body);
      if (answer.status === 202) return acceptedIn(answer.body);
      if (answer.status !== 503 && answer.status !== 429)
        throw new Error(`${door} answered ${answer.status}: ${answer.body.slice(0, 500)}`);
      this.putOff += 1;
      await pause(answer.retryAfterSeconds * 1000 || 100);
    }
  }

  close(): void {
    for (const connection of Object.values(this.#connections)) connection.close();
  }
}

/** From the answer to one event (`result`) or to several (`summary`); a regular expression, since the answer to a hundred events is long. */
export function acceptedIn(body: string): number {
  const summary = /"summary":\{[^}]*?"accepted":(\d+)/.exec(body)?.[1];
  if (summary !== undefined) return Number(summary);
  return body.includes('"result":"accepted"') ? 1 : 0;
}
