import { readFileSync } from 'node:fs';
import { isLocalDate, type Term } from '@par/contracts';
import { type Label } from './labels.ts';
import { localDate } from './period.ts';
import { parseCalendar } from './read-calendar.ts';
import { type CalendarData, CalendarMistake, faultsOfCalendar, minutesOf, type OfficeSpan } from './working-calendar-data.ts';
import { DayPlan, type Openings, openingsOf, ZoneClock } from './working-calendar-openings.ts';

const HOUR = 3_600_000;
/** Decree 61/2018 art. 18; it does not say how long the "first hours" last, so one hour is our choice where the file has none. */
const TRANSFER = { cutOff: '15:00', firstHours: 1 };

export interface CalendarOptions {
  /** Unit id. An office without hours of its own in the calendar has the general hours. */
  office?: string;
}

/** Thrown where a working calendar is asked about a year that it has no data for: it never guesses. Ask `hasYear` first. */
export class CalendarYearMissing extends Error {
  override readonly name = 'CalendarYearMissing';
  readonly code = 'calendar.no-year';
  readonly text: Label;

  constructor(readonly year: number) {
    const text = {
      vi: `lịch làm việc chưa có dữ liệu năm ${year}`,
      en: `the working calendar has no data for the year ${year}`,
    };
    super(`calendar.no-year: ${text.en}`);
    this.text = text;
  }
}

/**
 * The working calendar (lịch làm việc) of a city: which hours of which days are worked. Immutable; every answer is a pure function of the data.
 * Instants in, instants out; dates are local to the calendar's zone; lengths are milliseconds of working time.
 *
 * Where working time is not running, it is counted from where it runs next (OpenCPS `DueDateUtils`): before the morning from its start, in the
 * lunch break from the afternoon, after hours or on a day off from the next working day. No instant that comes back lies outside office hours.
 * A closing moment is inside: what ends at 17:00 ends at 17:00 and not at 07:00 of the next morning, although no working time lies between.
 * So adding and then measuring returns what was added, and adding a and then b is adding a + b.
 */
export class WorkingCalendar {
  readonly timeZone: string;
  readonly #plan: DayPlan;
  readonly #clock: ZoneClock;
  readonly #cutOff: number;
  readonly #firstHours: number;
  readonly #openings = new Map<string | undefined, Openings[]>();

  private constructor(data: CalendarData) {
    this.timeZone = data.timeZone;
    this.#plan = new DayPlan(data);
    this.#clock = new ZoneClock(data.timeZone);
    const { cutOff, firstHours } = data.transfer ?? TRANSFER;
    this.#cutOff = minutesOf(cutOff);
    this.#firstHours = firstHours * HOUR;
  }

  /** @throws CalendarMistake that names every mistake */
  static of(data: CalendarData): WorkingCalendar {
    const faults = faultsOfCalendar(data);
    if (faults.length > 0) throw new CalendarMistake(faults);
    return new WorkingCalendar(data);
  }

