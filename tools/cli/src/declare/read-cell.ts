import { isLocalDate } from '@par/contracts';
import type { Bilingual } from '@par/service-kit';
import { comparable } from './comparable-text.ts';
import type { CellType, CellValue, Choice } from './declaration-kind.ts';

export type ReadCell = { ok: true; value: CellValue } | { ok: false; text: Bilingual };

const DAY_FIRST = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\s+(\d{1,2}):(\d{2}))?$/;
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?)?$/;
const POINTS = /^(\d{1,4})(?:[.,](\d{1,3}))?$/;

/** Reads a filled cell. A unit stays a text here, since which unit it means depends on the day of its row. */
export function readCell(text: string, type: CellType): ReadCell {
  switch (type.kind) {
    case 'unit':
      return yes(text);
    case 'date':
      return readDate(text);
    case 'period':
      return readPeriod(text);
    case 'year':
      return /^(20\d{2}|2100)$/.test(text) ? yes(Number(text)) : no('must be a year such as 2021', 'phải là năm, ví dụ 2021');
    case 'integer':
      return readInteger(text, type);
    case 'points':
      return readPoints(text);
    case 'choice':
      return readChoice(text, type.of);
    case 'choices':
      return readChoices(text, type.of);
    case 'yes-no':
      if (['có', 'yes', 'true', 'x', '1'].map(comparable).includes(comparable(text))) return yes(true);
      if (['không', 'no', 'false', '0'].map(comparable).includes(comparable(text))) return yes(false);
      return no('must be yes or no', 'phải là Có hoặc Không');
    case 'code': {
      const code = type.lower ? text.toLowerCase() : text;
      return type.pattern.test(code) ? yes(code) : no(`must have the form ${type.pattern.source}`, `phải có dạng ${type.pattern.source}`);
    }
  }
}

/** dd/mm/yyyy, also with hh:mm; the cells of a workbook come in ISO form. */
function readDate(text: string): ReadCell {
  const dayFirst = DAY_FIRST.exec(text);
  const iso = ISO.exec(text);
  const [year, month, day, hour, minute] = dayFirst
    ? [dayFirst[3], dayFirst[2], dayFirst[1], dayFirst[4], dayFirst[5]]
    : (iso ?? []).slice(1);
  const two = (part: string | undefined): string => (part ?? '').padStart(2, '0');
  const date = `${year ?? ''}-${two(month)}-${two(day)}`;
  if (!isLocalDate(date) || Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59) {
    return no('must be a day such as 05/07/2021, or 05/07/2021 08:30', 'phải là ngày có thật, ví dụ 05/07/2021 hoặc 05/07/2021 08:30');
  }
  return yes(hour === undefined ? date : `${date} ${two(hour)}:${two(minute)}`);
}

/** A spreadsheet makes 03/2021 the first of March, which is read as the month. */
function readPeriod(text: string): ReadCell {
  const quarter = /^(?:Q([1-4])[/-](\d{4})|(\d{4})[/-]Q([1-4]))$/i.exec(text);
  if (quarter) return yes(`${quarter[2] ?? quarter[3]}-Q${quarter[1] ?? quarter[4]}`);
  const month = /^(?:(\d{1,2})[/-](\d{4})|(\d{4})-(\d{2})(?:-01)?)$/.exec(text);
  const number = Number(month?.[1] ?? month?.[4] ?? 0);
  if (month && number >= 1 && number <= 12) return yes(`${month[2] ?? month[3]}-${String(number).padStart(2, '0')}`);
  if (/^\d{4}$/.test(text)) return yes(text);
  return no('must be 2021, Q1/2021 or 03/2021', 'phải là 2021, Q1/2021 hoặc 03/2021');
}

function readInteger(text: string, { least, most }: { least: number; most: number }): ReadCell {
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && value >= least && value <= most) return yes(value);
  return no(
    `must be a whole number from ${least} to ${most}, without separators`,
    `phải là số nguyên từ ${least} đến ${most}, không có dấu phân cách`,
  );
}

function readPoints(text: string): ReadCell {
  const parts = POINTS.exec(text);
  if (!parts)
    return no('must be points such as 84.186, with up to three decimals', 'phải là điểm, ví dụ 84,186, tối đa ba chữ số thập phân');
  return yes(Number(parts[1]) * 1_000 + Number((parts[2] ?? '').padEnd(3, '0')));
}

function readChoice(text: string, choices: readonly Choice[]): ReadCell {
  const wanted = comparable(text);
  const found = choices.find(({ value, label }) => [value, label.vi, label.en].some((one) => comparable(one) === wanted));
  if (found) return yes(found.value);
  const names = (language: 'vi' | 'en'): string => choices.map(({ value, label }) => `${label[language]} (${value})`).join(', ');
  return no(`must be one of: ${names('en')}`, `phải là một trong: ${names('vi')}`);
}

function readChoices(text: string, choices: readonly Choice[]): ReadCell {
  const values: string[] = [];
  for (const part of text.split(/[;\n]/).filter((one) => one.trim() !== '')) {
    const read = readChoice(part, choices);
    if (!read.ok) return read;
    if (!values.includes(String(read.value))) values.push(String(read.value));
  }
  // In one order, so that the same choices are the same declaration.
  return values.length > 0 ? yes(values.sort()) : readChoice('', choices);
}

function yes(value: CellValue): ReadCell {
  return { ok: true, value };
}

function no(en: string, vi: string): ReadCell {
  return { ok: false, text: { en, vi } };
}
