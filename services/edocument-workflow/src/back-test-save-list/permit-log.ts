import { readFileSync } from 'node:fs';
import { WorkingCalendar } from '@par/administration';
import { parse } from 'csv-parse/sync';
import { type StepTime } from '../settling-times.ts';

/** A case of the log. Instants are in UTC. */
export interface LogCase {
  id: string;
  department: string;
  channel: string;
  openedAt: string;
  /** The end that was planned last; what was planned before that the log does not tell. */
  dueAt: string;
  closedAt?: string;
  steps: StepTime[];
}

/** Reads the public CoSeLoG log: receipt phase of an environmental permit, Dutch municipality, 2010–2012 (`receipt.csv`); steps in order of time. */
export function readPermitLog(file: string | URL): LogCase[] {
  const rows = parse<Record<string, string>>(readFileSync(file, 'utf8'), { columns: true, bom: true });
  const cases = new Map<string, LogCase>();
  for (const row of rows) {
    const id = row['case:concept:name']!;
    let found = cases.get(id);
    if (!found) {
      found = {
        id,
        department: row['case:department']!,
        channel: row['case:channel']!,
        openedAt: instant(row['case:startdate']!),
        dueAt: instant(row['case:enddate_planned']!),
        ...(row['case:enddate'] ? { closedAt: instant(row['case:enddate']) } : {}),
        steps: [],
      };
      cases.set(id, found);
    }
    found.steps.push({ step: row['concept:name']!, at: instant(row['time:timestamp']!) });
  }
  for (const { steps } of cases.values()) steps.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return [...cases.values()];
}

/** `2011-12-06 13:41:31.788000+01:00` → `2011-12-06T12:41:31.788Z` */
function instant(text: string): string {
  return new Date(text.replace(' ', 'T')).toISOString();
}

/**
 * The calendar the log is held against. It is made for it: Monday to Friday, eight hours a day, without holidays, since the calendar that ships is that of Việt Nam
 * and begins in 2021.
 */
export function permitCalendar(): WorkingCalendar {
  const day = ['08:00-12:00', '13:00-17:00'];
  return WorkingCalendar.of({
    name: { vi: 'Thứ hai đến thứ sáu, tám giờ mỗi ngày', en: 'Monday to Friday, eight hours a day' },
    timeZone: 'Europe/Amsterdam',
    officeHours: [{ from: '2009-01-01', monday: day, tuesday: day, wednesday: day, thursday: day, friday: day }],
    years: { 2009: [], 2010: [], 2011: [], 2012: [], 2013: [] },
  });
}
