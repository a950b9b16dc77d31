import {
  DOOR_OF,
  type AnyEvent,
  type CorrectionReason,
  type Door,
  type EventIdentity,
  type Medium,
  type NotOnlineReason,
  type WorkDossierClosedV1,
} from '@par/contracts';

/** What every kept event says: its identity, when it happened, whose it is and the balance-sheet day it was taken in. */
interface Kept extends EventIdentity {
  /** Instant in UTC with milliseconds, so that text order is time order. */
  time: string;
  unit: string;
  /** UTC date on which PAR Ledger took the event in. */
  day: string;
}

/**
 * An event of a work dossier, cut down to what the fold and the balance sheet need. The work dossier's row keeps the set of
 * them for ever: it is the duplicate memory and the ground that the judgement stands on.
 */
export type DossierEvent =
  | (Kept & { type: 'vn.par.dossier.received.v1' })
  | (Kept & { type: 'vn.par.work-dossier.step-taken.v1'; step: string; medium: Medium; actor?: string })
  | (Kept & { type: 'vn.par.work-dossier.completed.v1' })
  | (Kept & {
      type: 'vn.par.dossier.corrected.v1' | 'vn.par.work-dossier.corrected.v1';
      takesBack: EventIdentity;
      reason: CorrectionReason;
    });

type StepTaken = Extract<DossierEvent, { type: 'vn.par.work-dossier.step-taken.v1' }>;
type Correction = Extract<DossierEvent, { takesBack: EventIdentity }>;

/** What was published last, or would be: the judgement without its revision, and the unit it is counted under. */
export interface Judgement extends Omit<WorkDossierClosedV1, 'revision'> {
  unit: string;
}

/** An event as the timeline shows it. */
export interface TimelineEntry {
  event: DossierEvent;
  /** The correction that took the event back, if any. */
  takenBackBy?: EventIdentity;
}

export interface WorkDossier {
  /** `unopened` while nothing but corrections is known of it, or everything else was taken back. */
  state: 'unopened' | 'open' | 'closed';
  openedAt?: string;
  judgement: Judgement;
  /** When the judgement came to be: the completion, or, where that was taken back, its correction. */
  judgedAt?: string;
  /** Every event in the order of the fold. */
  timeline: TimelineEntry[];
}

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
    case 'vn.par.dossier.received.v1':
    case 'vn.par.work-dossier.completed.v1':
      return { ...kept, type: event.type };
    case 'vn.par.work-dossier.step-taken.v1': {
      const { step, medium, actor } = event.data;
      return { ...kept, type: event.type, step, medium, ...(actor === undefined ? {} : { actor }) };
    }
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

/** The doors write every instant in UTC with milliseconds; another way of writing is brought to that. */
function utcMilliseconds(time: string): string {
  return time.length === '2021-07-05T01:00:00.000Z'.length && time.endsWith('Z') ? time : new Date(time).toISOString();
}

/**
 * The front door that took an event in. An identity is unique per door, which refuses a second content under it; two doors
 * do not know each other's identities, so events are told apart by door and identity.
 */
function doorOf(event: DossierEvent): Door {
  return DOOR_OF[event.type]!;
}

function keyOf(door: Door, identity: EventIdentity): string {
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
function inOrder(a: DossierEvent, b: DossierEvent): number {
  return compare(a.time, b.time) || compare(a.source, b.source) || compare(a.id, b.id) || compare(a.type, b.type);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * What a set of events says of one work dossier (hồ sơ công việc, Decree 30/2020 art. 3.14, 28–31).
 *
 * It is opened by the reception of the citizen's dossier of the same code, or by its first step where the matter is the
 * office's own. It is closed while a completion stands that no correction took back; of several, the first by time holds.
 * A correction takes back one event of its own front door by identity, whether it comes before or after that event; a
 * correction itself cannot be taken back.
 *
 * No official formula for "processed in the network environment" was found. Ours: every recorded step, in whatever order it
 * came and also after the closing, was taken on the network, and at least one step is recorded. Silence is not proof: a
 * work dossier without any step has reason `no-step-recorded`.
 */
export function foldWorkDossier(events: Iterable<DossierEvent>): WorkDossier {
  const ordered = [...events].sort(inOrder);
  const corrections = ordered.filter((event): event is Correction => 'takesBack' in event);
  const takenBack = new Map<string, Correction>();
  for (const correction of corrections) {
    const key = keyOf(doorOf(correction), correction.takesBack);
    if (!takenBack.has(key)) takenBack.set(key, correction);
  }
  const correctionOf = (event: DossierEvent): Correction | undefined =>
    'takesBack' in event ? undefined : takenBack.get(keyOf(doorOf(event), event));

  const standing = ordered.filter((event) => !('takesBack' in event) && correctionOf(event) === undefined);
  const steps = standing.filter((event): event is StepTaken => event.type === 'vn.par.work-dossier.step-taken.v1');
  const completion = standing.find((event) => event.type === 'vn.par.work-dossier.completed.v1');
  const opening = standing.find((event) => event.type === 'vn.par.dossier.received.v1') ?? standing[0];
  const reopenings = ordered.flatMap((event) => (event.type === 'vn.par.work-dossier.completed.v1' ? (correctionOf(event) ?? []) : []));

  const lastKnown = standing.at(-1) ?? ordered.at(-1);
  const judgedAt = completion?.time ?? reopenings.sort(inOrder).at(-1)?.time;
  return {
    state: completion ? 'closed' : opening ? 'open' : 'unopened',
    ...(opening && { openedAt: opening.time }),
    judgement: judge(steps, completion, completion?.unit ?? lastKnown?.unit ?? ''),
    ...(judgedAt !== undefined && { judgedAt }),
    timeline: ordered.map((event) => {
      const by = correctionOf(event);
      return { event, ...(by && { takenBackBy: { source: by.source, id: by.id } }) };
    }),
  };
}

function judge(steps: readonly StepTaken[], completion: DossierEvent | undefined, unit: string): Judgement {
  const paperSteps = steps.filter((step) => step.medium === 'paper').length;
  const counts = { steps: steps.length, paperSteps, unit };
  if (!completion) return { state: 'open', processedOnline: false, reasons: [], ...counts };
  const reasons: NotOnlineReason[] = [];
  if (paperSteps > 0) reasons.push('paper-step');
  if (steps.length === 0) reasons.push('no-step-recorded');
  return { state: 'closed', completedAt: completion.time, processedOnline: reasons.length === 0, reasons, ...counts };
}

/**
 * Whether a judgement has to be told. A work dossier that never closed has none; after the first, every change of content
 * is told: a late step, a correction, a reopening.
 */
export function mustPublish(published: Judgement | undefined, now: Judgement): boolean {
  if (!published) return now.state === 'closed';
  return (
    published.state !== now.state ||
    published.completedAt !== now.completedAt ||
    published.processedOnline !== now.processedOnline ||
    published.steps !== now.steps ||
    published.paperSteps !== now.paperSteps ||
    published.unit !== now.unit ||
    published.reasons.join() !== now.reasons.join()
  );
}
