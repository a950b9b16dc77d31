import { type Term } from '@par/contracts';

/**
 * When people at Huế's made-up offices work in 2021, so that arrivals, appointments and results fall where they would. This says how the demo was made,
 * not when a term ends by law: the product has its own calendar for that. Instants are epoch milliseconds, dates local `YYYY-MM-DD`.
 */

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const OFFSET = 7 * HOUR;

export const YEAR = 2021;
export const YEAR_FROM = Date.parse('2021-01-01T00:00:00+07:00');
/** The last second of the year. */
export const YEAR_TO = Date.parse('2021-12-31T23:59:59+07:00');

/** Tết, when nobody sends anything in. */
const TET = new Set(['2021-02-10', '2021-02-11', '2021-02-12', '2021-02-13', '2021-02-14', '2021-02-15', '2021-02-16']);
const OTHER_HOLIDAYS = new Set(['2021-01-01', '2021-04-21', '2021-04-30', '2021-05-03', '2021-09-02', '2021-09-03']);

const OPENS = 7 * HOUR;
const LUNCH_FROM = 11.5 * HOUR;
const LUNCH_TO = 13.5 * HOUR;
const CLOSES = 17 * HOUR;

/** `2021-03-15` and, where given, an hour of the clock such as `08:30` or `08:30:15`. */
export function instantOf(date: string, clock = '00:00'): number {
  return Date.parse(`${date}T${clock.length === 5 ? `${clock}:00` : clock}+07:00`);
}

/** A date is asked for many times for each event, and a year has few. */
const dates = new Map<number, string>();

export function dateOf(at: number): string {
  const day = Math.floor((at + OFFSET) / DAY);
  let date = dates.get(day);
  if (date === undefined) dates.set(day, (date = new Date(day * DAY).toISOString().slice(0, 10)));
  return date;
}

/** Local midnight before an instant. */
export function midnightOf(at: number): number {
  return Math.floor((at + OFFSET) / DAY) * DAY - OFFSET;
}

/** To the second, as one-stop software writes it: `2021-03-15T08:30:15+07:00`. */
export function localText(at: number): string {
  return `${new Date(at + OFFSET).toISOString().slice(0, 19)}+07:00`;
}

/** As software that keeps its times in UTC writes it: `2021-03-15T01:30:15.000Z`. */
export function utcText(at: number): string {
  return new Date(at).toISOString();
}

export function isTet(date: string): boolean {
  return TET.has(date);
}

const workingDays = new Map<string, boolean>();

export function isWorkingDay(date: string): boolean {
  let isWorking = workingDays.get(date);
  if (isWorking === undefined) {
    const weekday = weekdayOf(date);
    isWorking = weekday !== 0 && weekday !== 6 && !TET.has(date) && !OTHER_HOLIDAYS.has(date);
    workingDays.set(date, isWorking);
  }
  return isWorking;
}

/** 0 Sunday to 6 Saturday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

/** The instant itself where somebody is at work, else when somebody next is. */
export function officeInstant(at: number): number {
  const midnight = midnightOf(at);
  const clock = at - midnight;
  if (isWorkingDay(dateOf(at)) && clock < CLOSES) {
    if (clock < OPENS) return midnight + OPENS;
    return clock < LUNCH_FROM || clock >= LUNCH_TO ? at : midnight + LUNCH_TO;
  }
  let next = midnight + DAY;
  while (!isWorkingDay(dateOf(next))) next += DAY;
  return next + OPENS;
}

/** The instant at which so much office time has gone by. */
export function afterOfficeTime(from: number, ms: number): number {
  let at = officeInstant(from);
  let left = ms;
  for (;;) {
    const midnight = midnightOf(at);
    const close = midnight + (at - midnight < LUNCH_FROM ? LUNCH_FROM : CLOSES);
    if (at + left < close) return at + left;
    left -= close - at;
    at = officeInstant(close);
  }
}

/** The appointment that a receipt slip gives for a term. */
export function appointmentOf(from: number, term: Term): number {
  return afterOfficeTime(from, officeMsOf(term));
}

/** Office time of a term; a working day is eight hours. */
export function officeMsOf({ amount, unit }: Term): number {
  return amount * (unit === 'working-day' ? 8 * HOUR : HOUR);
}
