import { dayOf, monthOf } from './independent-calendar.ts';
import { type IndependentDossier, stoodStill, unitOf } from './independent-dossier.ts';

/** What one thing gives to one figure of one unit in one month. */
export interface Share {
  indicator: string;
  rule: string;
  unit: string;
  month: string;
  numerator: number;
  denominator: number;
}

type LateClass = 'office' | 'waiting' | 'message-late' | 'source-clock';

const MINUTE = 60_000;

/** G1-ONTIME by its eight rules, and G1-LATE. `workCompleted`: when the work dossier of the same code was completed, where it was. */
export function onTimeShares(dossier: IndependentDossier, workCompleted: number | undefined): Share[] {
  return [
    ...byForm(dossier),
    ...byDueDate(dossier, workCompleted),
    ...byOpenCps(dossier),
    ...byDecision766(dossier),
    ...lateShares(dossier, workCompleted),
  ];
}

function share(
  dossier: IndependentDossier,
  rule: string,
  deciding: { at: number; unit: string },
  counts: boolean,
  indicator = 'G1-ONTIME',
): Share {
  return {
    indicator,
    rule,
    unit: unitOf(dossier, deciding),
    month: monthOf(deciding.at),
    numerator: counts ? 1 : 0,
    denominator: 1,
  };
}

/** Biểu II.06a: refused, withdrawn and waiting for a supplement are on time; a result only if it came by its due date. */
function byForm(dossier: IndependentDossier): Share[] {
  const { ended, due, requests, stops, intakeRefused } = dossier;
  if (ended?.as === 'result') return due === undefined ? [] : [share(dossier, 'ii-06a', ended, ended.at <= due)];
  if (ended) return [share(dossier, 'ii-06a', ended, true)];
  const isWaiting = stops.some((stop) => stop.kind === 'supplement' && stop.to === Infinity);
  const last = requests.at(-1);
  return isWaiting && last && !intakeRefused ? [share(dossier, 'ii-06a', last, true)] : [];
}

function byDueDate(dossier: IndependentDossier, workCompleted: number | undefined): Share[] {
  const { ended, due, firstDue } = dossier;
  if (!ended || ended.as === 'withdrawn') return [];
  const shares: Share[] = [];
  if (firstDue !== undefined) shares.push(share(dossier, 'first-appointment', ended, ended.at <= firstDue));
  if (due === undefined) return shares;
  const onTime = ended.at <= due;
  const fault = lateClass(dossier, workCompleted);
  shares.push(share(dossier, 'due-date', ended, onTime));
  shares.push(share(dossier, 'by-date', ended, dayOf(ended.at) <= dayOf(due)));
  shares.push(share(dossier, 'as-sent', ended, (ended.sentAt ?? ended.at) <= due));
  shares.push(share(dossier, 'without-sync-faults', ended, onTime || fault === 'message-late' || fault === 'source-clock'));
  return shares;
}

function byOpenCps(dossier: IndependentDossier): Share[] {
  const { ended, due } = dossier;
  return ended?.as === 'result' && due !== undefined ? [share(dossier, 'opencps', ended, ended.at <= due)] : [];
}

/** Decision 766: the time waited is taken off, more than one supplement request is late, and the end is looked for in a fixed order of states. */
function byDecision766(dossier: IndependentDossier): Share[] {
  const { receipt, resultReady, returned, refused, withdrawn, requests, stops, firstDue } = dossier;
  if (!receipt || firstDue === undefined) return [];
  const openPause = stops.find((stop) => stop.kind === 'pause' && stop.to === Infinity);
  const openRequest = stops.find((stop) => stop.kind === 'supplement' && stop.to === Infinity);
  const end =
    resultReady ??
    returned ??
    refused ??
    (openPause && { at: openPause.from, unit: receipt.unit }) ??
    withdrawn ??
    (openRequest && requests.at(-1));
  if (!end) return [];
  const waited = stoodStill(stops, receipt.at, end.at);
  return [share(dossier, 'qd-766', end, requests.length <= 1 && end.at - waited <= firstDue)];
}

function lateShares(dossier: IndependentDossier, workCompleted: number | undefined): Share[] {
  const { ended } = dossier;
  const found = lateClass(dossier, workCompleted);
  if (!ended || !found) return [];
  const classes: LateClass[] = ['office', 'waiting', 'message-late', 'source-clock'];
  return classes.map((each) => share(dossier, each, ended, each === found, 'G1-LATE'));
}

/** Why a dossier is late by due-date or by as-sent; undefined where it is neither. */
function lateClass(dossier: IndependentDossier, workCompleted: number | undefined): LateClass | undefined {
  const { ended, due, stops, receipt, allowed } = dossier;
  if (!ended || ended.as === 'withdrawn' || due === undefined) return undefined;
  const finished = ended.at;
  const sent = ended.sentAt;
  if (finished <= due && (sent ?? finished) <= due) return undefined;
  if (finished <= due) return 'message-late';
  if (sent !== undefined && finished - sent > 300_000 && sent <= due) return 'source-clock';
  const isStampedWhenSent = sent !== undefined && Math.abs(sent - finished) <= 60_000;
  if (workCompleted !== undefined && workCompleted <= due && finished - workCompleted >= 60 * MINUTE && isStampedWhenSent)
    return 'message-late';
  const stopped = stoodStill(stops, receipt?.at ?? -Infinity, finished);
  return finished - Math.max(0, stopped - allowed) <= due ? 'waiting' : 'office';
}
