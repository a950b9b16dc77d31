/** A period of the calendar: a year `2011`, a quarter `2011-Q4`, a month `2011-10`, or `all`. */
export type Period = string;

const PERIOD = /^(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?$/;
const formatters = new Map<string, Intl.DateTimeFormat>();

const DATE = { calendar: 'gregory', numberingSystem: 'latn', year: 'numeric', month: '2-digit', day: '2-digit' } as const;
const TIME = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;

const HOUR_MS = 3_600_000;
/** Hours of one zone whose date is remembered; ten years are 87,660. */
const MOST_HOURS = 100_000;
const hours = new Map<string, Map<number, string>>();

/**
 * The calendar date `YYYY-MM-DD` of an instant on the clocks of an IANA zone, with its daylight saving as of that day.
 * Made several times for every event, so the date of an hour is remembered. Years 1 to 9999.
 * @throws RangeError for an unknown zone or an invalid date
 */
export function localDate(instant: Date, timeZone: string): string {
  const hour = Math.floor(instant.getTime() / HOUR_MS);
  let known = hours.get(timeZone);
  const date = known?.get(hour);
  if (date !== undefined) return date;
  const text = formattedDate(instant, timeZone);
  if (isOrdinaryHour(hour, timeZone)) {
    if (!known) hours.set(timeZone, (known = new Map<number, string>()));
    if (known.size >= MOST_HOURS) known.clear();
    known.set(hour, text);
  }
  return text;
}

/** Whether an hour of UTC lies on one date of the zone: the date is the same at both ends, and no clock is set in between. */
function isOrdinaryHour(hour: number, timeZone: string): boolean {
  const [first, last] = [hour * HOUR_MS, (hour + 1) * HOUR_MS - 1_000].map((ms) => clockOf(timeZone).format(ms));
  return first!.slice(0, 10) === last!.slice(0, 10) && Date.parse(`${last}Z`) - Date.parse(`${first}Z`) === HOUR_MS - 1_000;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (!clock) clocks.set(timeZone, (clock = new Intl.DateTimeFormat('sv-SE', { ...DATE, timeZone, ...TIME })));
  return clock;
}

/** The same without a memory. For specs. */
export function formattedDate(instant: Date, timeZone: string): string {
  const text = formatterOf(timeZone).format(instant);
  return text.length === 10 ? text : text.padStart(10, '0');
}

/**
 * The instant at which the clocks of a zone showed a local time `YYYY-MM-DD` or `YYYY-MM-DDTHH:mm:ss`. Where they showed it twice, as one of the two; where they jumped over
 * it, as long after the jump.
 */
export function instantOf(local: string, timeZone: string): Date {
  const shown = Date.parse(`${local.length === 10 ? `${local}T00:00:00` : local}Z`);
  const offsetAt = (ms: number): number => Date.parse(`${clockOf(timeZone).format(ms).replace(' ', 'T')}Z`) - ms;
  return new Date(shown - offsetAt(shown - offsetAt(shown)));
}

/** What the clocks of a zone showed at an instant, `YYYY-MM-DDTHH:mm:ss`. */
export function localTime(instant: Date, timeZone: string): string {
  return clockOf(timeZone).format(instant).replace(' ', 'T');
}

/** The month `YYYY-MM` of an instant on the clocks of a zone; see `localDate`. */
export function monthOf(instant: Date, timeZone: string): string {
  return localDate(instant, timeZone).slice(0, 7);
}

/** Whether a zone is one that this machine knows: `Asia/Ho_Chi_Minh`. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatterOf(timeZone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    // Swedish writes dates as ISO 8601 does; calendar and digits are pinned so that no default of the machine matters.
    formatter = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      ...DATE,
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** The period that a text names, or `undefined` where it names none. */
export function parsePeriod(text: string): Period | undefined {
  return text === 'all' || PERIOD.test(text) ? text : undefined;
}

/** First and last month of a period; `undefined` for `all`, which has neither. @throws Error where the text is no period */
export function monthsIn(period: Period): { from: string; to: string } | undefined {
  if (period === 'all') return undefined;
  const [, year, quarter, month] = PERIOD.exec(period) ?? [];
  if (year === undefined) throw new Error(`not a period: ${period}`);
  if (month !== undefined) return { from: period, to: period };
  if (quarter === undefined) return { from: `${year}-01`, to: `${year}-12` };
  const last = Number(quarter) * 3;
  return { from: `${year}-${String(last - 2).padStart(2, '0')}`, to: `${year}-${String(last).padStart(2, '0')}` };
}

/** First day of a period, `YYYY-MM-DD`; `undefined` for `all`. */
export function firstDayOf(period: Period): string | undefined {
  const months = monthsIn(period);
  return months && `${months.from}-01`;
}

/** Last day of a period, `YYYY-MM-DD`; `undefined` for `all`. */
export function lastDayOf(period: Period): string | undefined {
  const months = monthsIn(period);
  if (!months) return undefined;
  return remembered(lastDays, months.to, () => {
    // Day 0 of the next month. A leading-zero year would be read as 19xx by Date.UTC, so the date is set on an object.
    const [year = 0, month = 0] = months.to.split('-').map(Number);
    const day = new Date(0);
    day.setUTCFullYear(year, month, 0);
    return `${months.to}-${String(day.getUTCDate()).padStart(2, '0')}`;
  });
}

/** Ends of periods that are remembered: every row of a page of figures asks for one of a few. */
const MOST_ENDS = 1_000;
const lastDays = new Map<string, string>();
const instants = new Map<string, number>();

function remembered<T extends string | number>(known: Map<string, T>, key: string, find: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MOST_ENDS) known.clear();
  const value = find();
  known.set(key, value);
  return value;
}

/** The last millisecond of a period on the clocks of a zone; undefined for `all`, which has no end. @throws Error where the text is no period */
export function endOfPeriod(period: Period, timeZone: string): Date | undefined {
  const day = lastDayOf(period);
  if (day === undefined) return undefined;
  const end = remembered(instants, `${day} end ${timeZone}`, () => {
    // No zone is more than 14 hours from UTC: from well before to well after the end of the day, halving to where the local date turns.
    let inside = Date.parse(`${day}T00:00:00.000Z`) - 15 * 3_600_000;
    let outside = inside + 60 * 3_600_000;
    while (outside - inside > 1) {
      const middle = Math.floor((inside + outside) / 2);
      if (localDate(new Date(middle), timeZone) <= day) inside = middle;
      else outside = middle;
    }
    return inside;
  });
  return new Date(end);
}

/** The first millisecond of a period on the clocks of a zone; undefined for `all`, which has no beginning. @throws Error where the text is no period */
export function startOfPeriod(period: Period, timeZone: string): Date | undefined {
  const day = firstDayOf(period);
  if (day === undefined) return undefined;
  const start = remembered(instants, `${day} start ${timeZone}`, () => {
    let outside = Date.parse(`${day}T00:00:00.000Z`) - 16 * 3_600_000;
    let inside = outside + 60 * 3_600_000;
    while (inside - outside > 1) {
      const middle = Math.floor((inside + outside) / 2);
      if (localDate(new Date(middle), timeZone) >= day) inside = middle;
      else outside = middle;
    }
    return inside;
  });
  return new Date(start);
}
