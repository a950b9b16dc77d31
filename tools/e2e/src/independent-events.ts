import { type EventData, type EventType, type ProducerEvent } from '@par/contracts';

/** An event with its instants as epoch milliseconds and its unit as an id. */
export interface Told<T extends EventType = EventType> {
  type: T;
  source: string;
  id: string;
  subject: string;
  unit: string;
  at: number;
  sentAt?: number;
  data: EventData[T];
}

/** What the software of an office itself tells; all else is of the one-stop, or declared. */
export function isOfOffice({ type }: { type: EventType }): boolean {
  return type.startsWith('vn.par.work-dossier.') || type.startsWith('vn.par.document.');
}

/** Each identity once. The two front doors do not know each other's identities. `unitOf` turns an official code into the unit it meant. */
export function toldOnce(events: Iterable<ProducerEvent>, unitOf: (unit: string, at: number) => string): Told[] {
  const known = new Map<string, Told>();
  for (const event of events) {
    const door = isOfOffice(event) ? 'workflow' : 'intake';
    const key = JSON.stringify([door, event.source, event.id]);
    if (known.has(key)) continue;
    const { type, source, id, subject, data } = event;
    const at = Date.parse(event.time);
    known.set(key, {
      type,
      source,
      id,
      subject,
      unit: unitOf(event.unit, at),
      at,
      ...(event.sent === undefined ? {} : { sentAt: Date.parse(event.sent) }),
      data,
    });
  }
  return [...known.values()].sort(inOrder);
}

export function inOrder(a: Told, b: Told): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return 0;
}

export function is<T extends EventType>(event: Told, type: T): event is Told<T> {
  return event.type === type;
}

export function ofType<T extends EventType>(events: readonly Told[], type: T): Told<T>[] {
  return events.filter((event): event is Told<T> => is(event, type));
}

/** Events by subject, each list in the order of the fold. */
export function bySubject(events: readonly Told[]): Map<string, Told[]> {
  const groups = new Map<string, Told[]>();
  for (const event of events) {
    const group = groups.get(event.subject) ?? [];
    group.push(event);
    groups.set(event.subject, group);
  }
  return groups;
}

/** What is left of one subject's events of one family after its corrections: neither what was taken back, nor the corrections. */
export function standing(events: readonly Told[], correctedType: EventType): Told[] {
  const corrections = events.filter((event) => event.type === correctedType);
  const holding = corrections.filter((correction) => holds(correction, corrections, []));
  return events.filter((event) => event.type !== correctedType && !holding.some((correction) => takesBack(correction, event)));
}

function holds(correction: Told, all: readonly Told[], asked: readonly Told[]): boolean {
  const others = all.filter((other) => other !== correction && !asked.includes(other) && takesBack(other, correction));
  return !others.some((other) => holds(other, all, [...asked, correction]));
}

function takesBack(correction: Told, event: Told): boolean {
  const { source, id } = correction.data as { source: string; id: string };
  return event.source === source && event.id === id;
}
