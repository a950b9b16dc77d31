import { type SaxesTagPlain } from 'saxes';
import { Mistake } from '../mistake.ts';
import { readMistake, sizeOf } from './input-file.ts';
import { serialText, shownNumber } from './shown-number.ts';
import type { CellFault, ReadRow } from './table.ts';
import { TooManyTexts } from './text-store.ts';
import { openWorkbook, partPieces, RunText, type Sheet, type Workbook } from './workbook.ts';
import { ZipError } from './zip-archive.ts';

/** A row of a sheet: the texts of its cells from column A on; a cell that holds an error or an unknown formula result is a fault. */
export interface SheetRow {
  /** Number of the row in the sheet, from 1. */
  line: number;
  cells: string[];
  faults: { column: number; code: CellFault['code'] }[];
  bytes: number;
}

const FAULTS = {
  'cell.error': { en: 'the cell holds an error', vi: 'ô chứa lỗi' },
  'cell.formula-without-value': {
    en: 'the formula has no stored value; open the workbook, let it calculate and save it',
    vi: 'công thức chưa có giá trị lưu; hãy mở tệp, tính lại và lưu',
  },
} as const;

/**
 * Streams the rows of a sheet of a workbook; its first row that is not empty names the columns. Dates come as local time in ISO form without an
 * offset, numbers as the sheet shows them. `onHeader` sees the columns first; a column without a name is left out.
 */
export async function* readXlsx(file: string, sheet: string | undefined, onHeader: (columns: string[]) => void): AsyncGenerator<ReadRow> {
  let header: string[] | undefined;
  for await (const { line, cells, faults, bytes } of readSheet(file, sheet)) {
    if (!header) {
      header = cells.map((cell) => cell.trim());
      onHeader(header.filter((column) => column !== ''));
      continue;
    }
    const row: Record<string, string> = {};
    header.forEach((column, index) => {
      if (column !== '') row[column] = cells[index] ?? '';
    });
    const named = faults.flatMap(({ column, code }) => {
      const name = header?.[column];
      return name ? [{ code, column: name, text: FAULTS[code] }] : [];
    });
    yield { row, line, bytes, ...(named.length > 0 && { faults: named }) };
  }
}

/** Streams the rows of a sheet that have at least one filled cell. @throws Mistake in the words of who made the file */
export async function* readSheet(file: string, sheet?: string): AsyncGenerator<SheetRow> {
  // Told of a missing file in the same words as of any other.
  await sizeOf(file);
  let listener: SheetListener | undefined;
  try {
    const workbook = await openWorkbook(file);
    const { part } = chosenSheet(workbook.sheets, sheet, file);
    listener = new SheetListener(workbook);
    for await (const bytes of partPieces(workbook.archive, part, listener)) {
      for (const row of listener.takeRows()) yield { ...row, bytes };
    }
  } catch (error) {
    throw workbookMistake(file, error, listener?.line ?? 0);
  }
}

function chosenSheet(sheets: readonly Sheet[], name: string | undefined, file: string): Sheet {
  const found = name === undefined ? (sheets.find((one) => !one.hidden) ?? sheets[0]) : sheets.find((one) => one.name === name);
  if (found) return found;
  const names = sheets.map((one) => one.name).join(', ');
  throw new Mistake('import.no-sheet', {
    en: name === undefined ? `${file} has no sheet` : `${file} has no sheet "${name}"; its sheets are ${names}`,
    vi: name === undefined ? `${file} không có trang tính nào` : `${file} không có trang tính "${name}"; các trang tính: ${names}`,
  });
}

function workbookMistake(file: string, error: unknown, line: number): unknown {
  if (error instanceof TooManyTexts) {
    return new Mistake('import.too-many-texts', {
      en: `${file} holds more than 128 MB of different texts, more than is kept in memory; save the sheet as CSV (UTF-8) and import that`,
      vi: `${file} chứa hơn 128 MB chuỗi khác nhau, vượt mức giữ trong bộ nhớ; hãy lưu trang tính dạng CSV (UTF-8) rồi nhập`,
    });
  }
  if (!(error instanceof ZipError)) return readMistake(file, error);
  if (error.kind === 'broken') {
    return new Mistake('import.not-xlsx', {
      en: `${file} is a broken workbook (row ${line}): ${error.message}`,
      vi: `${file} là bảng tính bị hỏng (dòng ${line}): ${error.message}`,
    });
  }
  return new Mistake('import.not-xlsx', {
    en: `${file} is not an .xlsx workbook (${error.message}); an old .xls or one with a password must be saved as .xlsx first`,
    vi: `${file} không phải bảng tính .xlsx (${error.message}); tệp .xls cũ hoặc có mật khẩu phải lưu lại dạng .xlsx`,
  });
}

