import { type DossierCodeScheme, type EventIdentity } from '@par/contracts';
import { parseDossierCode } from './dossier-code.ts';
import { duesOf, type DueBasis } from './due-date.ts';
import { type DossierEvent, type DossierEventType, type Finding, type FindingCode, type LifeCycle } from './life-cycle-shape.ts';
import { nationalStateOf, type NationalState } from './national-state.ts';
import { localDate } from './period.ts';
import { type Standing } from './standing-events.ts';

/** What is known of a dossier beside its events. Without it the findings that need it are left out. */
export interface LifeContext {
  /** The dossier's code and the form that its city gives codes. */
  code?: string;
  scheme?: DossierCodeScheme;
  /** IANA zone of the city. */
  timeZone?: string;
  /** Terms and calendar, for dossiers whose receipt slip left the appointment open. */
  dues?: DueBasis;
}

/** Difference between two clocks that nobody calls wrong. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;
const DAY_MS = 24 * 3_600_000;

type Kind = DossierEventType | 'in-process';

const REPORTED: Readonly<Record<NationalState, Kind>> = {
  1: 'vn.par.dossier.registered.v1',
  2: 'vn.par.dossier.received.v1',
  3: 'vn.par.dossier.intake-refused.v1',
  4: 'in-process',
  5: 'vn.par.dossier.supplement-requested.v1',
  6: 'vn.par.dossier.fee-requested.v1',
  7: 'vn.par.dossier.withdrawn.v1',
  8: 'vn.par.dossier.paused.v1',
  9: 'vn.par.dossier.result-ready.v1',
  10: 'vn.par.dossier.returned.v1',
};

/** What cannot happen any more once the result is there. A fee may still be paid and the result sent to the one-stop until it is returned. */
const NOT_AFTER_RESULT: ReadonlySet<Kind> = new Set<Kind>([
  'vn.par.dossier.registered.v1',
  'vn.par.dossier.supplement-requested.v1',
  'vn.par.dossier.supplemented.v1',
  'vn.par.dossier.paused.v1',
  'vn.par.dossier.resumed.v1',
  'vn.par.dossier.extended.v1',
  'in-process',
]);
/** What cannot happen any more once everything is over. A second end is a finding of its own. */
const NOT_AFTER_END: ReadonlySet<Kind> = new Set<Kind>([
  ...NOT_AFTER_RESULT,
  'vn.par.dossier.transferred.v1',
  'vn.par.dossier.fee-requested.v1',
  'vn.par.dossier.fee-paid.v1',
]);

/** Adds the findings that show only when the whole life is known. */
export function addContradictions(life: LifeCycle, set: Standing<DossierEvent>, context: LifeContext): void {
  for (const correction of set.withoutTarget) add(life, 'correction-without-target', correction);
  addWrongClocks(life, set.standing);
  addWrongClocks(life, set.inEffect);
  addSecondEnds(life);
  addEventsAfterEnd(life, set.standing);
  addBeforeReceipt(life, context);
  if (life.extension) addLateApology(life, context);
}

function addWrongClocks(life: LifeCycle, events: readonly DossierEvent[]): void {
  for (const event of events) {
    // Text order is time order; only the few that look wrong are worked out.
    if (event.sent !== undefined && event.time > event.sent && Date.parse(event.time) - Date.parse(event.sent) > CLOCK_TOLERANCE_MS) {
      add(life, 'happened-after-sent', event);
    }
  }
}

export function inFindingOrder(a: Finding, b: Finding): number {
  return (
    order(a.code, b.code) ||
    order(a.event?.source ?? '', b.event?.source ?? '') ||
    order(a.event?.id ?? '', b.event?.id ?? '') ||
    order(a.raw ?? '', b.raw ?? '')
  );
}

function addSecondEnds(life: LifeCycle): void {
  const { ended, received, intakeRefused, resultReady, returned, refused, withdrawn } = life;
  if (intakeRefused && received) addMoment(life, 'intake-refused-and-received', intakeRefused);
  if (!ended) return;
  const result = resultReady ?? returned;
  if (result && ended.as !== 'result') addMoment(life, 'ended-in-two-ways', result);
  if (refused && ended.as !== 'refused') addMoment(life, 'ended-in-two-ways', refused);
  if (withdrawn && ended.as !== 'withdrawn') addMoment(life, 'ended-in-two-ways', withdrawn);
  if (intakeRefused && !received) addMoment(life, 'ended-in-two-ways', intakeRefused);
}

