import { type DossierEvent, foldLifeCycle, type LifeContext, type LifeCycle } from '@par/administration';
import { type EventIdentity, type TraceConformance } from '@par/contracts';
import { byTimeThenIdentity, identityKey, isType, type Kept, type KeptEvent } from './kept-event.ts';

/** The work dossier that belongs to a dossier, once closed: the judgement of edocument-workflow with the highest revision. */
export interface ClosedWork {
  at: string;
  unit: string;
  event: EventIdentity;
  processedOnline: boolean;
  reasons: string[];
  /** How its steps parted from its process, each kind once; undefined where no process was in force for it. */
  deviations?: string[];
}

/** What is known of a dossier (hồ sơ TTHC) and of the work dossier that belongs to it, whatever order its events came in. */
export interface CaseFact {
  life: LifeCycle;
  /** Whether any event of the dossier itself is known; a work dossier may be a unit's own matter. */
  isDossier: boolean;
  closed?: ClosedWork;
  /** First completion of the work dossier that stands, as the department told it. */
  workCompletedAt?: string;
  /** Messages of the dossier and of its work dossier that came from outside, and how many of them over the dedicated network. */
  messages: number;
  messagesOnTslcd: number;
}

/** Folds the set of a subject's events to its fact. A pure function of the set: order of arrival and duplicates cannot matter. */
export function foldCase(events: readonly KeptEvent[], context?: LifeContext): CaseFact {
  const dossierEvents: DossierEvent[] = [];
  const workEvents: KeptEvent[] = [];
  let messages = 0;
  let messagesOnTslcd = 0;
  for (const event of events) {
    if (event.network !== undefined) {
      messages += 1;
      if (event.network === 'tslcd') messagesOnTslcd += 1;
    }
    if (event.type.startsWith('vn.par.dossier.')) dossierEvents.push(event as DossierEvent);
    else workEvents.push(event);
  }
  return {
    life: foldLifeCycle(dossierEvents, context),
    isDossier: dossierEvents.length > 0,
    ...foldWork(workEvents),
    messages,
    messagesOnTslcd,
  };
}

function foldWork(events: readonly KeptEvent[]): Pick<CaseFact, 'closed' | 'workCompletedAt'> {
  if (events.length === 0) return {};
  const takenBack = new Set<string>();
  // A correction takes back an event of its own front door.
  for (const event of events)
    if (isType(event, 'vn.par.work-dossier.corrected.v1')) takenBack.add(identityKey({ ...event.data, type: event.type }));
  let judgement: Kept<'vn.par.work-dossier.closed.v1'> | undefined;
  let completion: Kept<'vn.par.work-dossier.completed.v1'> | undefined;
  for (const event of [...events].sort(byTimeThenIdentity)) {
    if (takenBack.has(identityKey(event))) continue;
    if (isType(event, 'vn.par.work-dossier.completed.v1')) completion ??= event;
    else if (isType(event, 'vn.par.work-dossier.closed.v1') && event.data.revision > (judgement?.data.revision ?? 0)) judgement = event;
  }
  const work: Pick<CaseFact, 'closed' | 'workCompletedAt'> = completion ? { workCompletedAt: completion.time } : {};
  if (judgement?.data.state !== 'closed' || judgement.data.completedAt === undefined) return work;
  const { completedAt, processedOnline, reasons, conformance } = judgement.data;
  // The completion is what the department said; a judgement's own number depends on the order in which steps came.
  const told = completion?.time === completedAt ? completion : judgement;
  return {
    ...work,
    closed: {
      at: completedAt,
      unit: judgement.unit,
      event: { source: told.source, id: told.id },
      processedOnline,
      reasons: [...reasons].sort(),
      ...(conformance === undefined ? {} : { deviations: deviationsOf(conformance) }),
    },
  };
}

function deviationsOf({ skipped, outOfOrder, repeated, unknown, wrongRole, overTime }: TraceConformance): string[] {
  const counts = {
    'step-skipped': skipped,
    'step-out-of-order': outOfOrder,
    'step-repeated': repeated,
    'step-unknown': unknown,
    'step-by-wrong-role': wrongRole,
    'step-over-time': overTime,
  };
  return Object.entries(counts).flatMap(([kind, count]) => (count > 0 ? [kind] : []));
}
