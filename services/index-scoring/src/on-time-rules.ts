import { type LifeMoment, localDate, stoppedMs } from '@par/administration';
import { type CaseView } from './case-view.ts';
import { type Verdict, verdict } from './verdict.ts';

/**
 * The counting rules of "on time" that are in use and disagree (domain 2.8). All read the same facts. A rule answers undefined where a case is
 * not in its denominator.
 */

/** How a case stands by Form II.06a: done, and in which class; undefined while it is in process or was never received. */
export interface DoneByForm {
  moment: LifeMoment;
  class: 'early' | 'on-time' | 'late' | 'unclassified';
}

/**
 * Biểu II.06a/VPCP/KSTT columns 7–10: done is a result, and, counted on time ("bao gồm cả hồ sơ chờ bổ sung và trả lại/xin rút"), a dossier that
 * was refused or withdrawn or waits for a supplement. A result without due date is in no class. Early is an earlier date than the appointment's.
 */
export function doneByForm(view: CaseView): DoneByForm | undefined {
  const { life } = view.fact;
  const { ended } = life;
  if (!ended) {
    const asked = waitingForSupplement(view);
    return asked && { moment: asked, class: 'on-time' };
  }
  if (ended.as !== 'result') return { moment: ended, class: 'on-time' };
  const due = view.dues.inForce?.at;
  if (due === undefined) return { moment: ended, class: 'unclassified' };
  if (ended.at > due) return { moment: ended, class: 'late' };
  const isEarly = localDate(new Date(ended.at), view.timeZone) < localDate(new Date(due), view.timeZone);
  return { moment: ended, class: isEarly ? 'early' : 'on-time' };
}

/** The last request for a supplement, where nothing has come back and nothing has ended the dossier. */
export function waitingForSupplement({ fact: { life } }: CaseView): LifeMoment | undefined {
  if (life.ended || !life.stops.some((stop) => stop.by === 'supplement' && stop.to === undefined)) return undefined;
  return life.supplementRequests.at(-1);
}

export function byFormTwo06a(view: CaseView): Verdict[] {
  const done = doneByForm(view);
  if (!done || done.class === 'unclassified') return [];
  return [verdict(view.unitOf(done.moment), done.moment, done.class === 'late' ? ['finished-after-due'] : [])];
}

/** A result, or a refusal with its reason, which settles a dossier within the term too (Decree 61/2018 art. 19.8). */
function settled({ fact: { life } }: CaseView): LifeMoment | undefined {
  return life.ended?.as === 'withdrawn' ? undefined : life.ended;
}

export function byDueInstant(view: CaseView): Verdict[] {
  return compared(view, settled(view), view.dues.inForce?.at, (end) => end.at);
}

/** Compared by date only, as some one-stop software does: early is an earlier date, on time the same, late a later one. */
export function byDueDate(view: CaseView): Verdict[] {
  const dateOf = (at: string): string => localDate(new Date(at), view.timeZone);
  const due = view.dues.inForce?.at;
  return compared(view, settled(view), due === undefined ? undefined : dateOf(due), (end) => dateOf(end.at));
}

/** Against what the applicant was promised first: extensions and new appointments do not help. */
export function byFirstAppointment(view: CaseView): Verdict[] {
  return compared(view, settled(view), view.dues.first?.at, (end) => end.at);
}

/** OpenCPS: released dossiers only. Cancelled, denied and waiting ones are classes of their own. */
export function byOpenCps(view: CaseView): Verdict[] {
  const { ended } = view.fact.life;
  return compared(view, ended?.as === 'result' ? ended : undefined, view.dues.inForce?.at, (end) => end.at);
}

/** As it looks to whoever judges by the time of the message: sync faults included. */
export function asSent(view: CaseView): Verdict[] {
  return compared(view, settled(view), view.dues.inForce?.at, (end) => end.sent ?? end.at);
}

/** As by the due instant, but lateness that is the message's or the clock's is forgiven. */
export function withoutSyncFaults(view: CaseView): Verdict[] {
  const end = settled(view);
  const due = view.dues.inForce?.at;
  if (!end || due === undefined) return [];
  if (end.at <= due) return [verdict(view.unitOf(end), end, [])];
  const fault = view.latenessAt(end, due);
  return [
    verdict(view.unitOf(end), end, fault === 'message-late' || fault === 'source-clock' ? [] : ['finished-after-due', `late-${fault}`]),
  ];
}

/** One class of lateness: the dossiers that are late as told or as sent, and those of them whose lateness is of this class. */
export function latenessIs(wanted: 'office' | 'waiting' | 'message-late' | 'source-clock'): (view: CaseView) => Verdict[] {
  return (view) => {
    const end = settled(view);
    const due = view.dues.inForce?.at;
    if (!end || due === undefined || (end.at <= due && (end.sent ?? end.at) <= due)) return [];
    const fault = view.latenessAt(end, due);
    return [verdict(view.unitOf(end), end, fault === wanted ? [] : [`late-${fault}`])];
  };
}

/**
 * Decision 766/QĐ-TTg, 2.1: the preferred end is "đã xử lý xong", then returned, refused, stopped, withdrawn, else the request for a supplement; more
 * than one such request is late; time waited is subtracted from the way to the first due date.
 */
export function endBy766(view: CaseView): LifeMoment | undefined {
  const { life } = view.fact;
  return life.resultReady ?? life.returned ?? life.refused ?? openPause(view) ?? life.withdrawn ?? waitingForSupplement(view);
}

function openPause({ fact: { life } }: CaseView): LifeMoment | undefined {
  if (life.ended) return undefined;
  return life.pauses.at(-1) && life.stops.some((stop) => stop.by === 'pause' && stop.to === undefined) ? life.pauses.at(-1) : undefined;
}

export function byDecision766(view: CaseView): Verdict[] {
  const end = endBy766(view);
  const due = view.dues.first?.at;
  const { life } = view.fact;
  if (!end || due === undefined || !life.received) return [];
  const reasons: string[] = [];
  if (life.supplementRequests.length > 1) reasons.push('supplement-requested-more-than-once');
  if (Date.parse(end.at) - stoppedMs(life.stops, life.received.at, end.at) > Date.parse(due)) reasons.push('finished-after-due');
  return [verdict(view.unitOf(end), end, reasons)];
}

function compared(view: CaseView, end: LifeMoment | undefined, due: string | undefined, told: (end: LifeMoment) => string): Verdict[] {
  if (!end || due === undefined) return [];
  return [verdict(view.unitOf(end), end, told(end) <= due ? [] : ['finished-after-due'])];
}
