import { type AnyEvent, type CloudEvent, DOOR_OF, type EventIdentity, type Network } from '@par/contracts';

/** An event as a subject's row keeps it: what is needed to fold again, and its identity. */
export type KeptEvent = Pick<AnyEvent, 'source' | 'id' | 'type' | 'time' | 'unit' | 'received' | 'data'> & {
  sent?: string;
  network?: Network;
};

/** A kept event of one type. */
export type Kept<T extends AnyEvent['type']> = KeptEvent & Pick<CloudEvent<T>, 'type' | 'data'>;

export function isType<T extends AnyEvent['type']>(event: KeptEvent, type: T): event is Kept<T> {
  return event.type === type;
}

/** Cuts an event down to what is kept of it. */
export function keptOf({ source, id, type, time, unit, sent, received, network, data }: AnyEvent): KeptEvent {
  return {
    source,
    id,
    type,
    time,
    unit,
    ...(sent === undefined ? {} : { sent }),
    received,
    // No rule reads what is told of a document, and its list of files is long.
    data: type.startsWith('vn.par.document.') ? {} : data,
    ...(network === undefined ? {} : { network }),
  };
}

/**
 * What tells events apart. A front door refuses a second content under an identity, but two doors do not know each other's identities: a
 * source that numbers what it posts to each door from 1 must not lose the second of them.
 */
export function identityKey({ source, id, type }: EventIdentity & { type: AnyEvent['type'] }): string {
  return `${DOOR_OF[type] ?? 'published'}\0${source}\0${id}`;
}

/** Order of a fold: by when it happened, then by identity. Arrival has no part in it. */
export function byTimeThenIdentity(a: Pick<KeptEvent, 'time' | 'source' | 'id'>, b: Pick<KeptEvent, 'time' | 'source' | 'id'>): number {
  return compare(a.time, b.time) || compare(a.source, b.source) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Adds events to a set by identity; returns the new set and those that were not in it. Each identity is kept once. */
export function mergeEvents(known: readonly KeptEvent[], arriving: readonly KeptEvent[]): { events: KeptEvent[]; fresh: KeptEvent[] } {
  const seen = new Set(known.map(identityKey));
  const fresh = arriving.filter((event) => {
    const key = identityKey(event);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return { events: fresh.length === 0 ? [...known] : [...known, ...fresh], fresh };
}
