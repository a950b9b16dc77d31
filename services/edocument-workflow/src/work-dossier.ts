import { type DossierEvent as LifeEvent, duesOf, foldLifeCycle } from '@par/administration';
import { type EventIdentity, type SignatureVerdict, type Urgency, type WorkDossierKind } from '@par/contracts';
import { type Correction, doorOf, type DossierEvent, type DossierEventOf, inOrder, keyOf, type StepTaken } from './work-dossier-event.ts';

/** An event as the timeline shows it. */
export interface TimelineEntry {
  event: DossierEvent;
  /** The correction that took the event back, if any. */
  takenBackBy?: EventIdentity;
}

/** A span in which the clock of the citizen's dossier stands still; without `to` it still does. */
export interface StandStill {
  from: string;
  to?: string;
}

/** What a set of events says of one work dossier. All instants are UTC with milliseconds. */
export interface WorkDossier {
  /** `unopened` while nothing that opens it is known, or everything was taken back. */
  state: 'unopened' | 'open' | 'closed';
  openedAt?: string;
  kind?: WorkDossierKind;
  /** The unit that leads it (chủ trì). */
  lead?: string;
  /** The units that support (phối hợp). */
  supporting: readonly string[];
  procedure?: string;
  /** The process that its opening names. */
  process?: string;
  urgency?: Urgency;
  /** Until when the matter has to be settled, as far as that was told: pauses, supplements and the apology move it. */
  due?: string;
  /** When the citizen's dossier came to its end at the one-stop: result, refusal or withdrawal. Nothing is due any more then. */
  endedAt?: string;
  stops: readonly StandStill[];
  /** Standing steps in the order of the fold. */
  steps: readonly StepTaken[];
  completion?: { time: string; unit: string };
  isDeclaredPaper: boolean;
  /** What was found last of each file that was looked at, by its SHA-256. */
  verdicts: ReadonlyMap<string, SignatureVerdict>;
  /** When the judgement came to be: the completion, or, where that was taken back, its correction. */
  judgedAt?: string;
  /** The unit under which a judgement is counted. */
  countedUnder: string;
  /** Every event in the order of the fold. */
  timeline: TimelineEntry[];
}

/** What the office itself tells, and the reception: the rest is of the one-stop or found here, and opens nothing. */
function isOfOffice({ type }: DossierEvent): boolean {
  return type === 'vn.par.dossier.received.v1' || (type.startsWith('vn.par.work-dossier.') && !type.endsWith('.signature-verified.v1'));
}

/**
 * What a set of events says of one work dossier (hồ sơ công việc, Decree 30/2020 art. 3.14, 28–31).
 *
 * It is opened by the reception of the citizen's dossier of the same code or by its own opening, whichever is earlier, or by its first step where neither is known. Of
 * several openings or receptions the first by time holds. It is closed while a completion stands that no correction took back; of several, the first by time holds.
 * A correction takes back one event of its own front door by identity, whether it comes before or after that event; a
 * correction itself cannot be taken back.
 */
export function foldWorkDossier(events: Iterable<DossierEvent>): WorkDossier {
  const ordered = [...events].sort(inOrder);
  const takenBack = new Map<string, Correction>();
  for (const event of ordered) {
    if (!('takesBack' in event)) continue;
    const key = keyOf(doorOf(event), event.takesBack);
    if (!takenBack.has(key)) takenBack.set(key, event);
  }
  const correctionOf = (event: DossierEvent): Correction | undefined =>
    'takesBack' in event || takenBack.size === 0 ? undefined : takenBack.get(keyOf(doorOf(event), event));

  const standing = ordered.filter((event) => !('takesBack' in event) && correctionOf(event) === undefined);
  const completion = firstOf(standing, 'vn.par.work-dossier.completed.v1');
  const reopenings = ordered.flatMap((event) => (event.type === 'vn.par.work-dossier.completed.v1' ? (correctionOf(event) ?? []) : []));
  const ofOffice = standing.filter(isOfOffice);
  const lastKnown = ofOffice.at(-1) ?? ordered.at(-1);
  const judgedAt = completion?.time ?? reopenings.sort(inOrder).at(-1)?.time;
  return {
    state: completion ? 'closed' : ofOffice.length > 0 ? 'open' : 'unopened',
    ...openingOf(standing, ofOffice),
    ...standingOf(standing),
    ...(completion && { completion: { time: completion.time, unit: completion.unit } }),
    ...(judgedAt !== undefined && { judgedAt }),
    countedUnder: completion?.unit ?? lastKnown?.unit ?? '',
    timeline: ordered.map((event) => {
      const by = correctionOf(event);
      return { event, ...(by && { takenBackBy: { source: by.source, id: by.id } }) };
    }),
  };
}

