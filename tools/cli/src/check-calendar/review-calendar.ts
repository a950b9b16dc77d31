import {
  type CalendarData,
  type CalendarFile,
  type CalendarPath,
  keyText,
  type Label,
  namedDays,
  type Occasion,
  type OccasionKind,
  WEEKDAYS,
  WorkingCalendar,
} from '@par/administration';

export const OCCASIONS: Readonly<Record<OccasionKind, Label>> = {
  'new-year': { vi: 'Tết Dương lịch', en: "New Year's Day" },
  tet: { vi: 'Tết Nguyên đán', en: 'Lunar New Year (Tết)' },
  'hung-kings': { vi: 'Giỗ Tổ Hùng Vương', en: "Hùng Kings' Commemoration Day" },
  'reunification-day': { vi: 'Ngày Chiến thắng 30/4', en: 'Reunification Day' },
  'labour-day': { vi: 'Ngày Quốc tế lao động', en: 'Labour Day' },
  'national-day': { vi: 'Quốc khánh', en: 'National Day' },
  'culture-day': { vi: 'Ngày Văn hóa Việt Nam', en: 'Vietnamese Culture Day' },
  other: { vi: 'Lý do khác', en: 'Another occasion' },
};

/** Holidays a year by Labour Code 2019 art. 112.1. The culture day is not in it. */
const BY_LAW: Partial<Record<OccasionKind, number>> = {
  'new-year': 1,
  tet: 5,
  'hung-kings': 1,
  'reunification-day': 1,
  'labour-day': 1,
  'national-day': 2,
};
/** Resolution 80-NQ/TW of 07/01/2026 wants 24 November to be a day off; when it becomes law is for the city to enter. */
const CULTURE_DAY_FROM = 2026;
/** The notice for a year is out by the end of the year before. */
const NOTICE_MONTH = 11;
const FULL_DAY_MINUTES = 480;

export type CalendarWarningCode =
  | 'make-up-on-weekday'
  | 'off-on-rest-day'
  | 'holiday-without-lieu'
  | 'lieu-without-holiday'
  | 'occasion-missing'
  | 'holiday-count'
  | 'year-missing'
  | 'unconfirmed'
  | 'culture-day'
  | 'other-full-day';

/** Something in a calendar that may be meant, but is more often forgotten. */
export interface CalendarWarning {
  code: CalendarWarningCode;
  line: number;
  key: string;
  text: Label;
}

export interface DayOff {
  day: string;
  name: Label;
}

/** What a calendar says of one year; each day stands under the year in which it lies. Hours are those of offices without hours of their own. */
export interface YearReview {
  year: number;
  workingDays: number;
  hours: number;
  months: { month: string; workingDays: number; hours: number }[];
  holidays: DayOff[];
  inLieu: DayOff[];
  exchanged: DayOff[];
  closed: DayOff[];
  makeUp: (DayOff & { for: string })[];
}

export interface CalendarReview {
  timeZone: string;
  name: Label;
  years: YearReview[];
  warnings: CalendarWarning[];
}

/** Counts the years of a calendar and lists what looks forgotten. `today` is the local date on which this is asked. */
export function reviewCalendar({ data, lineOf }: CalendarFile, today: string): CalendarReview {
  const calendar = WorkingCalendar.of(data);
  const warnings: CalendarWarning[] = [];
  const warn: Warn = (code, path, text) => void warnings.push({ code, line: lineOf(path), key: keyText(path), text });
  warnOfHours(data, warn);
  warnOfYears(calendar, today, warn);
  for (const [year, occasions] of Object.entries(data.years)) {
    occasions.forEach((occasion, index) => warnOfOccasion(data, occasion, ['years', year, index], warn));
    warnOfMissing(year, occasions, warn);
    warnOfUnconfirmed(year, occasions, warn);
  }
  return {
    timeZone: data.timeZone,
    name: data.name,
    years: calendar.years().map((year) => reviewYear(calendar, data, year)),
    warnings: warnings.sort((a, b) => a.line - b.line),
  };
}

type Warn = (code: CalendarWarningCode, path: CalendarPath, text: Label) => void;