  /** Years with data, ascending. */
  years(): number[] {
    return Object.keys(this.#plan.data.years)
      .map(Number)
      .sort((a, b) => a - b);
  }

  hasYear(year: number): boolean {
    return Object.hasOwn(this.#plan.data.years, String(year));
  }

  /** Whether an office is open on a local date `YYYY-MM-DD`, be it for half a day. @throws CalendarYearMissing, RangeError where it is no date */
  isWorkingDay(date: string, options: CalendarOptions = {}): boolean {
    return this.hoursOn(date, options).length > 0;
  }

  /** Open spans of a local date in minutes after midnight. @throws CalendarYearMissing, RangeError where it is no date */
  hoursOn(date: string, { office }: CalendarOptions = {}): readonly OfficeSpan[] {
    if (!isLocalDate(date)) throw new RangeError(`not a date: ${date}`);
    const year = Number(date.slice(0, 4));
    if (!this.hasYear(year)) throw new CalendarYearMissing(year);
    return this.#plan.spansOn(date, office);
  }

  /**
   * The instant at which a term that starts at `from` ends.
   *
   * A working hour is an hour of office time. A working day is the office's full day, the longest of its week (eight hours by the default hours,
   * so n × 8 hours as OpenCPS counts), and a half Saturday counts as its hours. Therefore the appointment falls at the hour of receipt, as
   * receipt slips have it: received Monday 08:30 with 3 working days, due Thursday 08:30.
   *
   * Civil Code 2015 art. 147.2–3 does not count the day of the event, and 148.5 ends a term on a working day: the end is the n-th working day
   * after the local day of `from`, at the hour from which the term counts (earlier than the 24:00 of art. 148.6, as the slip promises). What
   * counts from an opening needs a word for that. Received on a working day at or before 07:00, n × 8 hours are over at the closing of the
   * (n-1)-th day after, which is the same point of working time as 07:00 of the n-th: the term ends there, at 07:00; likewise at 13:30 and not
   * 11:30 where it counts from the afternoon. Received at closing, after hours or on a day off, the closing that ends the n × 8 hours is that
   * of the n-th working day after, and the term ends there, at 17:00.
   *
   * @throws CalendarYearMissing where `from`, the end or a day between lies in a year without data; RangeError for an invalid date or amount
   */
  addTerm(from: Date, term: Pick<Term, 'amount' | 'unit'>, options: CalendarOptions = {}): Date {
    const at = timeOf(from);
    const openings = this.#at(at, options);
    if (term.unit === 'working-hour') return new Date(endOf(openings, at, lengthOf(term.amount * HOUR)));
    const begun = spanBefore(openings.opens, at);
    const start = begun >= 0 && at < openings.closes[begun]! ? begun : begun + 1;
    if (start > begun) openingAfter(openings, begun);
    const end = endOf(openings, at, lengthOf(term.amount * openings.fullDay[start]!));
    const last = spanBefore(openings.opens, end);
    const isAtOpening = at <= openings.opens[start]! && at >= openings.midnight[start]!;
    if (!isAtOpening || end < openings.closes[last]!) return new Date(end);
    // In a week of uneven days the n-th day may be reached already; then a closing that no more work of that day follows is the end.
    const sameDay = openings.dayOf[last + 1] === openings.dayOf[last];
    const daysLater = openings.dayOf[last]! - openings.dayOf[start]!;
    return new Date(sameDay || daysLater < term.amount ? openingAfter(openings, last) : end);
  }

  /** The earliest instant within office hours at which `ms` of working time have passed since `from`. @throws as `addTerm` */
  addWorkingMs(from: Date, ms: number, options: CalendarOptions = {}): Date {
    const at = timeOf(from);
    return new Date(endOf(this.#at(at, options), at, lengthOf(ms)));
  }

  /** Working time between two instants; 0 where `to` is not after `from`. @throws CalendarYearMissing where it touches a year without data */
  workingMsBetween(from: Date, to: Date, options: CalendarOptions = {}): number {
    const start = timeOf(from);
    const end = timeOf(to);
    if (end <= start) return 0;
    const openings = this.#at(start, options);
    if (end > openings.until) throw new CalendarYearMissing(openings.lastYear + 1);
    return workedAt(openings, end) - workedAt(openings, start);
  }

  /**
   * The latest instant within office hours from which `ms` of working time remain before `to`: where the amount begins at the end of a
   * break, its end. `addWorkingMs` from there leads back to `to`, or to the closing before it where `to` opens or lies outside office hours.
   * @throws as `addTerm`
   */
  subtractWorkingMs(to: Date, ms: number, options: CalendarOptions = {}): Date {
    const end = timeOf(to);
    const length = lengthOf(ms);
    // The midnight that ends the last year is still known: nothing of the next year is asked.
    const openings = this.#at(end, options, 'up-to');
    const span = spanBefore(openings.opens, end);
    if (length === 0 && span >= 0) return new Date(Math.min(end, openings.closes[span]!));
    const target = workedAt(openings, end) - length;
    if (span < 0 || target < 0) throw new CalendarYearMissing(openings.firstYear - 1);
    const first = lastAtMost(openings.worked, target, openings.opens.length);
    return new Date(openings.opens[first]! + target - openings.worked[first]!);
  }

  /**
   * Until when the One-stop must have handed a dossier to the unit that settles it (Decree 61/2018 art. 18): the end of the same working day,
   * or, received after 15:00, the first hours of the next working day. What comes in on a day off counts as received on the next working day and
   * is handed over in the course of it; what comes after closing, on a half day too, as what comes after 15:00.
   * @throws as `addTerm`
   */
  transferDeadline(receivedAt: Date, options: CalendarOptions = {}): Date {
    const at = timeOf(receivedAt);
    const openings = this.#at(at, options);
    const before = spanBefore(openings.opens, at);
    const date = localDate(receivedAt, this.timeZone);
    const isOpenDay = (span: number): boolean => span >= 0 && openings.days[openings.dayOf[span]!] === date;
    if (!isOpenDay(before) && !isOpenDay(before + 1)) {
      openingAfter(openings, before);
      return new Date(openings.closes[lastOfDay(openings, before + 1)]!);
    }
    const last = lastOfDay(openings, isOpenDay(before) ? before : before + 1);
    const cutOff = this.#clock.instantOf(Date.parse(`${date}T00:00:00.000Z`), this.#cutOff);
    if (at <= cutOff && at < openings.closes[last]!) return new Date(openings.closes[last]!);
    return new Date(endOf(openings, openingAfter(openings, last), this.#firstHours));
  }

  /** The openings of the row of years in which an instant lies; `up-to` counts the midnight that ends them as inside. */
  #at(instant: number, { office }: CalendarOptions, edge: 'from' | 'up-to' = 'from'): Openings {
    // Offices without hours of their own share the general openings.
    const own = office !== undefined && Object.hasOwn(this.#plan.data.offices ?? {}, office) ? office : undefined;
    let rows = this.#openings.get(own);
    if (!rows) {
      rows = openingsOf(this.#plan, this.#clock, own);
      this.#openings.set(own, rows);
    }
    for (const row of rows) if (row.from <= instant && (instant < row.until || (edge === 'up-to' && instant === row.until))) return row;
    throw new CalendarYearMissing(Number(localDate(new Date(instant), this.timeZone).slice(0, 4)));
  }
}

/** The instant itself inside office hours, both ends of a span included; else the next opening. */
function withinHours(openings: Openings, at: number): number {
  const span = spanBefore(openings.opens, at);
  return span >= 0 && at <= openings.closes[span]! ? at : openingAfter(openings, span);
}

function endOf(openings: Openings, at: number, ms: number): number {
  if (ms === 0) return withinHours(openings, at);
  const target = workedAt(openings, at) + ms;
  // The span in which the target is reached: the first whose end is not before it, so that a full span ends at its closing.
  const span = firstAtLeast(openings.worked, target, openings.worked.length) - 1;
  if (span >= openings.opens.length) throw new CalendarYearMissing(openings.lastYear + 1);
  return openings.opens[span]! + target - openings.worked[span]!;
}

/** Working ms from the start of the openings to an instant in them. */
function workedAt({ opens, closes, worked }: Openings, at: number): number {
  const span = spanBefore(opens, at);
  return span < 0 ? 0 : worked[span]! + Math.min(at, closes[span]!) - opens[span]!;
}

function openingAfter({ opens, lastYear }: Openings, span: number): number {
  const open = opens[span + 1];
  if (open === undefined) throw new CalendarYearMissing(lastYear + 1);
  return open;
}

function lastOfDay({ dayOf }: Openings, span: number): number {
  let last = span;
  while (dayOf[last + 1] === dayOf[span]) last++;
  return last;
}

/** The last span that has begun at an instant; -1 before the first. */
function spanBefore(opens: Float64Array, at: number): number {
  return lastAtMost(opens, at, opens.length);
}

/** Position of the last of the first `length` ascending values that is at most `value`; -1 where none is. */
function lastAtMost(values: Float64Array, value: number, length: number): number {
  let low = -1;
  let high = length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (values[middle]! <= value) low = middle;
    else high = middle;
  }
  return low;
}

/** Position of the first of the first `length` ascending values that is at least `value`; `length` where none is. */
function firstAtLeast(values: Float64Array, value: number, length: number): number {
  let low = -1;
  let high = length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < value) low = middle;
    else high = middle;
  }
  return high;
}

function timeOf(date: Date): number {
  const time = date.getTime();
  if (Number.isNaN(time)) throw new RangeError('not a date');
  return time;
}

function lengthOf(ms: number): number {
  if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError(`not a length of working time in whole milliseconds: ${ms}`);
  return ms;
}

/** The file that the product ships. */
export const VIETNAM_CALENDAR_FILE = new URL('../data/calendars/vietnam.yaml', import.meta.url);

/** Reads a calendar file. @throws CalendarMistake that names every mistake with line and key; the error of the file system where it cannot be read */
export function loadCalendar(file: string | URL = VIETNAM_CALENDAR_FILE): WorkingCalendar {
  const name = typeof file === 'string' ? file : 'vietnam.yaml';
  return WorkingCalendar.of(parseCalendar(readFileSync(file, 'utf8'), name).data);
}

let shipped: WorkingCalendar | undefined;

/** The shipped calendar of Vietnamese state offices, 2021 to 2026, read once. */
export function vietnamCalendar(): WorkingCalendar {
  shipped ??= loadCalendar();
  return shipped;
}
