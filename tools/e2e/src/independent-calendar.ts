/**
 * The second pair of eyes' own calendar of 2021 in Huế: office hours 07:00–11:30 and 13:30–17:00, Monday to Friday, less the holidays of that year.
 * Written to be read, not to be fast; it shares no line with the product's calendar. All instants are epoch milliseconds.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Vietnam has had no daylight saving since 1975. */
const OFFSET = 7 * HOUR;

const HOLIDAYS = new Set([
  '2021-01-01',
  '2021-02-10',
  '2021-02-11',
  '2021-02-12',
  '2021-02-15',
  '2021-02-16',
  '2021-04-21',
  '2021-04-30',
  '2021-05-03',
  '2021-09-02',
  '2021-09-03',
]);

export interface IndependentTerm {
  amount: number;
  unit: 'working-day' | 'working-hour';
}

/** Local date `YYYY-MM-DD` of an instant. */
export function dayOf(at: number): string {
  return new Date(at + OFFSET).toISOString().slice(0, 10);
}

/** Local month `YYYY-MM` of an instant. */
export function monthOf(at: number): string {
  return dayOf(at).slice(0, 7);
}

/** The instant of local midnight at which a date begins. */
export function midnight(day: string): number {
  return Date.parse(`${day}T00:00:00+07:00`);
}

export function isWorkingDay(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !HOLIDAYS.has(day);
}

/** The first working instant not before `at`: before the morning its start, in the lunch break the afternoon, after hours the next working day. */
export function workingStart(at: number): number {
  const day = dayOf(at);
  const start = midnight(day);
  if (isWorkingDay(day)) {
    if (at < start + 7 * HOUR) return start + 7 * HOUR;
    if (at < start + 11 * HOUR + 30 * MINUTE) return at;
    if (at < start + 13 * HOUR + 30 * MINUTE) return start + 13 * HOUR + 30 * MINUTE;
    if (at < start + 17 * HOUR) return at;
  }
  return workingStart(start + DAY);
}

/**
 * When a term that starts at `at` ends. Working hours: when they are used up. Working days: so many working days after the local day (which is not counted),
 * at the hour at which the term began to run; where it came after hours or on a day off, when the office closes.
 */
export function endOfTerm(at: number, term: IndependentTerm): number {
  const start = workingStart(at);
  if (term.unit === 'working-day') {
    let day = midnight(dayOf(at));
    const hourOfDay = dayOf(start) === dayOf(at) ? start - day : 17 * HOUR;
    for (let left = term.amount; left > 0;) {
      day += DAY;
      if (isWorkingDay(dayOf(day))) left -= 1;
    }
    return day + hourOfDay;
  }
  let left = term.amount * HOUR;
  let from = start;
  for (;;) {
    const day = midnight(dayOf(from));
    const isMorning = from < day + 11 * HOUR + 30 * MINUTE;
    const close = isMorning ? day + 11 * HOUR + 30 * MINUTE : day + 17 * HOUR;
    if (from + left <= close) return from + left;
    left -= close - from;
    from = workingStart(close);
  }
}

/** Working hours of a term, to tell which of two is shorter. */
export function hoursOf({ amount, unit }: IndependentTerm): number {
  return unit === 'working-day' ? amount * 8 : amount;
}

/** The last millisecond of a year `2021` or a month `2021-03`, on Huế's clocks. */
export function endOf(period: string): number {
  const [year = 0, month = 12] = period.split('-').map(Number);
  const next = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
  return midnight(next) - 1;
}

/** The first millisecond of a year or a month. */
export function startOf(period: string): number {
  return midnight(period.length === 4 ? `${period}-01-01` : `${period}-01`);
}
