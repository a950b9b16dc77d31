export const TIME_FORMATS = ['iso', 'day-first', 'compact'] as const;
export type TimeFormat = (typeof TIME_FORMATS)[number];

const CLOCK = String.raw`(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?`;
const OFFSET = String.raw`\s*(Z|[+-]\d{2}(?::?\d{2})?)?`;
const PATTERNS: Record<TimeFormat, { pattern: RegExp; date: readonly [number, number, number] }> = {
  iso: { pattern: new RegExp(`^(\\d{4})-(\\d{2})-(\\d{2})${CLOCK}${OFFSET}$`, 'i'), date: [1, 2, 3] },
  'day-first': { pattern: new RegExp(`^(\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{4})${CLOCK}${OFFSET}$`, 'i'), date: [3, 2, 1] },
  // The national portal writes yyyyMMddHHmmss without an offset.
  compact: { pattern: /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?()()$/, date: [1, 2, 3] },
};

/**
 * Reads a time of a log and writes it as RFC 3339 in UTC with milliseconds; finer digits are cut off. A time without an offset is
 * local time of `timeZone`; where the clocks were put back it is the earlier of the two instants, and where they were put forward
 * the skipped hour counts on from before. A bare date is its midnight. Undefined where the text is no such time or no such day.
 */
export function instantOf(text: string, format: TimeFormat, timeZone: string): string | undefined {
  const { pattern, date } = PATTERNS[format];
  const parts = pattern.exec(text.trim());
  if (!parts) return undefined;
  const [year, month, day] = date.map((group) => Number(parts[group])) as [number, number, number];
  const [hour, minute, second] = [4, 5, 6].map((group) => Number(parts[group] ?? 0)) as [number, number, number];
  const milliseconds = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const rolled = new Date(asUtc);
  if (rolled.getUTCMonth() !== month - 1 || rolled.getUTCDate() !== day) return undefined;
  const offset = parts[8] ? offsetMinutes(parts[8]) : undefined;
  return new Date(offset === undefined ? fromLocal(asUtc, timeZone) : asUtc - offset * 60_000).toISOString();
}

function offsetMinutes(text: string): number {
  if (text.toUpperCase() === 'Z') return 0;
  const digits = text.slice(1).replace(':', '').padEnd(4, '0');
  return (text.startsWith('-') ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
}

function fromLocal(asUtc: number, timeZone: string): number {
  // The offset a day before and a day after bound any change of clocks near this time; the larger one gives the earlier instant.
  const candidates = [zoneOffset(asUtc - DAY_MS, timeZone), zoneOffset(asUtc + DAY_MS, timeZone)].sort((a, b) => b - a);
  const fitting = candidates.find((offset) => zoneOffset(asUtc - offset, timeZone) === offset);
  return asUtc - (fitting ?? Math.min(...candidates));
}

const formatters = new Map<string, Intl.DateTimeFormat>();

const DAY_MS = 86_400_000;
const MOST_DAYS = 50_000;
const offsets = new Map<string, Map<number, number>>();

/**
 * Offset of a zone from UTC at an instant, in milliseconds. A log of a million local times asks for the same days again and again: where a UTC day begins
 * and ends with one offset, that is the offset all day.
 */
function zoneOffset(instant: number, timeZone: string): number {
  const day = Math.floor(instant / DAY_MS);
  const offset = offsetAtDay(day, timeZone);
  return offset === offsetAtDay(day + 1, timeZone) ? offset : shownOffset(instant, timeZone);
}

function offsetAtDay(day: number, timeZone: string): number {
  let known = offsets.get(timeZone);
  if (!known || known.size > MOST_DAYS) offsets.set(timeZone, (known = new Map<number, number>()));
  let offset = known.get(day);
  if (offset === undefined) known.set(day, (offset = shownOffset(day * DAY_MS, timeZone)));
  return offset;
}

function shownOffset(instant: number, timeZone: string): number {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US-u-hc-h23', {
      timeZone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, formatter);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(instant)) part[type] = Number(value);
  const local = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second);
  return local - Math.floor(instant / 1000) * 1000;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