function reviewYear(calendar: WorkingCalendar, data: CalendarData, year: number): YearReview {
  const months = Array.from({ length: 12 }, (_, index) => {
    const month = `${year}-${String(index + 1).padStart(2, '0')}`;
    const last = new Date(Date.UTC(year, index + 1, 0)).getUTCDate();
    const minutes = Array.from({ length: last }, (_day, date) => {
      const spans = calendar.hoursOn(`${month}-${String(date + 1).padStart(2, '0')}`);
      return spans.reduce((sum, { from, to }) => sum + to - from, 0);
    });
    return { month, workingDays: minutes.filter((worked) => worked > 0).length, hours: sum(minutes) / 60 };
  });
  const occasionsOfAll = Object.values(data.years).flat();
  const inYear = (day: string): boolean => day.startsWith(`${year}-`);
  const list = (daysOf: (occasion: Occasion) => string[] | undefined): DayOff[] =>
    occasionsOfAll
      .flatMap((occasion) => (daysOf(occasion) ?? []).filter(inYear).map((day) => ({ day, name: nameOf(occasion) })))
      .sort((a, b) => (a.day < b.day ? -1 : 1));
  return {
    year,
    workingDays: sum(months.map((month) => month.workingDays)),
    hours: sum(months.map((month) => month.hours)),
    months,
    holidays: list((occasion) => occasion.holidays),
    inLieu: list((occasion) => occasion.inLieu),
    exchanged: list((occasion) => occasion.exchanged?.map(({ off }) => off)),
    closed: list((occasion) => occasion.closed),
    makeUp: occasionsOfAll
      .flatMap((occasion) => (occasion.exchanged ?? []).map(({ off, work }) => ({ day: work, name: nameOf(occasion), for: off })))
      .filter(({ day }) => inYear(day))
      .sort((a, b) => (a.day < b.day ? -1 : 1)),
  };
}

function nameOf({ occasion, name }: Occasion): Label {
  return name ?? OCCASIONS[occasion];
}

function warnOfHours(data: CalendarData, warn: Warn): void {
  const histories: [CalendarPath, CalendarData['officeHours']][] = [
    [['officeHours'], data.officeHours],
    ...Object.entries(data.offices ?? {}).map(([id, office]): [CalendarPath, CalendarData['officeHours']] => [
      ['offices', id, 'officeHours'],
      office.officeHours,
    ]),
  ];
  for (const [path, history] of histories) {
    history.forEach((week, index) => {
      const longest = Math.max(...WEEKDAYS.map((weekday) => sum((week[weekday] ?? []).map(minutesOfSpan))));
      if (longest === FULL_DAY_MINUTES) return;
      warn('other-full-day', [...path, index], {
        vi: `một ngày làm việc ở đây dài ${longest / 60} giờ; thời hạn tính theo ngày dùng số giờ này, không phải 8 giờ`,
        en: `a working day is ${longest / 60} hours here; terms in days are counted by it, not by 8 hours`,
      });
    });
  }
}

function warnOfYears(calendar: WorkingCalendar, today: string, warn: Warn): void {
  const years = calendar.years();
  const present = Number(today.slice(0, 4));
  const wanted = new Set<number>([present]);
  for (let year = years[0]!; year <= years.at(-1)!; year++) wanted.add(year);
  if (Number(today.slice(5, 7)) >= NOTICE_MONTH) wanted.add(present + 1);
  for (const year of [...wanted].sort((a, b) => a - b)) {
    if (calendar.hasYear(year)) continue;
    warn('year-missing', ['years'], {
      vi: `chưa có năm ${year}; không tính được thời hạn nào trong năm đó`,
      en: `the year ${year} is missing; no term can be computed in it`,
    });
  }
}

