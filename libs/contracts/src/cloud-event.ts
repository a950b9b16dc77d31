import type { EventData, EventType } from './event-types.ts';

/** Name of the agency network a message came over, stamped by the front door from the connection, never by the sender. */
export type Network = 'tslcd' | 'internet';

/** Identity of an event for ever: (`source`, `id`). CloudEvents 1.0, section 3.1.1. */
export interface EventIdentity {
  source: string;
  id: string;
}

/**
 * A CloudEvents 1.0 event in structured JSON mode as it travels over `par.events` and `par.metrics`.
 * All instants are RFC 3339 in UTC with milliseconds once stamped.
 */
export interface CloudEvent<T extends EventType = EventType> extends EventIdentity {
  specversion: '1.0';
  type: T;
  /** The dossier code, work-dossier id, unit id or figure id that the event is about. */
  subject: string;
  /** When it happened, as the source says. */
  time: string;
  datacontenttype: 'application/json';
  /** Internal unit id (resolved by the front door from the sender's unit id or official code at `time`). */
  unit: string;
  /** When the source sent it; absent where the source did not say. */
  sent?: string;
  /** When PAR Ledger took it in; the UTC date of it is the day of the balance sheet. */
  received: string;
  network?: Network;
  traceparent?: string;
  data: EventData[T];
}

/** An event of any type, seen as a union that `switch (event.type)` narrows. */
export type AnyEvent = { [T in EventType]: CloudEvent<T> }[EventType];

/** UTC date (`YYYY-MM-DD`) under which the balance sheet counts an event. */
export function balanceDay(event: Pick<CloudEvent, 'received'>): string {
  return event.received.slice(0, 10);
}

/** Routing key `<noun>.<past-tense>.v<n>.<unit>`. */
export function routingKeyOf(event: Pick<CloudEvent, 'type' | 'unit'>): string {
  return `${event.type.slice('vn.par.'.length)}.${event.unit}`;
}
