import type { EventType } from '@par/contracts';
import type { Bilingual } from '@par/service-kit';

export interface Choice {
  value: string;
  label: Bilingual;
}

/** What may stand in the cells of a column, and how it is read. */
export type CellType =
  /** Id, official code or name of a unit in force on the row's day. */
  | { kind: 'unit' }
  /** dd/mm/yyyy, with hh:mm where the order of two declarations of one day matters. */
  | { kind: 'date' }
  /** 2021, Q1/2021 or 03/2021. */
  | { kind: 'period' }
  | { kind: 'year' }
  | { kind: 'integer'; least: number; most: number }
  /** Points with up to three decimals, read as thousandths. */
  | { kind: 'points' }
  | { kind: 'choice'; of: readonly Choice[] }
  /** Several choices, separated by semicolons. */
  | { kind: 'choices'; of: readonly Choice[] }
  | { kind: 'yes-no' }
  /** Text of a form; `lower` writes it in small letters first. */
  | { kind: 'code'; pattern: RegExp; lower?: boolean };

export interface Column {
  key: string;
  title: Bilingual;
  type: CellType;
  required: boolean;
  help: Bilingual;
}

export type CellValue = string | number | boolean | string[];
/** The cells of a row, read; an empty optional cell is absent. */
export type Values = Readonly<Record<string, CellValue>>;

export interface DeclaredRow {
  /** Line of the CSV file, or row of the sheet. */
  line: number;
  values: Values;
}

/** An event to be declared, still without its identity. */
export interface Draft {
  type: EventType;
  subject: string;
  /** Unit id. */
  unit: string;
  /** Local date, or date and time, in the zone of the unit's city. */
  at: string;
  /** What tells this declaration from others of its subject: a period, a day. */
  about: string;
  data: Record<string, unknown>;
}

/** Why rows give no event. `column` is the key of a column; absent where the row as a whole is meant. */
export interface DraftFault {
  column?: string;
  text: Bilingual;
}

/** One kind of declaration: its template and how its rows become events. */
export interface DeclarationKind {
  name: string;
  title: Bilingual;
  columns: readonly Column[];
  /** Columns of the days on which the declared things happened; the first filled one says when the row's unit must be in force. */
  days: readonly string[];
  /** Whether the day may come from `--as-of` for all rows. */
  takesAsOf: boolean;
  /** Rows of one key make their events together; without it each row stands alone. */
  together?: (values: Values) => string;
  /** Example rows, by column. */
  examples: readonly Readonly<Record<string, string>>[];
  drafts(rows: readonly DeclaredRow[]): Draft[] | DraftFault;
}

export function textOf(values: Values, key: string): string {
  return String(values[key] ?? '');
}

export function numberOf(values: Values, key: string): number {
  return Number(values[key] ?? 0);
}

export function isFault(result: Draft[] | DraftFault): result is DraftFault {
  return !Array.isArray(result);
}

/** `2021-07-05 08:30` → `2021-07-05`. */
export function dayOf(at: string): string {
  return at.slice(0, 10);
}

/** The column of the unit, the same in most kinds. */
export const UNIT_COLUMN: Column = {
  key: 'unit',
  title: { vi: 'Đơn vị', en: 'Unit' },
  type: { kind: 'unit' },
  required: true,
  help: {
    vi: 'Tên đầy đủ (Phường Gia Hội), mã chính thức (19756) hoặc mã nội bộ; đơn vị phải có hiệu lực vào ngày của dòng.',
    en: 'Full name (Phường Gia Hội), official code (19756) or internal id; the unit must be in force on the day of the row.',
  },
};

/** The day of a declaration, which `--as-of` may give for all rows. */
export function declaredOn(help: Bilingual): Column {
  return { key: 'date', title: { vi: 'Ngày khai báo', en: 'Declared on' }, type: { kind: 'date' }, required: false, help };
}

export const PERIOD_COLUMN: Column = {
  key: 'period',
  title: { vi: 'Kỳ', en: 'Period' },
  type: { kind: 'period' },
  required: true,
  help: { vi: 'Năm 2021, quý Q1/2021 hoặc tháng 03/2021.', en: 'A year 2021, a quarter Q1/2021 or a month 03/2021.' },
};

export function countColumn(key: string, title: Bilingual, help: Bilingual, most = 10_000_000): Column {
  return { key, title, type: { kind: 'integer', least: 0, most }, required: true, help };
}