function addEventsAfterEnd(life: LifeCycle, standing: readonly DossierEvent[]): void {
  const { ended, received, intakeRefused, returned } = life;
  // A dossier that was refused at intake and received all the same has its finding already.
  const endsAt = ended?.at ?? (received ? undefined : intakeRefused?.at);
  if (endsAt === undefined) return;
  const overAt = ended?.as === 'result' ? returned?.at : endsAt;
  for (let i = standing.length - 1; i >= 0; i -= 1) {
    const event = standing[i]!;
    if (event.time <= endsAt) return;
    const kind = kindOf(event);
    if (kind === undefined) continue;
    const isReceiptAfterWithdrawal = kind === 'vn.par.dossier.received.v1' && ended?.as === 'withdrawn';
    const isOver = overAt !== undefined && event.time > overAt;
    if ((isOver ? NOT_AFTER_END : NOT_AFTER_RESULT).has(kind) || isReceiptAfterWithdrawal) add(life, 'event-after-end', event);
  }
}

function addBeforeReceipt(life: LifeCycle, { code, scheme, timeZone }: LifeContext): void {
  const { received, registered, resultReady, returned, refused, extension } = life;
  if (resultReady && returned && returned.at < resultReady.at) addMoment(life, 'returned-before-ready', returned);
  if (!received) return;
  const { at } = received;
  if (resultReady && resultReady.at < at) addMoment(life, 'ready-before-received', resultReady);
  if (returned && returned.at < at) addMoment(life, 'returned-before-received', returned);
  if (refused && refused.at < at) addMoment(life, 'processed-before-received', refused);
  if (extension && extension.at < at) addMoment(life, 'processed-before-received', extension);
  if (registered && registered.at > at) addMoment(life, 'registered-after-received', registered);
  if (received.due !== undefined && received.due < at) addMoment(life, 'due-before-receipt', received);
  if (extension && extension.due < at) addMoment(life, 'due-before-receipt', extension);
  for (const answer of life.supplements) if (answer.due !== undefined && answer.due < at) addMoment(life, 'due-before-receipt', answer);
  for (const answer of life.resumptions) if (answer.due !== undefined && answer.due < at) addMoment(life, 'due-before-receipt', answer);
  if (code === undefined || scheme !== 'national' || timeZone === undefined) return;
  const read = parseDossierCode(code, scheme);
  if (read.ok && read.receivedOn !== undefined && read.receivedOn !== localDate(new Date(at), timeZone)) {
    addMoment(life, 'code-date-differs', received);
  }
}

/** Decree 61/2018 art. 19.9: at latest one day before the term ends. By the calendar where the zone is known, else by 24 hours. */
function addLateApology(life: LifeCycle, { timeZone, dues }: LifeContext): void {
  const extension = life.extension!;
  const before = duesOf(life, dues).beforeExtension;
  if (!before) return;
  const at = new Date(extension.at);
  const due = new Date(before.at);
  const inTime = timeZone === undefined ? at.getTime() <= due.getTime() - DAY_MS : localDate(at, timeZone) < localDate(due, timeZone);
  if (!inTime) addMoment(life, 'extended-after-due', extension);
}

function kindOf(event: DossierEvent): Kind | undefined {
  if (event.type !== 'vn.par.dossier.state-reported.v1') return event.type;
  const state = nationalStateOf(event.data.code);
  return state && REPORTED[state];
}

export function findingOf(code: FindingCode, { source, id }: EventIdentity): Finding {
  return { code, event: { source, id } };
}

function add(life: LifeCycle, code: FindingCode, event: EventIdentity): void {
  life.findings.push(findingOf(code, event));
}

function addMoment(life: LifeCycle, code: FindingCode, { event }: { event: EventIdentity }): void {
  life.findings.push({ code, event });
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
