import type { Bilingual } from '@par/service-kit';
import { open } from 'node:fs/promises';
import { Mistake } from '../mistake.ts';
import { readMistake } from '../read-table/input-file.ts';
import { formatOf, readRows } from '../read-table/read-rows.ts';
import type { TableFormat } from '../read-table/table.ts';
import { comparable } from './comparable-text.ts';
import type { CellValue, Column, DeclarationKind, DeclaredRow } from './declaration-kind.ts';
import { readCell } from './read-cell.ts';
import type { UnitDirectory } from './unit-directory.ts';

/** Something wrong with a cell, or with a row where `column` is empty. */
export interface BadCell {
  line: number;
  /** Title of the column as the template has it. */
  column: string;
  text: Bilingual;
}

export interface ReadDeclarations {
  rows: DeclaredRow[];
  bad: BadCell[];
}

export interface DeclarationSource {
  file: string;
  sheet?: string | undefined;
  format?: TableFormat | undefined;
  /** The day of rows that give none, as the cell would say it. */
  asOf?: string | undefined;
}

/** A row whose first filled cell begins so is a note or an example of the template, and no declaration. */
export const EXAMPLE_MARK = '#';

/** Reads a filled template: every cell of every row, and every mistake in them. Rows of examples and empty rows are passed over. */
export async function readDeclarations(kind: DeclarationKind, source: DeclarationSource, units: UnitDirectory): Promise<ReadDeclarations> {
  const { file } = source;
  const format = formatOf(file, source.format);
  if (format === 'xes') throw new Mistake('declare.no-table', { en: 'a template is CSV or XLSX', vi: 'biểu mẫu là tệp CSV hoặc XLSX' });
  const delimiter = format === 'csv' ? await delimiterOf(file) : ',';
  let columns = new Map<string, Column>();
  const onHeader = (header: string[]): void => {
    columns = columnsOf(kind, header, file);
  };
  const result: ReadDeclarations = { rows: [], bad: [] };
  for await (const { row, line, faults } of readRows(file, { format, delimiter, mayEndEarly: true, sheet: source.sheet, onHeader })) {
    const cells = new Map<Column, string>();
    for (const [title, column] of columns) cells.set(column, (row[title] ?? '').trim());
    const first = [...cells.values()].find((text) => text !== '');
    if (first === undefined || first.startsWith(EXAMPLE_MARK)) continue;
    const bad = (faults ?? []).map(({ column, text }): BadCell => ({ line, column, text }));
    const values = await readValues(kind, cells, source.asOf, units, (column, text) => bad.push({ line, column: column.title.vi, text }));
    if (bad.length === 0) result.rows.push({ line, values });
    result.bad.push(...bad);
  }
  return result;
}

async function readValues(
  kind: DeclarationKind,
  cells: ReadonlyMap<Column, string>,
  asOf: string | undefined,
  units: UnitDirectory,
  onBad: (column: Column, text: Bilingual) => void,
): Promise<Record<string, CellValue>> {
  const values: Record<string, CellValue> = {};
  for (const column of kind.columns) {
    const isDay = kind.days.includes(column.key);
    const text = cells.get(column) || (isDay && kind.takesAsOf ? (asOf ?? '') : '');
    if (text === '') {
      if (column.required) onBad(column, { en: 'is empty', vi: 'để trống' });
      else if (isDay && kind.takesAsOf)
        onBad(column, { en: 'is empty; fill it or give --as-of', vi: 'để trống; hãy điền hoặc dùng --as-of' });
      continue;
    }
    const read = readCell(text, column.type);
    if (read.ok) values[column.key] = read.value;
    else onBad(column, read.text);
  }
  const unitColumn = kind.columns.find((column) => column.type.kind === 'unit');
  const day = kind.days.map((key) => values[key]).find((value) => value !== undefined);
  if (unitColumn && values[unitColumn.key] !== undefined && day !== undefined) {
    const found = await units.find(String(values[unitColumn.key]), String(day).slice(0, 10));
    if (found.ok) values[unitColumn.key] = found.unit.id;
    else onBad(unitColumn, found.text);
  }
  return values;
}

/** Column of the file → column of the kind, by its Vietnamese or English title or its key. */
function columnsOf(kind: DeclarationKind, header: readonly string[], file: string): Map<string, Column> {
  const columns = new Map<string, Column>();
  const unknown: string[] = [];
  for (const title of header) {
    const wanted = comparable(title);
    const column = kind.columns.find((one) => [one.title.vi, one.title.en, one.key].some((name) => comparable(name) === wanted));
    if (column && ![...columns.values()].includes(column)) columns.set(title, column);
    else if (wanted !== '') unknown.push(title);
  }
  const missing = kind.columns.filter((column) => column.required && ![...columns.values()].includes(column));
  if (unknown.length === 0 && missing.length === 0) return columns;
  const list = (titles: readonly string[]): string => titles.join(', ') || '–';
  throw new Mistake('declare.other-columns', {
    en: `${file} is not the template of ${kind.name}: unknown or double columns ${list(unknown)}; missing ${list(missing.map((one) => one.title.en))}. par template ${kind.name} writes it`,
    vi: `${file} không phải biểu mẫu ${kind.name}: cột lạ hoặc bị lặp ${list(unknown)}; thiếu ${list(missing.map((one) => one.title.vi))}. Tạo biểu mẫu bằng par template ${kind.name}`,
  });
}

/** What separates the cells: Vietnamese spreadsheets write semicolons where others write commas. */
async function delimiterOf(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4_096), 0);
      const [line = ''] = buffer.toString('utf8', 0, bytesRead).split('\n');
      const counts = [';', '\t', ','].map((one) => ({ one, count: line.split(one).length }));
      return counts.reduce((best, next) => (next.count > best.count ? next : best)).one;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw readMistake(file, error);
  }
}
