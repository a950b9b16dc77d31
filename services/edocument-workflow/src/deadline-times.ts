import { CalendarYearMissing, type WorkingCalendar } from '@par/administration';
import { type DeadlineOf } from '@par/contracts';

const HOUR = 3_600_000;
/** A day of the law is a working day of eight hours. */
const WORKING_DAY = 8 * HOUR;
const PLAIN_DAY = 24 * HOUR;

/** How long before each kind of deadline it is reminded of, in milliseconds of working time; 0: never. */
export type ReminderLeads = Readonly<Record<DeadlineOf, number>>;

/** Where and since when something runs: the unit whose hours count, and the instant from which it could be done. */
export interface Running {
  office: string;
  since?: Date;
}

export interface ReminderTime {
  at: Date;
  /** False where the calendar has no data for that year, and the time is worked out in plain hours instead. */
  workingTime: boolean;
}

type Calendar = Pick<WorkingCalendar, 'addWorkingMs' | 'subtractWorkingMs'>;

/**
 * When to remind of a deadline: `leadMs` of working time before it, an instant within office hours, and never before it began to run (then at the first office hour since).
 * Where that is not before the deadline, it is the deadline itself: no reminder, only the escalation.
 */
export function reminderTime(calendar: Calendar, due: Date, leadMs: number, { office, since }: Running): ReminderTime {
  if (leadMs === 0 || (since && since >= due)) return { at: due, workingTime: true };
  try {
    const lead = calendar.subtractWorkingMs(due, leadMs, { office });
    const at = since && since > lead ? calendar.addWorkingMs(since, 0, { office }) : lead;
    return { at: earlier(at, due), workingTime: true };
  } catch (error) {
    if (!(error instanceof CalendarYearMissing)) throw error;
    const lead = new Date(due.getTime() - leadMs);
    return { at: earlier(since && since > lead ? since : lead, due), workingTime: false };
  }
}

/**
 * Until when the apology slip (văn bản xin lỗi) for a dossier that will be late has to be sent: "chậm nhất trước khi hết hạn 01 ngày" (Decree 61/2018 art. 19.9), so one
 * working day before the term ends; a plain day where the calendar has no data. Undefined where the whole term is no longer than that: there never was time for one.
 */
export function apologyDue(calendar: Calendar, due: Date, { office, since }: Running): Date | undefined {
  const at = dayBefore(calendar, due, office);
  return since && at <= since ? undefined : at;
}

function dayBefore(calendar: Calendar, due: Date, office: string): Date {
  try {
    return calendar.subtractWorkingMs(due, WORKING_DAY, { office });
  } catch (error) {
    if (!(error instanceof CalendarYearMissing)) throw error;
    return new Date(due.getTime() - PLAIN_DAY);
  }
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
