import {
  DOOR_OF,
  type AnyEvent,
  type CorrectionReason,
  type Door,
  type EventData,
  type EventIdentity,
  type SignatureVerdict,
} from '@par/contracts';

/** What every kept event says: its identity, when it happened, whose it is and the balance-sheet day it was taken in. */
interface Kept extends EventIdentity {
  /** Instant in UTC with milliseconds, so that text order is time order. */
  time: string;
  unit: string;
  /** UTC date on which PAR Ledger took the event in. */
  day: string;
}

/** What says no more than that it happened. */
type PlainType =
  | 'vn.par.dossier.supplement-requested.v1'
  | 'vn.par.dossier.paused.v1'
  | 'vn.par.dossier.result-ready.v1'
  | 'vn.par.dossier.returned.v1'
  | 'vn.par.dossier.refused.v1'
  | 'vn.par.dossier.withdrawn.v1'
  | 'vn.par.work-dossier.paper-declared.v1'
  | 'vn.par.work-dossier.completed.v1';

/**
 * An event of a work dossier, cut down to what the fold and the balance sheet need. The work dossier's row keeps the set of
 * them for ever: it is the duplicate memory and the ground that the judgement stands on. All instants are UTC with milliseconds.
 */
export type DossierEvent =
  | (Kept & { type: 'vn.par.dossier.received.v1'; due?: string; procedure?: string; responsible?: string })
  | (Kept & { type: 'vn.par.dossier.supplemented.v1'; due?: string })
  | (Kept & { type: 'vn.par.dossier.resumed.v1'; due?: string })
  | (Kept & { type: 'vn.par.dossier.extended.v1'; due: string })
  | { [T in PlainType]: Kept & { type: T } }[PlainType]
  | (Kept & { type: 'vn.par.work-dossier.opened.v1' } & EventData['vn.par.work-dossier.opened.v1'])
  | (Kept & { type: 'vn.par.work-dossier.step-taken.v1' } & EventData['vn.par.work-dossier.step-taken.v1'])
  | (Kept & { type: 'vn.par.work-dossier.signature-verified.v1'; file: string; verdict: SignatureVerdict })
  | (Kept & {
      type: 'vn.par.dossier.corrected.v1' | 'vn.par.work-dossier.corrected.v1';
      takesBack: EventIdentity;
      reason: CorrectionReason;
    });

export type DossierEventOf<T extends DossierEvent['type']> = Extract<DossierEvent, { type: T }>;
export type StepTaken = DossierEventOf<'vn.par.work-dossier.step-taken.v1'>;
export type Correction = Extract<DossierEvent, { takesBack: EventIdentity }>;

/** Cuts an event down to what is kept, or answers undefined for a type that says nothing of a work dossier. */
export function dossierEventOf(event: AnyEvent): DossierEvent | undefined {
  const kept = {
    source: event.source,
    id: event.id,
    time: utcMilliseconds(event.time),
    unit: event.unit,
    day: event.received.slice(0, 10),
  };
  switch (event.type) {
    case 'vn.par.work-dossier.completed.v1':
    case 'vn.par.work-dossier.paper-declared.v1':
    case 'vn.par.dossier.supplement-requested.v1':
    case 'vn.par.dossier.paused.v1':
    case 'vn.par.dossier.result-ready.v1':
    case 'vn.par.dossier.returned.v1':
    case 'vn.par.dossier.refused.v1':
    case 'vn.par.dossier.withdrawn.v1':
      return { ...kept, type: event.type };
    case 'vn.par.dossier.received.v1': {
      const { procedure, responsible, due } = event.data;
      return { ...kept, type: event.type, ...told({ procedure, responsible, ...dueOf(due) }) };
    }
    case 'vn.par.dossier.supplemented.v1':
    case 'vn.par.dossier.resumed.v1':
      return { ...kept, type: event.type, ...dueOf(event.data.due) };
    case 'vn.par.dossier.extended.v1':
      return { ...kept, type: event.type, due: instantOf(event.data.due) };
    case 'vn.par.work-dossier.opened.v1': {
      const { kind, process, procedure, document, supporting, due, urgency } = event.data;
      return { ...kept, type: event.type, kind, ...told({ process, procedure, document, supporting, urgency, ...dueOf(due) }) };
    }
    case 'vn.par.work-dossier.step-taken.v1': {
      const { step, medium, actor, role, act, signature, file, document } = event.data;
      return { ...kept, type: event.type, step, medium, ...told({ actor, role, act, signature, file, document }) };
    }
    case 'vn.par.work-dossier.signature-verified.v1':
      return { ...kept, type: event.type, file: event.data.file, verdict: event.data.verdict };
    case 'vn.par.dossier.corrected.v1':
    case 'vn.par.work-dossier.corrected.v1': {
      const { source, id, reason } = event.data;
      return { ...kept, type: event.type, takesBack: { source, id }, reason };
    }
    default:
      // Every other type says nothing of a work dossier.
      return undefined;
  }
}

/** The properties that are there, so that what is kept is the same before and after it was stored. */
function told<T extends object>(properties: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function dueOf(due: string | undefined): { due?: string } {
  return due === undefined ? {} : { due: instantOf(due) };
}

const LAST_INSTANT = '9999-12-31T23:59:59.999Z';

/** A due date is written as its source likes, and may lie in a far year for "no date": it is put at the edge of what databases hold. */
function instantOf(due: string): string {
  const text = new Date(due).toISOString();
  if (text.length > LAST_INSTANT.length) return LAST_INSTANT;
  return text < '0001' ? '0001-01-01T00:00:00.000Z' : text;
}

/** The doors write every instant in UTC with milliseconds; another way of writing is brought to that. */
function utcMilliseconds(time: string): string {
  return time.length === '2021-07-05T01:00:00.000Z'.length && time.endsWith('Z') ? time : new Date(time).toISOString();
}

/**
 * Where an event's identity is unique: the front door that took it in, which refuses a second content under it, or this service for what it found itself. Two doors
 * do not know each other's identities, so events are told apart by door and identity.
 */
export function doorOf(event: DossierEvent): Door | 'own' {
  return DOOR_OF[event.type] ?? 'own';
}

export function keyOf(door: Door | 'own', identity: EventIdentity): string {
  return `${door}\n${identity.source}\n${identity.id}`;
}

/** The set with the events that are new to it, and which those are (the first of each identity). */
export function merge(
  known: readonly DossierEvent[],
  arriving: readonly DossierEvent[],
): { events: DossierEvent[]; fresh: DossierEvent[] } {
  const keys = new Set(known.map((event) => keyOf(doorOf(event), event)));
  const fresh = arriving.filter((event) => {
    const key = keyOf(doorOf(event), event);
    if (keys.has(key)) return false;
    keys.add(key);
    return true;
  });
  return { events: [...known, ...fresh], fresh };
}

/** Order of the fold: by time, then by identity, so that it depends on nothing but the set. */
export function inOrder(a: DossierEvent, b: DossierEvent): number {
  return compare(a.time, b.time) || compare(a.source, b.source) || compare(a.id, b.id) || compare(a.type, b.type);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
