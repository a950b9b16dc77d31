import { localDate, type WorkingCalendar } from '@par/administration';
import { type CloudEvent } from '@par/contracts';
import { type Conformance, conformanceOf } from './conformance.ts';
import { type OpenDeadlines } from './deadlines.ts';
import { type ExpectedStep, expectedSteps, isAtWork, isSameExpectation, stepDueEvent } from './expected-steps.ts';
import { judgementEvent } from './judgement-event.ts';
import { type Judgement, judgementOf, mustPublish } from './judgement.ts';
import { type ProcessVersion, type ProcessWish } from './process-version.ts';
import { StepClock } from './step-clock.ts';
import { type DossierEvent } from './work-dossier-event.ts';
import { foldWorkDossier, type TimelineEntry, type WorkDossier } from './work-dossier.ts';

/** A work dossier as its row has it. */
export interface StoredWorkDossier {
  id: string;
  events: DossierEvent[];
  /** Published last. */
  judgement: Judgement | null;
  revision: number;
  process: string | null;
  processVersion: number | null;
  /** What that was chosen by. */
  processBasis: string | null;
  /** As the last `step.due` told it. */
  expected: ExpectedStep[];
  expectedRevision: number;
  unit: string | null;
  /** ISO instant. */
  due: string | null;
}

/** What a work dossier became by the events that are new to it, and what of that is told to the world. */
export interface ChangedWorkDossier {
  id: string;
  fresh: readonly DossierEvent[];
  dossier: WorkDossier;
  process?: ProcessVersion;
  processBasis?: string;
  revision: number;
  judgement?: { content: Judgement; event: CloudEvent<'vn.par.work-dossier.closed.v1'> };
  expected: readonly ExpectedStep[];
  expectedRevision: number;
  stepDue?: CloudEvent<'vn.par.step.due.v1'>;
}

/** What a change is worked out with. */
export interface Surroundings {
  processes: {
    choose(wish: ProcessWish): ProcessVersion | undefined;
    /** @throws where this process does not have the version */
    version(id: string, version: number): ProcessVersion;
  };
  calendar: Pick<WorkingCalendar, 'timeZone' | 'hasYear' | 'workingMsBetween' | 'addWorkingMs'>;
  /** ISO instant. */
  now: string;
}

/**
 * Works a change out. But for the revisions, and for the process where one came into force between two events, everything in it depends on the set of events alone.
 * @param events the stored ones and the fresh ones
 */
export function changeOf(
  stored: StoredWorkDossier,
  events: readonly DossierEvent[],
  fresh: readonly DossierEvent[],
  around: Surroundings,
): ChangedWorkDossier {
  const dossier = foldWorkDossier(events);
  const { process, basis } = processOf(stored, dossier, around);
  const clock = new StepClock(around.calendar, dossier.stops, dossier.lead);
  const followed =
    process && (dossier.state === 'closed' || isAtWork(dossier)) ? { process, conformance: follow(dossier, process, clock) } : undefined;
  const content = judgementOf(dossier, followed);
  const isToldAnew = mustPublish(stored.judgement ?? undefined, content);
  const revision = stored.revision + (isToldAnew ? 1 : 0);
  const expected = followed && isAtWork(dossier) ? expectedSteps(followed.conformance, clock) : [];
  const change: ChangedWorkDossier = {
    id: stored.id,
    fresh,
    dossier,
    ...(process && { process }),
    ...(basis !== undefined && { processBasis: basis }),
    revision,
    ...(isToldAnew && {
      judgement: { content, event: judgementEvent(stored.id, revision, content, dossier.judgedAt ?? around.now, around.now) },
    }),
    expected,
    expectedRevision: stored.expectedRevision,
  };
  return tellExpectation(stored, change, around.now);
}

