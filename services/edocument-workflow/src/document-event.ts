import type { AnyEvent, CloudEvent, EventIdentity, EventType } from '@par/contracts';

export type DocumentEventType = Extract<EventType, `vn.par.document.${string}`>;
type Kept<T extends DocumentEventType> = Pick<CloudEvent<T>, 'source' | 'id' | 'type' | 'time' | 'unit' | 'received' | 'data'>;

/**
 * An event of a document, cut down to what the fold and the balance sheet need; times are UTC with milliseconds, so that text order is time order. The document's row keeps
 * the set of them for ever: it is the duplicate memory. Of files it holds what they are, never their content.
 */
export type DocumentEvent<T extends DocumentEventType = DocumentEventType> = T extends DocumentEventType ? Kept<T> : never;

export function isDocumentType(type: string): type is DocumentEventType {
  return type.startsWith('vn.par.document.');
}

/** Cuts an event down to what is kept, or answers undefined for a type that says nothing of a document. */
export function documentEventOf(event: AnyEvent): DocumentEvent | undefined {
  if (!isDocumentType(event.type)) return undefined;
  const { source, id, type, time, unit, received, data } = event;
  return { source, id, type, time: utc(time), unit, received: utc(received), data } as DocumentEvent;
}

/** The door writes every instant in UTC with milliseconds; another way of writing is brought to that. */
function utc(time: string): string {
  return time.length === '2021-07-05T01:00:00.000Z'.length && time.endsWith('Z') ? time : new Date(time).toISOString();
}

/** One text per identity; all events of documents come through one front door, so it tells them apart. NUL stands in no identifier. */
export function identityKey({ source, id }: EventIdentity): string {
  return `${source}\0${id}`;
}

/** The events that a set does not have yet, each identity once. */
export function freshEvents(known: readonly DocumentEvent[], arriving: readonly DocumentEvent[]): DocumentEvent[] {
  const keys = new Set(known.map(identityKey));
  return arriving.filter((event) => {
    const key = identityKey(event);
    if (keys.has(key)) return false;
    keys.add(key);
    return true;
  });
}
