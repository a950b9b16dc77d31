import { spreadOf } from '../measure/percentile.ts';
import { DoorClient } from './door-client.ts';
import { type EventLine, type Parcel, Parcels } from './event-lines.ts';
import { type LoadOrder, monotonicMs, type Pace, type Posted } from './load-order.ts';

/** Posts on all connections at once, each as fast as it is answered, until the time is over or the events are. */
export async function runClosedLoop(
  order: Pick<LoadOrder, 'doors' | 'headers' | 'from'>,
  pace: Extract<Pace, { kind: 'closed' }>,
  lines: readonly EventLine[],
): Promise<Posted> {
  const asBatch = pace.batch > 1;
  const parcels = new Parcels(lines, pace.batch);
  const clients = Array.from({ length: pace.connections }, () => new DoorClient(order));
  const times: number[] = [];
  let accepted = 0;
  const startedAt = monotonicMs();
  const until = startedAt + pace.seconds * 1000;
  const post = async (client: DoorClient, parcel: Parcel): Promise<void> => {
    const sentAt = monotonicMs();
    // Not `accepted += await …`: that reads the sum before it waits, and loses what the others add meanwhile.
    const taken = await client.post(parcel, asBatch);
    accepted += taken;
    times.push(monotonicMs() - sentAt);
  };
  const work = async (client: DoorClient): Promise<void> => {
    while (monotonicMs() < until) {
      const parcel = parcels.take();
      if (!parcel) return;
      await post(client, parcel);
    }
  };
  await Promise.all(clients.map(work));
  // Batches take from the two doors in turn and so leave a gap behind; the next run begins after it.
  for (const { door, events } of parcels.rest())
    for (let i = 0; i < events.length; i += pace.batch) await post(clients[0]!, { door, events: events.slice(i, i + pace.batch) });
  const endedAt = monotonicMs();
  const putOff = clients.reduce((sum, client) => sum + client.putOff, 0);
  for (const client of clients) client.close();
  const { taken } = parcels;
  return { events: taken, accepted, putOff, startedAt, endedAt, next: order.from + taken, answer: spreadOf(times) };
}
