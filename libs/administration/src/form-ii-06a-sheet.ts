import { type FormRow, type IdentityFailure } from './form-ii-06a.ts';
import { type Label } from './labels.ts';
import { type Period } from './period.ts';

export const FORM_CODE = 'II.06a/VPCP/KSTT';
export const FORM_TITLE: Label = {
  vi: 'Tình hình, kết quả giải quyết thủ tục hành chính',
  en: 'Administrative procedures: dossiers received, done and in process',
};
export const FORM_BASIS = 'Thông tư 01/2020/TT-VPCP (21/10/2020)';

/** The row of one unit, named as at the end of the period. */
export interface UnitFormRow extends FormRow {
  unit: string;
  unitName: string;
  unitNameEn: string;
  /** What column 9 is made of. */
  onTimeParts: { result: number; refused: number; withdrawn: number; waiting: number };
}

/** The form of one city. */
export interface CityForm {
  city: string;
  cityName: string;
  cityNameEn: string;
  timeZone: string;
  /** First instant of the period, ISO UTC; null for `all`. */
  from: string | null;
  /** Instant at which the form was cut off: the last of the period, or now while it lasts. */
  cutOff: string;
  rows: UnitFormRow[];
  /** Sum of `rows`. */
  total: FormRow;
  /** Provincial bodies at the city's one-stop: beside the city's numbers and in no total. */
  beside: UnitFormRow[];
  /** Identities that fail, with the unit; `unit` is the city for the total. Empty when all hold. */
  identities: (IdentityFailure & { unit: string })[];
  notes: {
    /** Dossiers not ended before the period whose receipt was never told: in no column. */
    receiptNotKnown: number;
    /** Dossiers refused at intake, of the period or of no known day: in no column. */
    intakeRefused: number;
  };
}

/** The answer of `GET /v1/forms/ii-06a`. */
export interface FormAnswer {
  form: typeof FORM_CODE;
  title: Label;
  basis: string;
  period: Period;
  cities: CityForm[];
}

export interface FormColumn {
  /** Number on the form; 7a and 11a are ours and stand after the form's own columns. */
  number: string;
  group: Label;
  title: Label;
  of: (row: FormRow) => number;
}

const RECEIVED: Label = { vi: 'Số lượng hồ sơ tiếp nhận', en: 'Received' };
const DONE: Label = { vi: 'Số lượng hồ sơ đã giải quyết', en: 'Done' };
const IN_PROCESS: Label = { vi: 'Số lượng hồ sơ đang giải quyết', en: 'In process' };
const OUTSIDE: Label = { vi: 'Ngoài biểu: không có hạn trả', en: 'Outside the form: no due date' };
const TOTAL: Label = { vi: 'Tổng số', en: 'Total' };

/** Columns 3 to 13 of the form, then ours. */
export const FORM_COLUMNS: readonly FormColumn[] = [
  { number: '3', group: RECEIVED, title: TOTAL, of: (row) => row.received.total },
  { number: '4', group: RECEIVED, title: { vi: 'Trong kỳ: trực tuyến', en: 'Online' }, of: (row) => row.received.online },
  {
    number: '5',
    group: RECEIVED,
    title: { vi: 'Trong kỳ: trực tiếp, dịch vụ bưu chính', en: 'Counter, post' },
    of: (row) => row.received.direct,
  },
  { number: '6', group: RECEIVED, title: { vi: 'Từ kỳ trước', en: 'Carried over' }, of: (row) => row.received.carriedOver },
  { number: '7', group: DONE, title: TOTAL, of: (row) => row.done.total },
  { number: '8', group: DONE, title: { vi: 'Trước hạn', en: 'Early' }, of: (row) => row.done.early },
  {
    number: '9',
    group: DONE,
    title: { vi: 'Đúng hạn (bao gồm cả hồ sơ chờ bổ sung và trả lại/xin rút)', en: 'On time' },
    of: (row) => row.done.onTime,
  },
  { number: '10', group: DONE, title: { vi: 'Quá hạn', en: 'Late' }, of: (row) => row.done.late },
  { number: '11', group: IN_PROCESS, title: TOTAL, of: (row) => row.inProcess.total },
  { number: '12', group: IN_PROCESS, title: { vi: 'Trong hạn', en: 'In term' }, of: (row) => row.inProcess.inTerm },
  { number: '13', group: IN_PROCESS, title: { vi: 'Quá hạn', en: 'Overdue' }, of: (row) => row.inProcess.overdue },
  { number: '7a', group: OUTSIDE, title: { vi: 'Đã giải quyết', en: 'Done' }, of: (row) => row.done.unclassified.count },
  { number: '11a', group: OUTSIDE, title: { vi: 'Đang giải quyết', en: 'In process' }, of: (row) => row.inProcess.unclassified.count },
];

/** What a line of the form is: a unit of the city, the city's total, or a body beside it. */
export interface SheetLine {
  kind: 'unit' | 'total' | 'beside';
  /** Column 1: a number for the city's units only. */
  number: string;
  /** Column 2: the unit's name, with what the line is where it is no unit of the city. */
  name: string;
  /** The unit's or the city's name alone. */
  unitName: string;
  /** In the order of `FORM_COLUMNS`. */
  counts: number[];
}

/** The lines of one city's form in one language: its units, the total, and beside it the provincial bodies. */
export function sheetLines(form: CityForm, language: keyof Label): SheetLine[] {
  const counts = (row: FormRow): number[] => FORM_COLUMNS.map((column) => column.of(row));
  const nameOf = (row: UnitFormRow): string => (language === 'vi' ? row.unitName : row.unitNameEn);
  const besides = language === 'vi' ? 'Ngoài tổng, cơ quan thuộc tỉnh' : 'Beside the total, provincial body';
  const city = language === 'vi' ? form.cityName : form.cityNameEn;
  return [
    ...form.rows.map((row, index): SheetLine => {
      const name = nameOf(row);
      return { kind: 'unit', number: String(index + 1), name, unitName: name, counts: counts(row) };
    }),
    { kind: 'total', number: '', name: `${language === 'vi' ? 'Tổng số' : 'Total'}: ${city}`, unitName: city, counts: counts(form.total) },
    ...form.beside.map((row): SheetLine => {
      const name = nameOf(row);
      return { kind: 'beside', number: '', name: `${besides}: ${name}`, unitName: name, counts: counts(row) };
    }),
  ];
}

/** The header as on the form: a line of groups (each named once, above its first column) and a line of titles with the columns' numbers. */
export function sheetHeader(): [string[], string[]] {
  const groups = FORM_COLUMNS.map(({ group }, index) => (FORM_COLUMNS[index - 1]?.group === group ? '' : group.vi));
  return [
    ['TT', 'Đơn vị', ...groups],
    ['(1)', '(2)', ...FORM_COLUMNS.map(({ number, title }) => `${title.vi} (${number})`)],
  ];
}

/** The form as CSV (RFC 4180) in Vietnamese, with the mark by which spreadsheets know UTF-8. */
export function formCsv(answer: FormAnswer): string {
  const lines: (string | number)[][] = [...sheetHeader()];
  for (const form of answer.cities) for (const { number, name, counts } of sheetLines(form, 'vi')) lines.push([number, name, ...counts]);
  return `\uFEFF${lines.map((line) => line.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

/** A spreadsheet runs a text that begins like a formula; an apostrophe before it keeps it a text. */
function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
