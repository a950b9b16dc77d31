import { isLocalDate } from '@par/contracts';
import { type Label } from './labels.ts';
import { isTimeZone } from './period.ts';

export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Office hours in force from a day on: per weekday spans `HH:MM-HH:MM` in their order; a weekday left out is closed. */
export type OfficeHours = { from: string } & Partial<Record<Weekday, string[]>>;

/** The public holidays of Labour Code 2019 art. 112, the culture day proposed in 2026, and anything else. */
export type OccasionKind =
  'new-year' | 'tet' | 'hung-kings' | 'reunification-day' | 'labour-day' | 'national-day' | 'culture-day' | 'other';

/** One notice: why offices are closed, on which days, and where that stands. Dates are local, `YYYY-MM-DD`. */
export interface Occasion {
  occasion: OccasionKind;
  /** Needed for `other`. */
  name?: Label;
  /** The public holidays themselves, also those on a weekend. */
  holidays?: string[];
  /** Nghỉ bù: days off because a holiday fell on a weekend (Labour Code art. 111.3). */
  inLieu?: string[];
  /** Hoán đổi: a working day given off, and the day on which it is made up for (ngày làm bù). */
  exchanged?: { off: string; work: string }[];
  /** Days on which the city closed its offices by its own decision. */
  closed?: string[];
  source: string;
  /** false: general knowledge or press only. */
  confirmed: boolean;
}

/** A calendar file, parsed: `data/calendars/calendar.schema.json`, explained in `docs/calendar.md`. */
export interface CalendarData {
  name: Label;
  /** IANA zone of every date and hour. */
  timeZone: string;
  /** From the oldest on. */
  officeHours: OfficeHours[];
  /** Hand-over from the One-stop to the unit (Decree 61/2018 art. 18); after 15:00, one hour, where absent. */
  transfer?: { cutOff: string; firstHours: number };
  /** Offices with hours of their own, by unit id. Before their first `from`, the general hours hold. */
  offices?: Record<string, { note?: string; officeHours: OfficeHours[] }>;
  /** Occasions by year `YYYY`. Only a year that stands here has data, be its list empty. */
  years: Record<string, Occasion[]>;
}

export type CalendarFaultCode =
  | 'calendar.not-yaml'
  | 'calendar.misshapen'
  | 'calendar.missing-key'
  | 'calendar.unknown-key'
  | 'calendar.unknown-zone'
  | 'calendar.no-such-day'
  | 'calendar.wrong-year'
  | 'calendar.day-twice'
  | 'calendar.hours-order'
  | 'calendar.hours-missing'
  | 'calendar.nameless';

/** Where something stands in a calendar: keys and positions from the outside in. */
export type CalendarPath = readonly (string | number)[];

/** One thing wrong with a calendar. */
export interface CalendarFault {
  path: CalendarPath;
  code: CalendarFaultCode;
  text: Label;
  /** Line in the file, from 1; absent where the calendar was not read from text. */
  line?: number;
}

/** Thrown with everything that is wrong with a calendar at once; `text` names line and key of each mistake. */
export class CalendarMistake extends Error {
  override readonly name = 'CalendarMistake';
  readonly code = 'calendar.invalid';
  readonly text: Label;

  constructor(
    readonly faults: readonly CalendarFault[],
    readonly file?: string,
  ) {
    const list = (language: 'vi' | 'en'): string => faults.map((fault) => `  ${placeOf(fault, file)}: ${fault.text[language]}`).join('\n');
    const text = { vi: `lịch làm việc không hợp lệ\n${list('vi')}`, en: `the working calendar is not valid\n${list('en')}` };
    super(`calendar.invalid: ${text.en}`);
    this.text = text;
  }
}

function placeOf({ path, line }: CalendarFault, file: string | undefined): string {
  const key = keyText(path) || '(file)';
  return line === undefined ? key : `${file ?? ''}:${line}  ${key}`;
}

/** `years.2024[2].inLieu[0]`; empty for the file as a whole. */
export function keyText(path: CalendarPath): string {
  return path.reduce<string>((so, part) => (typeof part === 'number' ? `${so}[${part}]` : so ? `${so}.${part}` : part), '');
}

/** Everything that is wrong with a calendar of the right shape: zone, days that do not exist or stand twice, hours out of order. */
export function faultsOfCalendar(data: CalendarData): CalendarFault[] {
  const faults: CalendarFault[] = [];
  if (!isTimeZone(data.timeZone)) {
    const text = { vi: `"${data.timeZone}" không phải múi giờ IANA`, en: `"${data.timeZone}" is no IANA time zone` };
    faults.push({ path: ['timeZone'], code: 'calendar.unknown-zone', text });
  }
  faults.push(...faultsOfHours(data.officeHours, ['officeHours']));
  for (const [id, office] of Object.entries(data.offices ?? {})) {
    faults.push(...faultsOfHours(office.officeHours, ['offices', id, 'officeHours']));
  }
  const firstDay = `${Object.keys(data.years).sort()[0] ?? ''}-01-01`;
  const firstHours = data.officeHours[0]?.from ?? '';
  if (firstHours > firstDay) {
    faults.push({
      path: ['officeHours', 0, 'from'],
      code: 'calendar.hours-missing',
      text: {
        vi: `chưa có giờ làm việc cho các ngày từ ${firstDay} đến trước ${firstHours}`,
        en: `there are no office hours from ${firstDay} to before ${firstHours}`,
      },
    });
  }
  return [...faults, ...faultsOfDays(data)];
}

