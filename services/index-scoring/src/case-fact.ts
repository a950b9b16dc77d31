import { type AnyEvent, type Channel, type CloudEvent, DOOR_OF, type EventIdentity, type Network } from '@par/contracts';

/** An event as a subject's row keeps it: what is needed to fold again, and its identity. */
export type KeptEvent = Pick<AnyEvent, 'source' | 'id' | 'type' | 'time' | 'unit' | 'received' | 'data'> & { network?: Network };

/** Where and when something happened, with the event that says so. */
export interface Moment {
  at: string;
  unit: string;
  event: EventIdentity;
}

/** What is known of a dossier (hồ sơ TTHC) and of the work dossier that belongs to it, whatever order its events came in. */
export interface CaseFact {
  received?: Moment & { channel: Channel; due?: string; onlineLevel?: number };
  resultReady?: Moment;
  returned?: Moment & { channel?: Channel };
  /** Judgement of edocument-workflow with the highest revision, where the work dossier is closed. */
  closed?: Moment & { processedOnline: boolean; reasons: string[] };
  /** Messages of the dossier and of its work dossier that came from outside, and how many of them over the dedicated network. */
  messages: number;
  messagesOnTslcd: number;
}

type Kept<T extends AnyEvent['type']> = KeptEvent & Pick<CloudEvent<T>, 'type' | 'data'>;

function isType<T extends AnyEvent['type']>(event: KeptEvent, type: T): event is Kept<T> {
  return event.type === type;
}

/**
 * What tells events apart. A front door refuses a second content under an identity, but two doors do not know each other's identities: a
 * source that numbers what it posts to each door from 1 must not lose the second of them.
 */
export function identityKey({ source, id, type }: EventIdentity & { type: AnyEvent['type'] }): string {
  return `${DOOR_OF[type] ?? 'published'}\0${source}\0${id}`;
}

/** Order of a fold: by when it happened, then by identity. Arrival has no part in it. */
function byTimeThenIdentity(a: KeptEvent, b: KeptEvent): number {
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

/**
 * Folds the set of a subject's events to its fact. A pure function of the set: order of arrival and duplicates cannot matter.
 * Where a moment is told more than once, the earliest untaken-back telling holds.
 */
export function foldCase(events: readonly KeptEvent[]): CaseFact {
  const takenBack = new Set<string>();
  for (const event of events) {
    if (isType(event, 'vn.par.dossier.corrected.v1') || isType(event, 'vn.par.work-dossier.corrected.v1'))
      // A correction takes back an event of its own front door.
      takenBack.add(identityKey({ ...event.data, type: event.type }));
  }
  const fact: CaseFact = { messages: 0, messagesOnTslcd: 0 };
  let judgement: Kept<'vn.par.work-dossier.closed.v1'> | undefined;
  let completion: Kept<'vn.par.work-dossier.completed.v1'> | undefined;
  for (const event of [...events].sort(byTimeThenIdentity)) {
    if (event.network !== undefined) {
      fact.messages += 1;
      if (event.network === 'tslcd') fact.messagesOnTslcd += 1;
    }
    if (takenBack.has(identityKey(event))) continue;
    if (isType(event, 'vn.par.dossier.received.v1')) fact.received ??= { ...momentOf(event), ...event.data };
    else if (isType(event, 'vn.par.dossier.result-ready.v1')) fact.resultReady ??= momentOf(event);
    else if (isType(event, 'vn.par.dossier.returned.v1')) fact.returned ??= { ...momentOf(event), ...event.data };
    else if (isType(event, 'vn.par.work-dossier.completed.v1')) completion ??= event;
    else if (isType(event, 'vn.par.work-dossier.closed.v1') && event.data.revision > (judgement?.data.revision ?? 0)) judgement = event;
  }
  if (judgement?.data.state === 'closed' && judgement.data.completedAt !== undefined) {
    const { completedAt, processedOnline, reasons } = judgement.data;
    // The completion is what the department said; a judgement's own number depends on the order in which steps came.
    const told = completion?.time === completedAt ? completion : judgement;
    fact.closed = {
      at: completedAt,
      unit: judgement.unit,
      event: { source: told.source, id: told.id },
      processedOnline,
      reasons: [...reasons].sort(),
    };
  }
  return fact;
}

function momentOf(event: KeptEvent): Moment {
  return { at: event.time, unit: event.unit, event: { source: event.source, id: event.id } };
}

/** When a dossier was finished: its result was ready or, where nobody said so, when it was returned. */
export function finishOf(fact: CaseFact): Moment | undefined {
  return fact.resultReady ?? fact.returned;
}
