import { type Language, numberText } from '../language.ts';
import { textTable } from '../text-table.ts';
import { type CalendarReview, type DayOff, weekdayOf, type YearReview } from './review-calendar.ts';

/** Columns of a line of days. */
const WIDTH = 110;

const WORDS = {
  en: {
    days: 'working days',
    hours: 'hours',
    rows: ['Holidays', 'In lieu', 'Exchanged', 'Closed', 'Make-up days'],
    table: ['', 'Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
    lines: ['Working days', 'Hours'],
    week: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
    instead: 'for',
    good: 'No mistakes',
    warnings: 'warnings',
  },
  vi: {
    days: 'ngày làm việc',
    hours: 'giờ',
    rows: ['Ngày lễ', 'Nghỉ bù', 'Nghỉ hoán đổi', 'Đóng cửa', 'Làm bù'],
    table: ['', 'Th1', 'Th2', 'Th3', 'Th4', 'Th5', 'Th6', 'Th7', 'Th8', 'Th9', 'Th10', 'Th11', 'Th12'],
    lines: ['Ngày làm việc', 'Giờ'],
    week: ['CN', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7'],
    instead: 'bù cho',
    good: 'Không có lỗi',
    warnings: 'cảnh báo',
  },
} satisfies Record<Language, unknown>;

/** What `par calendar check` prints of a calendar without mistakes. `file` is how warnings name it. */
export function calendarText(review: CalendarReview, file: string, language: Language): string {
  const words = WORDS[language];
  const warnings = review.warnings.map(({ line, key, text }) => `  ${file}:${line}  ${key}: ${text[language]}`);
  return [
    `${review.name[language]} · ${file} · ${review.timeZone}`,
    ...review.years.map((year) => `\n${yearText(year, language)}`),
    '',
    `${words.good}. ${numberText(review.warnings.length, language)} ${words.warnings}${warnings.length > 0 ? ':' : '.'}`,
    ...warnings,
  ].join('\n');
}

function yearText(review: YearReview, language: Language): string {
  const words = WORDS[language];
  const number = (value: number): string => numberText(value, language);
  const makeUp = review.makeUp.map((day) => `${dayText(day.day, language)} ${words.instead} ${dayText(day.for, language)}`);
  const lists = [review.holidays, review.inLieu, review.exchanged, review.closed].map((days) => spansText(days, language));
  const width = Math.max(...words.rows.map((row) => row.length)) + 2;
  const rows = [...lists, makeUp].flatMap((items, index) => wrap(words.rows[index]!.padEnd(width), items));
  const table = textTable(
    words.table.map((title, index) => ({ title, align: index === 0 ? ('left' as const) : ('right' as const) })),
    [
      [words.lines[0]!, ...review.months.map(({ workingDays }) => number(workingDays))],
      [words.lines[1]!, ...review.months.map(({ hours }) => number(hours))],
    ],
  );
  return [
    `${review.year}: ${number(review.workingDays)} ${words.days}, ${number(review.hours)} ${words.hours}`,
    ...[...rows, ...table.split('\n')].map((line) => `  ${line}`),
  ].join('\n');
}

/** The items after their title, in lines that a terminal can show; no line where there is no item. */
function wrap(title: string, items: readonly string[]): string[] {
  const lines: string[] = [];
  items.forEach((item, index) => {
    const text = index < items.length - 1 ? `${item};` : item;
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + text.length <= WIDTH) lines[lines.length - 1] = `${line} ${text}`;
    else lines.push((lines.length === 0 ? title : ' '.repeat(title.length)) + text);
  });
  return lines;
}

/** Days that follow one another on the same occasion as one span: `10/02 (Wed) – 14/02 (Sun) Tết`. */
function spansText(days: readonly DayOff[], language: Language): string[] {
  const spans: { first: string; last: string; name: string }[] = [];
  for (const { day, name } of days) {
    const span = spans.at(-1);
    if (span && span.name === name[language] && Date.parse(day) - Date.parse(span.last) === 86_400_000) span.last = day;
    else spans.push({ first: day, last: day, name: name[language] });
  }
  return spans.map(
    ({ first, last, name }) => `${dayText(first, language)}${first === last ? '' : ` – ${dayText(last, language)}`} ${name}`,
  );
}

function dayText(day: string, language: Language): string {
  return `${day.slice(8)}/${day.slice(5, 7)} (${WORDS[language].week[weekdayOf(day)]!})`;
}
