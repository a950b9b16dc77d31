import { balanceDay, type CloudEvent } from '@par/contracts';

type FigureChanged = CloudEvent<'vn.par.figure.changed.v1'>;

/** Revisions of one counter that a batch carries for one day of the balance sheet, ascending and without duplicates. */
export interface Sighting {
  /** One of the events: it names the counter. */
  event: FigureChanged;
  /** UTC date of `received`. */
  day: string;
  revisions: number[];
}

/** One counter, whatever its revision. The parts cannot contain a space. */
export function counterKey({ unit, data }: Pick<FigureChanged, 'unit' | 'data'>): string {
  return [data.indicator, data.rule, unit, data.period].join(' ');
}

/** The newest event of each counter in a batch, in one order for every consumer. */
export function newestOf(events: readonly FigureChanged[]): FigureChanged[] {
  const newest = new Map<string, FigureChanged>();
  for (const event of events) {
    const key = counterKey(event);
    const held = newest.get(key);
    if (!held || held.data.revision < event.data.revision) newest.set(key, event);
  }
  return inKeyOrder(newest);
}

/** What a batch shows of each counter and day. Does not depend on the order of the events or on duplicates. */
export function sightingsOf(events: readonly FigureChanged[]): Sighting[] {
  const sightings = new Map<string, Sighting>();
  for (const event of events) {
    const key = sightingKey(event);
    const sighting = sightings.get(key);
    if (!sighting) sightings.set(key, { event, day: balanceDay(event), revisions: [event.data.revision] });
    else if (!sighting.revisions.includes(event.data.revision)) sighting.revisions.push(event.data.revision);
  }
  for (const sighting of sightings.values()) sighting.revisions.sort((a, b) => a - b);
  return inKeyOrder(sightings);
}

/** A sighting with, for each of its revisions, whether that had been seen before this batch. */
export interface CheckedSighting extends Sighting {
  seen: boolean[];
}

/** The deliveries of a batch whose event was not seen before; of an event that the batch carries twice, the first delivery. */
export function firstTimers<D extends { event: FigureChanged }>(batch: readonly D[], sightings: readonly CheckedSighting[]): D[] {
  const unseen = new Set<string>();
  for (const { event, revisions, seen } of sightings) {
    revisions.forEach((revision, index) => {
      if (!seen[index]) unseen.add(`${sightingKey(event)} ${revision}`);
    });
  }
  return batch.filter(({ event }) => unseen.delete(`${sightingKey(event)} ${event.data.revision}`));
}

function sightingKey(event: FigureChanged): string {
  return `${counterKey(event)} ${balanceDay(event)}`;
}

function inKeyOrder<T>(byKey: ReadonlyMap<string, T>): T[] {
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
