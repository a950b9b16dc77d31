import { type WorkingCalendar } from '@par/administration';

const HOUR_MS = 3_600_000;
/** No row of days off is longer. */
const LONGEST_BREAK_MS = 30 * 86_400_000;

/** The instant from which so many working hours have passed. Where the calendar has no data for the year, plain hours: a missing calendar must not make a city look dead. */
export function workingHoursBefore(calendar: WorkingCalendar, now: Date, hours: number): Date {
  const years = [now.getUTCFullYear(), new Date(now.getTime() - LONGEST_BREAK_MS).getUTCFullYear()];
  return years.every((year) => calendar.hasYear(year))
    ? calendar.subtractWorkingMs(now, hours * HOUR_MS)
    : new Date(now.getTime() - hours * HOUR_MS);
}
