import ExcelJS from 'exceljs';
import type { Column, DeclarationKind } from './declaration-kind.ts';
import { EXAMPLE_MARK } from './read-declarations.ts';

/**
 * The template of a kind as CSV: header in Vietnamese, then notes and examples, each of which begins with the mark that makes the importer pass over it.
 * With a byte-order mark, by which spreadsheets know UTF-8.
 */
export function csvTemplate(kind: DeclarationKind): string {
  const width = kind.columns.length;
  const note = (text: string): string[] => [`${EXAMPLE_MARK} ${text}`, ...Array<string>(width - 1).fill('')];
  const rows = [
    kind.columns.map((column) => column.title.vi),
    note(
      `${kind.title.vi}. Dòng bắt đầu bằng ${EXAMPLE_MARK} là ghi chú hoặc ví dụ, hệ thống bỏ qua. / ${kind.title.en}. Rows that begin with ${EXAMPLE_MARK} are notes and examples and are passed over.`,
    ),
    ...kind.columns.map((column) => note(`${noteOf(column, 'vi')} / ${noteOf(column, 'en')}`)),
    ...exampleRows(kind),
  ];
  return `\ufeff${rows.map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`;
}

/** The same as a workbook: a sheet to fill, a sheet that explains each column, lists to choose from. */
export async function xlsxTemplate(kind: DeclarationKind): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('Khai báo', { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = kind.columns.map((column) => ({
    header: column.title.vi,
    width: Math.max(16, column.title.vi.length + 4),
    style: { numFmt: '@' },
  }));
  sheet.getRow(1).font = { bold: true };
  for (const row of exampleRows(kind)) sheet.addRow(row).font = { italic: true, color: { argb: 'FF808080' } };
  kind.columns.forEach((column, index) => offerChoices(sheet, column, index + 1, kind.examples.length + 2));

  const notes = book.addWorksheet('Hướng dẫn');
  notes.columns = [
    { header: 'Cột', width: 26 },
    { header: 'Bắt buộc', width: 14 },
    { header: 'Cách ghi', width: 60 },
    { header: 'Column', width: 26 },
    { header: 'Required', width: 14 },
    { header: 'How to fill it', width: 60 },
  ];
  notes.getRow(1).font = { bold: true };
  for (const column of kind.columns) {
    const { title, help } = column;
    const [need, form] = [needOf(column), formOf(column)];
    notes.addRow([title.vi, need.vi, `${form.vi} ${help.vi}`.trim(), title.en, need.en, `${form.en} ${help.en}`.trim()]).alignment = {
      wrapText: true,
      vertical: 'top',
    };
  }
  notes.addRow([]);
  notes.addRow([
    `Dòng bắt đầu bằng ${EXAMPLE_MARK} là ví dụ, hệ thống bỏ qua. Nộp bằng: par declare ${kind.name} <tệp>`,
    ...['', ''],
    `Rows that begin with ${EXAMPLE_MARK} are examples and are passed over. Declare with: par declare ${kind.name} <file>`,
  ]);
  return Buffer.from(await book.xlsx.writeBuffer());
}

/** Rows of a sheet for which a list of choices is offered. */
const OFFERED_ROWS = 1_000;

function offerChoices(sheet: ExcelJS.Worksheet, { type }: Column, index: number, from: number): void {
  if (type.kind !== 'choice' && type.kind !== 'yes-no') return;
  // A label with a comma in it cannot stand in a list of choices; its id can.
  const labels = type.kind === 'yes-no' ? ['Có', 'Không'] : type.of.map(({ value, label }) => (label.vi.includes(',') ? value : label.vi));
  for (let row = from; row < from + OFFERED_ROWS; row += 1) {
    sheet.getCell(row, index).dataValidation = { type: 'list', allowBlank: true, formulae: [`"${labels.join(',')}"`] };
  }
}

function exampleRows(kind: DeclarationKind): string[][] {
  return kind.examples.map((example) =>
    kind.columns.map(({ key }, index) => `${index === 0 ? `${EXAMPLE_MARK} ` : ''}${example[key] ?? ''}`),
  );
}

function noteOf(column: Column, language: 'vi' | 'en'): string {
  const form = formOf(column)[language];
  return `${column.title[language]} (${needOf(column)[language]}): ${form}${form && ' '}${column.help[language]}`;
}

function needOf({ required }: Column): { vi: string; en: string } {
  return required ? { vi: 'bắt buộc', en: 'required' } : { vi: 'không bắt buộc', en: 'optional' };
}

/** How a value of a column is written. */
function formOf({ type }: Column): { vi: string; en: string } {
  switch (type.kind) {
    case 'date':
      return { vi: 'Ngày dd/mm/yyyy, có thể kèm giờ hh:mm.', en: 'A day dd/mm/yyyy, also with hh:mm.' };
    case 'year':
      return { vi: 'Năm, bốn chữ số.', en: 'A year of four digits.' };
    case 'integer':
      return { vi: `Số nguyên từ ${type.least} đến ${type.most}.`, en: `A whole number from ${type.least} to ${type.most}.` };
    // Their help says it all.
    case 'unit':
    case 'period':
    case 'points':
      return { vi: '', en: '' };
    case 'choice':
    case 'choices': {
      const list = (language: 'vi' | 'en'): string => type.of.map(({ value, label }) => `${label[language]} (${value})`).join('; ');
      return { vi: `Chọn: ${list('vi')}.`, en: `One of: ${list('en')}.` };
    }
    case 'yes-no':
      return { vi: 'Có hoặc Không.', en: 'Yes or no.' };
    case 'code':
      return { vi: `Dạng ${type.pattern.source}.`, en: `Form ${type.pattern.source}.` };
  }
}

function quoted(text: string): string {
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
