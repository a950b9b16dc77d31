import { loadCalendar, vietnamCalendar, type WorkingCalendar } from '@par/administration';
import { type Environment } from '@par/service-kit';

/**
 * The one calendar that this process reckons with, whatever it works out: expected steps, deadlines, the save-list, what it shows. The file that CALENDAR_FILE names,
 * else the shipped one.
 * @throws CalendarMistake that names every mistake of the file; the error of the file system where it cannot be read
 */
export function configuredCalendar(environment: Environment): WorkingCalendar {
  const file = environment.text('CALENDAR_FILE', '');
  return file === '' ? vietnamCalendar() : loadCalendar(file);
}
