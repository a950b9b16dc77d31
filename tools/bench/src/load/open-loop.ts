import { setTimeout as pause } from 'node:timers/promises';
import { spreadOf } from '../measure/percentile.ts';
import { DoorClient } from './door-client.ts';
import { type EventLine } from './event-lines.ts';
import { type LoadOrder, monotonicMs, type Pace, type Posted } from './load-order.ts';

/** The instants at which events are to be sent, in milliseconds after the start: known before, whatever the other side does. */
export function intendedAt(index: number, perSecond: number): number {
  return (index * 1000) / perSecond;
}

/** How many events should have been sent by an instant after the start. */
export function dueBy(elapsedMs: number, perSecond: number, total: number): number {
  if (elapsedMs < 0) return 0;
  return Math.min(total, Math.floor((elapsedMs * perSecond) / 1000 + 1e-9) + 1);
}

/**
 * Posts one event per request at fixed instants. An event that finds every connection busy waits, and its time runs from the instant at which it should
 * have been sent, so a server that stalls is charged for all that it held up (no coordinated omission).
 * @param onIntended told the intended instant of each event, in the order of the lines
 */
export async function runOpenLoop(
  order: Pick<LoadOrder, 'doors' | 'headers' | 'from'>,
  pace: Extract<Pace, { kind: 'open' }>,
  lines: readonly EventLine[],
  onIntended: (line: EventLine, at: number) => void,
): Promise<Posted> {
  const total = Math.min(lines.length, Math.floor(pace.perSecond * pace.seconds));
  const free: DoorClient[] = [];
  const clients: DoorClient[] = [];
  const queue: { line: EventLine; at: number }[] = [];
  const times: number[] = [];
  let accepted = 0;
  let inHand = 0;
  let failure: Error | undefined;
  const startedAt = monotonicMs() + 20;
  const pump = (): void => {
    while (queue.length > 0 && (free.length > 0 || clients.length < pace.mostConnections)) {
      const client = free.pop() ?? newClient();
      const { line, at } = queue.shift()!;
      inHand += 1;
      client
        .post({ door: line.door, events: [line.json] }, false)
        .then((count) => {
          accepted += count;
          if (at >= startedAt + pace.warmUpSeconds * 1000) times.push(monotonicMs() - at);
          free.push(client);
        })
        .catch((error: Error) => (failure ??= error))
        .finally(() => {
          inHand -= 1;
          pump();
        });
    }
  };
  const newClient = (): DoorClient => {
    const client = new DoorClient(order);
    clients.push(client);
    return client;
  };
  for (let sent = 0; sent < total && !failure;) {
    const due = dueBy(monotonicMs() - startedAt, pace.perSecond, total);
    for (; sent < due; sent++) {
      const at = startedAt + intendedAt(sent, pace.perSecond);
      onIntended(lines[sent]!, at);
      queue.push({ line: lines[sent]!, at });
    }
    pump();
    await pause(1);
  }
  while ((inHand > 0 || queue.length > 0) && !failure) await pause(5);
  if (failure) throw failure;
  const endedAt = monotonicMs();
  const putOff = clients.reduce((sum, client) => sum + client.putOff, 0);
  for (const client of clients) client.close();
  return { events: total, accepted, putOff, startedAt, endedAt, next: order.from + total, answer: spreadOf(times) };
}