type Opening = Pick<
  WorkDossier,
  'openedAt' | 'kind' | 'lead' | 'supporting' | 'procedure' | 'process' | 'urgency' | 'due' | 'endedAt' | 'stops'
>;

/** What the opening and the citizen's dossier say. What the unit's own opening tells holds before what the reception does, but for the due date. */
function openingOf(standing: readonly DossierEvent[], ofOffice: readonly DossierEvent[]): Opening {
  const received = firstOf(standing, 'vn.par.dossier.received.v1');
  const opened = firstOf(standing, 'vn.par.work-dossier.opened.v1');
  const first = received && opened ? (inOrder(received, opened) < 0 ? received : opened) : (received ?? opened ?? ofOffice[0]);
  const life = lifeOf(standing);
  const lead = opened?.unit ?? received?.responsible ?? received?.unit ?? first?.unit;
  const procedure = opened?.procedure ?? received?.procedure;
  const kind = opened?.kind ?? (received ? 'procedure' : undefined);
  const due = life.due ?? opened?.due;
  return {
    ...(first && { openedAt: first.time }),
    ...(kind && { kind }),
    ...(lead !== undefined && { lead }),
    supporting: opened?.supporting ?? [],
    ...(procedure !== undefined && { procedure }),
    ...(opened?.process !== undefined && { process: opened.process }),
    ...(opened?.urgency !== undefined && { urgency: opened.urgency }),
    ...(due !== undefined && { due }),
    ...(life.endedAt !== undefined && { endedAt: life.endedAt }),
    stops: life.stops,
  };
}

/** What steps, declarations and verdicts say. */
function standingOf(standing: readonly DossierEvent[]): Pick<WorkDossier, 'steps' | 'isDeclaredPaper' | 'verdicts'> {
  const steps: StepTaken[] = [];
  const verdicts = new Map<string, SignatureVerdict>();
  let isDeclaredPaper = false;
  for (const event of standing) {
    if (event.type === 'vn.par.work-dossier.step-taken.v1') steps.push(event);
    else if (event.type === 'vn.par.work-dossier.signature-verified.v1') verdicts.set(event.file, event.verdict);
    else if (event.type === 'vn.par.work-dossier.paper-declared.v1') isDeclaredPaper = true;
  }
  return { steps, isDeclaredPaper, verdicts };
}

/** The life of the citizen's dossier, by the one fold of it that there is. Terms of procedures are not known here: a due date is told, or put off. */
function lifeOf(standing: readonly DossierEvent[]): { due?: string; endedAt?: string; stops: StandStill[] } {
  const told = standing.flatMap((event) => lifeEventOf(event) ?? []);
  if (told.length === 0) return { stops: [] };
  const life = foldLifeCycle(told);
  const due = duesOf(life).inForce?.at;
  return {
    ...(due !== undefined && { due }),
    ...(life.ended && { endedAt: life.ended.at }),
    stops: life.stops.map(({ from, to }) => ({ from, ...(to !== undefined && { to }) })),
  };
}

/** As the fold of the life cycle takes it. Of what is not kept nothing depends on it here. */
function lifeEventOf(event: DossierEvent): LifeEvent | undefined {
  const { source, id, time, unit } = event;
  const common = { source, id, time, unit, received: time };
  switch (event.type) {
    case 'vn.par.dossier.received.v1': {
      const { due, procedure, responsible } = event;
      return { ...common, type: event.type, data: { channel: 'counter', due, procedure, responsible } };
    }
    case 'vn.par.dossier.supplemented.v1':
    case 'vn.par.dossier.resumed.v1':
      return { ...common, type: event.type, data: { due: event.due } };
    case 'vn.par.dossier.extended.v1':
      return { ...common, type: event.type, data: { due: event.due, reason: 'other' } };
    case 'vn.par.dossier.paused.v1':
      return { ...common, type: event.type, data: { reason: 'other' } };
    case 'vn.par.dossier.refused.v1':
      return { ...common, type: event.type, data: { reason: 'other' } };
    case 'vn.par.dossier.returned.v1':
      return { ...common, type: event.type, data: { channel: 'counter' } };
    case 'vn.par.dossier.supplement-requested.v1':
    case 'vn.par.dossier.result-ready.v1':
    case 'vn.par.dossier.withdrawn.v1':
      return { ...common, type: event.type, data: {} };
    default:
      // Of the work dossier and no part of the life of the citizen's.
      return undefined;
  }
}

function firstOf<T extends DossierEvent['type']>(standing: readonly DossierEvent[], type: T): DossierEventOf<T> | undefined {
  return standing.find((event): event is DossierEventOf<T> => event.type === type);
}
