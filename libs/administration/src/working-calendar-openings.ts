import { type CalendarData, namedDays, type OfficeHours, type OfficeSpan, spansOf, WEEKDAYS } from './working-calendar-data.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

/**
 * The spans in which an office is open through an unbroken row of years with data, as instants, so that adding and measuring are binary
 * searches. Arrays run in parallel; `worked` has one element more.
 */
export interface Openings {
  firstYear: number;
  lastYear: number;
  /** Local midnight at which the first year begins, ms since 1970. */
  from: number;
  /** Local midnight at which the last year has ended. */
  until: number;
  opens: Float64Array;
  closes: Float64Array;
  /** Working ms before the span; the last element is the whole. */
  worked: Float64Array;
  /** Position of the span's day among the office's working days. */
  dayOf: Int32Array;
  /** The local midnight with which the span's day begins. */
  midnight: Float64Array;
  /** A full working day by the hours in force on the span's day, ms. */
  fullDay: Float64Array;
  /** Local dates of the working days. */
  days: string[];
}

/** Which days are off and which weekday's hours a make-up day has; made once per calendar. */
export class DayPlan {
  readonly #off = new Set<string>();
  /** Make-up day → the day off that it makes up for, whose weekday's hours it has. */
  readonly #madeUp = new Map<string, string>();
  readonly #spans = new Map<OfficeHours, OfficeSpan[][]>();

  constructor(readonly data: CalendarData) {
    for (const { day, kind } of namedDays(data)) if (kind !== 'work') this.#off.add(day);
    const exchanged = Object.values(data.years).flatMap((occasions) => occasions.flatMap((occasion) => occasion.exchanged ?? []));
    for (const { off, work } of exchanged) this.#madeUp.set(work, off);
  }

  /** Open spans of an office on a local date, in minutes on its clocks; none on a day off. */
  spansOn(day: string, office: string | undefined): readonly OfficeSpan[] {
    if (this.#off.has(day)) return [];
    const week = this.#weekOn(day, office);
    const own = week[weekdayOf(day)]!;
    const madeUpFor = this.#madeUp.get(day);
    const instead = madeUpFor === undefined ? [] : week[weekdayOf(madeUpFor)]!;
    return instead.length > 0 ? instead : own;
  }

  /** Minutes of a full working day: the longest day of the week by the hours in force. */
  fullDayOn(day: string, office: string | undefined): number {
    return Math.max(...this.#weekOn(day, office).map(minutesIn));
  }

  /** Spans by weekday from Sunday on, by the hours in force on a day. */
  #weekOn(day: string, office: string | undefined): OfficeSpan[][] {
    const hours =
      hoursOn(day, office === undefined ? undefined : this.data.offices?.[office]?.officeHours) ?? hoursOn(day, this.data.officeHours);
    if (!hours) return WEEKDAYS.map(() => []);
    let week = this.#spans.get(hours);
    if (!week) {
      week = WEEKDAYS.map((weekday) => spansOf(hours[weekday]));
      this.#spans.set(hours, week);
    }
    return week;
  }
}

function hoursOn(day: string, history: readonly OfficeHours[] | undefined): OfficeHours | undefined {
  return history?.findLast((hours) => hours.from <= day);
}

/** Minutes in all spans of a day. */
export function minutesIn(spans: readonly OfficeSpan[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** 0 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00.000Z`).getUTCDay();
}

/** The openings of an office, one per unbroken row of years, from the oldest on. `office` undefined: the general hours. */
export function openingsOf(plan: DayPlan, clock: ZoneClock, office: string | undefined): Openings[] {
  const years = Object.keys(plan.data.years)
    .map(Number)
    .sort((a, b) => a - b);
  const rows: [number, number][] = [];
  for (const year of years) {
    const row = rows.at(-1);
    if (row && row[1] === year - 1) row[1] = year;
    else rows.push([year, year]);
  }
  return rows.map(([first, last]) => openingsIn(first, last, plan, clock, office));
}

function openingsIn(firstYear: number, lastYear: number, plan: DayPlan, clock: ZoneClock, office: string | undefined): Openings {
  const opens: number[] = [];
  const closes: number[] = [];
  const worked = [0];
  const dayOf: number[] = [];
  const midnights: number[] = [];
  const fullDay: number[] = [];
  const days: string[] = [];
  const end = Date.UTC(lastYear + 1, 0, 1);
  for (let midnight = Date.UTC(firstYear, 0, 1); midnight < end; midnight += DAY) {
    const day = new Date(midnight).toISOString().slice(0, 10);
    const before = opens.length;
    for (const span of plan.spansOn(day, office)) {
      const open = clock.instantOf(midnight, span.from);
      const close = clock.instantOf(midnight, span.to);
      // Where the clocks skip the whole span, nobody works in it.
      if (close <= open) continue;
      opens.push(open);
      closes.push(close);
      worked.push(worked.at(-1)! + close - open);
      dayOf.push(days.length);
      midnights.push(clock.instantOf(midnight, 0));
      fullDay.push(plan.fullDayOn(day, office) * MINUTE);
    }
    if (opens.length > before) days.push(day);
  }
  return {
    firstYear,
    lastYear,
    from: clock.instantOf(Date.UTC(firstYear, 0, 1), 0),
    until: clock.instantOf(end, 0),
    opens: Float64Array.from(opens),
    closes: Float64Array.from(closes),
    worked: Float64Array.from(worked),
    dayOf: Int32Array.from(dayOf),
    midnight: Float64Array.from(midnights),
    fullDay: Float64Array.from(fullDay),
    days,
  };
}

/** From wall time to instants in an IANA zone, by the rules that Intl has; the offset of each day is asked for once. */
export class ZoneClock {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  constructor(timeZone: string) {
    // Swedish writes date and time as ISO 8601 does.
    this.#format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  /**
   * The first instant at which the clocks show a wall time, or, where they skip it, the instant at which they skip.
   * @param midnight the local date as ms of its midnight in UTC
   * @param minutes after midnight, 0 to 1,440
   */
  instantOf(midnight: number, minutes: number): number {
    const wall = midnight + minutes * MINUTE;
    // No zone is more than a day from UTC, so the local day lies between these two; equal offsets there mean that nothing changes in it.
    const before = this.#offsetAtDay(midnight - DAY);
    const after = this.#offsetAtDay(midnight + 2 * DAY);
    if (before === after) return wall - before;
    const candidates = [wall - before, wall - after].filter((instant) => this.#offsetAt(instant) === wall - instant);
    return candidates.length > 0 ? Math.min(...candidates) : this.#changeBetween(midnight - DAY, midnight + 2 * DAY);
  }

  /** The first instant after `low` with the offset of `high`, halving. */
  #changeBetween(low: number, high: number): number {
    const before = this.#offsetAt(low);
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    return high;
  }

  #offsetAtDay(instant: number): number {
    let offset = this.#offsets.get(instant);
    if (offset === undefined) {
      offset = this.#offsetAt(instant);
      this.#offsets.set(instant, offset);
    }
    return offset;
  }

  /** Wall time minus UTC, ms. */
  #offsetAt(instant: number): number {
    const wall = Date.parse(`${this.#format.format(instant).replace(' ', 'T')}Z`);
    return wall - Math.floor(instant / 1000) * 1000;
  }
}
