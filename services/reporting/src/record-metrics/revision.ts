import type { CloudEvent } from '@par/contracts';

type FigureChanged = CloudEvent<'vn.par.figure.changed.v1'>;

/** What a batch says of one counter: the newest state in it, and every revision that it carries, ascending. */
export interface FigureUpdate {
  newest: FigureChanged;
  revisions: number[];
}

/** One counter, whatever its revision. The parts cannot contain a space. */
export function counterKey({ unit, data }: Pick<FigureChanged, 'unit' | 'data'>): string {
  return [data.indicator, data.rule, unit, data.period].join(' ');
}

/** Groups a batch by counter, in one order for every consumer. Does not depend on the order of the events or on duplicates. */
export function updatesOf(events: readonly FigureChanged[]): FigureUpdate[] {
  const updates = new Map<string, FigureUpdate>();
  for (const event of events) {
    const key = counterKey(event);
    const update = updates.get(key);
    if (!update) updates.set(key, { newest: event, revisions: [event.data.revision] });
    else {
      if (event.data.revision > update.newest.data.revision) update.newest = event;
      if (!update.revisions.includes(event.data.revision)) update.revisions.push(event.data.revision);
    }
  }
  for (const update of updates.values()) update.revisions.sort((a, b) => a - b);
  return [...updates].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, update]) => update);
}

/**
 * The deliveries of a batch whose revision was not seen before; of a revision that the batch carries twice, the first delivery.
 * `seen` says for each revision of the update whether it had been seen before this batch.
 */
export function firstTimers<D extends { event: FigureChanged }>(
  batch: readonly D[],
  before: readonly { update: FigureUpdate; seen: readonly boolean[] }[],
): D[] {
  const unseen = new Set<string>();
  for (const { update, seen } of before) {
    update.revisions.forEach((revision, index) => {
      if (!seen[index]) unseen.add(`${counterKey(update.newest)} ${revision}`);
    });
  }
  return batch.filter(({ event }) => unseen.delete(`${counterKey(event)} ${event.data.revision}`));
}