/** Column XFD, from 0. */
const LAST_COLUMN = 16_383;

interface Cell {
  column: number;
  type: string;
  style: number;
  value: string;
  hasValue: boolean;
  isFormula: boolean;
}

type FoundRow = Omit<SheetRow, 'bytes'>;

class SheetListener {
  readonly #text = new RunText();
  #rows: FoundRow[] = [];
  #row: FoundRow = { line: 0, cells: [], faults: [] };
  #cell: Cell | undefined;
  #inValue = false;

  constructor(private readonly workbook: Workbook) {}

  /** The row that is being read. */
  get line(): number {
    return this.#row.line;
  }

  takeRows(): FoundRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, { attributes }: SaxesTagPlain): void {
    if (name === 'row') {
      this.#row = { line: attributes.r === undefined ? this.#row.line + 1 : Number(attributes.r), cells: [], faults: [] };
    } else if (name === 'c') {
      const column = attributes.r === undefined ? this.#row.cells.length : columnOf(attributes.r);
      const style = Number(attributes.s ?? 0);
      this.#cell = { column, type: attributes.t ?? 'n', style, value: '', hasValue: false, isFormula: false };
    } else if (this.#cell) {
      if (name === 'f') this.#cell.isFormula = true;
      this.#inValue = name === 'v';
      if (name === 'v' || name === 'is') this.#cell.hasValue = true;
      this.#text.open(name);
    }
  }

  text(piece: string): void {
    if (!this.#cell) return;
    if (this.#inValue) this.#cell.value += piece;
    else this.#text.add(piece);
  }

  close(name: string): void {
    if (name === 'c' && this.#cell) {
      this.#finishCell(this.#cell);
      this.#cell = undefined;
    } else if (name === 'row') {
      if (this.#row.faults.length > 0 || this.#row.cells.some((cell) => cell !== '')) this.#rows.push(this.#row);
    } else if (this.#cell) {
      this.#inValue = false;
      this.#text.close(name);
    }
  }

  #finishCell(cell: Cell): void {
    const { cells, faults, line } = this.#row;
    if (cell.column > LAST_COLUMN) throw new ZipError('broken', `row ${line} has a cell beyond the last column`);
    while (cells.length < cell.column) cells.push('');
    const inline = this.#text.take();
    if (cell.type === 'e') faults.push({ column: cell.column, code: 'cell.error' });
    if (cell.isFormula && !cell.hasValue) faults.push({ column: cell.column, code: 'cell.formula-without-value' });
    cells[cell.column] = cell.hasValue ? this.#textOf(cell, inline) : '';
  }

  #textOf({ type, style, value }: Cell, inline: string): string {
    const { texts, formats, from1904 } = this.workbook;
    switch (type) {
      case 's': {
        const text = texts.get(Number(value));
        if (text === undefined)
          throw new ZipError('broken', `row ${this.#row.line} names the text ${value}, which the workbook does not have`);
        return text;
      }
      case 'inlineStr':
        return inline;
      case 'b':
        return value === '1' ? 'TRUE' : 'FALSE';
      case 'e':
        return '';
      case 'n': {
        const number = Number(value);
        if (value.trim() === '' || !Number.isFinite(number)) return '';
        const format = formats[style] ?? { kind: 'general' };
        if (format.kind === 'date')
          return serialText(number, { from1904, hasDate: format.hasDate }) ?? shownNumber(number, { kind: 'general' });
        return shownNumber(number, format);
      }
      // `str`: the text of a formula; `d`: a date in ISO form.
      default:
        return value;
    }
  }
}

/** `BC12` → 54, from 0. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference) {
    const digit = letter.charCodeAt(0) - 64;
    if (digit < 1 || digit > 26) break;
    column = column * 26 + digit;
  }
  return Math.max(0, column - 1);
}