/** The steps of a work dossier beside its process. */
export function follow({ steps, openedAt = '', state }: WorkDossier, { net }: ProcessVersion, clock: StepClock): Conformance {
  return conformanceOf(
    net,
    steps.map(({ step, time, role }) => ({ step, at: time, ...(role !== undefined && { role }) })),
    { openedAt, isClosed: state === 'closed', workingTime: (from, to) => clock.between(from, to) },
  );
}

/** The process that was chosen stands until what it was chosen by changes, whatever versions come into force meanwhile. */
function processOf(
  stored: StoredWorkDossier,
  { openedAt, process, procedure, lead: unit, kind }: WorkDossier,
  { processes, calendar }: Surroundings,
): { process?: ProcessVersion; basis?: string } {
  if (openedAt === undefined) return {};
  const openedOn = localDate(new Date(openedAt), calendar.timeZone);
  const basis = JSON.stringify([openedOn, process ?? null, procedure ?? null, unit ?? null, kind ?? null]);
  const chosen =
    basis !== stored.processBasis
      ? processes.choose({ openedOn, process, procedure, unit, kind })
      : stored.process === null || stored.processVersion === null
        ? undefined
        : processes.version(stored.process, stored.processVersion);
  return { basis, ...(chosen && { process: chosen }) };
}

/** Adds the `step.due` where what is expected is not what was told last. Nothing is told of a work dossier that never had a process. */
function tellExpectation(stored: StoredWorkDossier, change: ChangedWorkDossier, now: string): ChangedWorkDossier {
  const { dossier, expected } = change;
  const isOtherDue = expected.length > 0 && (dossier.due ?? null) !== stored.due;
  const isOtherUnit = expected.length > 0 && (dossier.lead ?? null) !== stored.unit;
  const isOtherProcess =
    expected.length > 0 && (change.process?.id !== stored.process || change.process?.version !== stored.processVersion);
  if (isSameExpectation(stored.expected, expected) && !isOtherDue && !isOtherUnit && !isOtherProcess) return change;
  const id = change.process?.id ?? stored.process;
  const version = change.process?.version ?? stored.processVersion;
  if (id === null || version === null) return change;
  const revision = stored.expectedRevision + 1;
  const stepDue = stepDueEvent(change.id, dossier.lead ?? dossier.countedUnder, now, {
    revision,
    process: id,
    processVersion: version,
    steps: [...expected],
    ...(expected.length > 0 && dossier.due !== undefined && { due: dossier.due }),
  });
  return { ...change, expectedRevision: revision, stepDue };
}

/** What is still due of a work dossier: nothing where nobody has to do anything any more. */
export function openDeadlinesOf({ id, dossier, expected }: ChangedWorkDossier): OpenDeadlines {
  return {
    workDossier: id,
    unit: dossier.lead ?? dossier.countedUnder,
    ...(isAtWork(dossier) && dossier.due !== undefined && { due: dossier.due }),
    ...(dossier.openedAt !== undefined && { since: dossier.openedAt }),
    // Decree 61/2018 art. 19.9 is about procedures, and lets an office put a result off once.
    apology: dossier.kind === 'procedure' && !dossier.timeline.some(isExtension),
    steps: expected.flatMap(({ step, element, due, since }) => (due === undefined ? [] : { step, element, due, since })),
  };
}

function isExtension({ event, takenBackBy }: TimelineEntry): boolean {
  return event.type === 'vn.par.dossier.extended.v1' && takenBackBy === undefined;
}

/** Steps, and what is found of their files, move no deadline but by the process: then a `step.due` tells it. */
export function movesDeadlines({ fresh, stepDue }: ChangedWorkDossier): boolean {
  return stepDue !== undefined || fresh.some(({ type }) => !MESSAGES_OF_WORK.has(type));
}

const MESSAGES_OF_WORK: ReadonlySet<DossierEvent['type']> = new Set<DossierEvent['type']>([
  'vn.par.work-dossier.step-taken.v1',
  'vn.par.work-dossier.paper-declared.v1',
  'vn.par.work-dossier.signature-verified.v1',
]);