function warnOfOccasion(data: CalendarData, occasion: Occasion, path: CalendarPath, warn: Warn): void {
  const name = nameOf(occasion);
  (occasion.exchanged ?? []).forEach(({ work }, index) => {
    const weekday = weekdayOf(work);
    if (weekday === 0 || weekday === 6) return;
    const text = { vi: `ngày làm bù ${work} không phải thứ Bảy hay Chủ nhật`, en: `the make-up day ${work} is not a weekend day` };
    warn('make-up-on-weekday', [...path, 'exchanged', index, 'work'], text);
  });
  const given = namedDays({ ...data, years: { [String(path[1])]: [occasion] } }).filter(
    ({ kind }) => kind !== 'holidays' && kind !== 'work',
  );
  for (const { day, path: place } of given) {
    if (!isRestDay(data, day)) continue;
    const text = { vi: `${day} vốn là ngày nghỉ hằng tuần`, en: `${day} is a weekly day of rest anyway` };
    warn('off-on-rest-day', [...path, ...place.slice(3)], text);
  }
  const resting = (occasion.holidays ?? []).filter((day) => isRestDay(data, day)).length;
  const lieu = (occasion.inLieu ?? []).length;
  if (resting > lieu) {
    const vi = `${name.vi}: ${resting} ngày lễ trùng ngày nghỉ hằng tuần nhưng chỉ có ${lieu} ngày nghỉ bù (Bộ luật Lao động, Điều 111 khoản 3)`;
    const en = `${name.en}: ${resting} of its holidays fall on days of rest, but there are ${lieu} days in lieu (Labour Code art. 111.3)`;
    warn('holiday-without-lieu', path, { vi, en });
  } else if (lieu > resting) {
    const vi = `${name.vi}: ${lieu} ngày nghỉ bù nhưng chỉ có ${resting} ngày lễ trùng ngày nghỉ hằng tuần`;
    const en = `${name.en}: there are ${lieu} days in lieu, but ${resting} of its holidays fall on days of rest`;
    warn('lieu-without-holiday', path, { vi, en });
  }
}

function warnOfMissing(year: string, occasions: readonly Occasion[], warn: Warn): void {
  for (const kind of Object.keys(OCCASIONS) as OccasionKind[]) {
    const count = sum(occasions.filter(({ occasion }) => occasion === kind).map(({ holidays }) => (holidays ?? []).length));
    const expected = BY_LAW[kind];
    const { vi, en } = OCCASIONS[kind];
    if (kind === 'culture-day' && count === 0 && Number(year) >= CULTURE_DAY_FROM) {
      warn('culture-day', ['years', year], {
        vi: `${vi} (24/11) không có trong năm ${year}: Nghị quyết 80-NQ/TW chủ trương cho nghỉ; nhập vào nếu luật đã có hiệu lực`,
        en: `${en} (24/11) is not in ${year}: Resolution 80-NQ/TW wants it to be a day off; enter it where the law is in force`,
      });
    }
    if (expected === undefined || count === expected) continue;
    if (count === 0) {
      warn('occasion-missing', ['years', year], { vi: `năm ${year} thiếu ${vi}`, en: `${year} has no ${en}` });
    } else {
      warn('holiday-count', ['years', year], {
        vi: `${vi} năm ${year} có ${count} ngày lễ; Bộ luật Lao động (Điều 112) quy định ${expected} ngày`,
        en: `${en} has ${count} holidays in ${year}; the Labour Code (art. 112) gives ${expected}`,
      });
    }
  }
}

function warnOfUnconfirmed(year: string, occasions: readonly Occasion[], warn: Warn): void {
  const open = occasions.filter(({ confirmed }) => !confirmed).map(nameOf);
  if (open.length === 0) return;
  warn('unconfirmed', ['years', year], {
    vi: `chưa đối chiếu với thông báo chính thức (${open.length}): ${open.map(({ vi }) => vi).join('; ')}`,
    en: `not confirmed by an official notice (${open.length}): ${open.map(({ en }) => en).join('; ')}`,
  });
}

/** Whether offices without hours of their own are closed on that weekday by the hours in force then. */
function isRestDay(data: CalendarData, day: string): boolean {
  const week = data.officeHours.findLast(({ from }) => from <= day);
  return (week?.[WEEKDAYS[weekdayOf(day)]!] ?? []).length === 0;
}

/** 0 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00.000Z`).getUTCDay();
}

function minutesOfSpan(span: string): number {
  const [from = 0, to = 0] = span.split('-').map((clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3)));
  return to - from;
}

function sum(values: readonly number[]): number {
  return values.reduce((so, value) => so + value, 0);
}
