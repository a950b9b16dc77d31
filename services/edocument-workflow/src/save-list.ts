import { CalendarYearMissing, localDate, type WorkingCalendar } from '@par/administration';
import { type Course, countAbove, NO_STEP, quantile, type SettlingTimes, type StepTime } from './settling-times.ts';

/** An open work dossier with a due date. */
export interface OpenDossier extends Course {
  id: string;
  dueAt: string;
}

/** What is told of an open dossier whatever its history. */
interface Standing {
  id: string;
  unit: string;
  dueAt: string;
  /** The step taken last, '' where none was, and since when. */
  state: string;
  since: string;
}

/** A dossier with the numbers behind its verdict. Times are working milliseconds. */
export interface Judged extends Standing {
  /** From now until it is due. */
  leftMs: number;
  /** What dossiers usually need from this state: the quantile of history. */
  usualMs: number;
  /** The due date less what is usually needed: the latest moment at which it had to be on its way. */
  moveBy: string;
  /** How many times in history stand behind it, and how many of them took longer than what is left. */
  samples: number;
  longer: number;
  of: 'unit' | 'all-units';
}

export interface SaveList {
  /** Those that miss their due date unless they move today; the most urgent first, by `moveBy`. */
  listed: Judged[];
  /** How many are likely to be in time. */
  inTime: number;
  /** No verdict: too little is known of their state, or the calendar has no data for their years. Nearest due date first. */
  unknown: (Standing & { why: 'no-history' | 'no-calendar'; samples: number })[];
  /** Past their due date: those are late and cannot be saved. */
  overdue: number;
}

export interface Reckoning {
  now: Date;
  calendar: WorkingCalendar;
  times: SettlingTimes;
  /** Which quantile of history is called usual, in percent. */
  percent: number;
}

/** Chosen by the back-test on its training part (`docs/save-list.md`). */
export const USUAL_PERCENT = 30;

const QUARTER_HOUR = 900_000;

/**
 * Which open work dossiers (hồ sơ công việc) miss their due date unless they move today: those for which less working time remains after today than dossiers
 * of the unit usually needed from the same state. Nothing is said where history is too small. Deterministic; the order of the dossiers does not matter.
 */
export function saveList(dossiers: readonly OpenDossier[], reckoning: Reckoning): SaveList {
  const list: SaveList = { listed: [], inTime: 0, unknown: [], overdue: 0 };
  const now = reckoning.now.toISOString();
  const tomorrow = endOfDay(reckoning.now, reckoning.calendar.timeZone);
  for (const dossier of dossiers) {
    if (dossier.dueAt <= now) list.overdue += 1;
    else judge(dossier, reckoning, tomorrow, list);
  }
  list.listed.sort((a, b) => compare(a.moveBy, b.moveBy) || compare(a.id, b.id));
  list.unknown.sort((a, b) => compare(a.dueAt, b.dueAt) || compare(a.id, b.id));
  return list;
}

function judge(dossier: OpenDossier, { now, calendar, times, percent }: Reckoning, tomorrow: Date, list: SaveList): void {
  const { id, unit, dueAt } = dossier;
  const standing: Standing = { id, unit, dueAt, ...stateAt(dossier, now.toISOString()) };
  const usual = times.usual(unit, standing.state);
  if (!usual) {
    list.unknown.push({ ...standing, why: 'no-history', samples: times.known(standing.state) });
    return;
  }
  const { remaining, of } = usual;
  const usualMs = quantile(remaining, percent);
  const due = new Date(dueAt);
  const office = { office: unit };
  try {
    if (!isTooLate(calendar.workingMsBetween(tomorrow, due, office), usualMs)) {
      list.inTime += 1;
      return;
    }
    const leftMs = calendar.workingMsBetween(now, due, office);
    const moveBy = calendar.subtractWorkingMs(due, usualMs, office).toISOString();
    list.listed.push({ ...standing, leftMs, usualMs, moveBy, samples: remaining.length, longer: countAbove(remaining, leftMs), of });
  } catch (error) {
    if (!(error instanceof CalendarYearMissing)) throw error;
    list.unknown.push({ ...standing, why: 'no-calendar', samples: remaining.length });
  }
}

/** The rule itself. @param leftMs working milliseconds between the end of today and the due date */
export function isTooLate(leftMs: number, usualMs: number): boolean {
  return leftMs < usualMs;
}

/** The step taken last until an instant, and when; the opening where there is none. */
export function stateAt({ openedAt, steps }: Pick<Course, 'openedAt' | 'steps'>, at: string): { state: string; since: string } {
  const last = steps.findLast((step: StepTime) => step.at <= at);
  return last ? { state: last.step, since: last.at } : { state: NO_STEP, since: openedAt };
}

/** The midnight that ends the local day of an instant. */
export function endOfDay(at: Date, timeZone: string): Date {
  const today = localDate(at, timeZone);
  // Every zone's midnight falls on a quarter of an hour.
  let instant = Math.floor(at.getTime() / QUARTER_HOUR) * QUARTER_HOUR;
  while (localDate(new Date(instant), timeZone) <= today) instant += QUARTER_HOUR;
  return new Date(instant);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