/** A day with its place in the file and what it is there. */
interface NamedDay {
  day: string;
  path: CalendarPath;
  year: number;
  /** A holiday belongs to its own year; a day in lieu or in exchange may lie in a neighbouring one. */
  kind: 'holidays' | 'inLieu' | 'off' | 'work' | 'closed';
}

/** Every day that the file names, in its order. */
export function namedDays(data: CalendarData): NamedDay[] {
  return Object.entries(data.years).flatMap(([year, occasions]) =>
    occasions.flatMap((occasion, index) => {
      const at = ['years', year, index];
      const list = (kind: 'holidays' | 'inLieu' | 'closed'): NamedDay[] =>
        (occasion[kind] ?? []).map((day, position) => ({ day, kind, year: Number(year), path: [...at, kind, position] }));
      const exchanged = (occasion.exchanged ?? []).flatMap((pair, position) =>
        (['off', 'work'] as const).map((kind) => ({
          day: pair[kind],
          kind,
          year: Number(year),
          path: [...at, 'exchanged', position, kind],
        })),
      );
      return [...list('holidays'), ...list('inLieu'), ...exchanged, ...list('closed')];
    }),
  );
}

function faultsOfDays(data: CalendarData): CalendarFault[] {
  const faults: CalendarFault[] = [];
  const seen = new Set<string>();
  for (const { day, kind, year, path } of namedDays(data)) {
    if (!isLocalDate(day)) {
      faults.push({ path, code: 'calendar.no-such-day', text: { vi: `ngày ${day} không tồn tại`, en: `there is no day ${day}` } });
      continue;
    }
    if (Math.abs(Number(day.slice(0, 4)) - year) > (kind === 'holidays' || kind === 'closed' ? 0 : 1)) {
      const text = { vi: `ngày ${day} không thuộc năm ${year}`, en: `${day} is not a day of ${year}` };
      faults.push({ path, code: 'calendar.wrong-year', text });
    }
    if (seen.has(day)) {
      const text = { vi: `ngày ${day} đã có trong lịch`, en: `${day} stands in the calendar already` };
      faults.push({ path, code: 'calendar.day-twice', text });
    }
    seen.add(day);
  }
  for (const [year, occasions] of Object.entries(data.years)) {
    occasions.forEach((occasion, index) => {
      if (occasion.occasion !== 'other' || occasion.name) return;
      const text = { vi: 'lý do khác ("other") phải có "name"', en: 'an occasion "other" needs a "name"' };
      faults.push({ path: ['years', year, index, 'occasion'], code: 'calendar.nameless', text });
    });
  }
  return faults;
}

function faultsOfHours(history: readonly OfficeHours[], path: CalendarPath): CalendarFault[] {
  const faults: CalendarFault[] = [];
  history.forEach((hours, index) => {
    const at = [...path, index];
    if (!isLocalDate(hours.from)) {
      const text = { vi: `ngày ${hours.from} không tồn tại`, en: `there is no day ${hours.from}` };
      faults.push({ path: [...at, 'from'], code: 'calendar.no-such-day', text });
    } else if (index > 0 && hours.from <= history[index - 1]!.from) {
      const text = { vi: 'phải sau ngày của mục phía trên', en: 'must be after the day of the entry above' };
      faults.push({ path: [...at, 'from'], code: 'calendar.hours-order', text });
    }
    if (WEEKDAYS.every((weekday) => spansOf(hours[weekday]).length === 0)) {
      faults.push({
        path: at,
        code: 'calendar.hours-missing',
        text: { vi: 'không có giờ làm việc nào', en: 'has no office hours at all' },
      });
    }
    for (const weekday of WEEKDAYS) {
      spansOf(hours[weekday]).forEach(({ from, to }, position, spans) => {
        const before = spans[position - 1];
        if (from < to && (!before || before.to < from)) return;
        faults.push({
          path: [...at, weekday, position],
          code: 'calendar.hours-order',
          text: {
            vi: 'giờ bắt đầu phải trước giờ kết thúc và sau buổi trước',
            en: 'must begin before it ends, and after the one before has ended',
          },
        });
      });
    }
  });
  return faults;
}

/** A span of office hours in minutes after midnight on the office's clocks. */
export interface OfficeSpan {
  from: number;
  to: number;
}

/** `['07:00-11:30']` in minutes after midnight. */
export function spansOf(texts: readonly string[] | undefined): OfficeSpan[] {
  return (texts ?? []).map((text) => {
    const [from = '', to = ''] = text.split('-');
    return { from: minutesOf(from), to: minutesOf(to) };
  });
}

/** Minutes after midnight of `HH:MM`. */
export function minutesOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}
