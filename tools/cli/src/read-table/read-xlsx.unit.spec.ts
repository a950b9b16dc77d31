import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import { readRows } from './read-rows.ts';
import { workbookParts, zipOf } from './spec-zip.ts';
import type { ReadRow } from './table.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'par-xlsx-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

async function rowsOf(file: string, sheet?: string): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of readRows(file, { format: 'xlsx', delimiter: ',', sheet, onHeader: () => undefined })) rows.push(row);
  return rows;
}

async function rowsOfParts(parts: Record<string, string>, options = {}): Promise<ReadRow[]> {
  const file = join(directory, 'made.xlsx');
  writeFileSync(file, zipOf(parts, options));
  return rowsOf(file);
}

const row = (number: number, ...cells: string[]): string => `<x:row r="${number}">${cells.join('')}</x:row>`;
const text = (value: string): string => `<x:c t="inlineStr"><x:is><x:t>${value}</x:t></x:is></x:c>`;
const HEADER = row(1, text('a'), text('b'));

describe('readXlsx', () => {
  it.each([false, true])('reads what a spreadsheet program writes (shared texts: %s)', async (useSharedStrings) => {
    const file = join(directory, `written-${useSharedStrings}.xlsx`);
    const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file, useSharedStrings, useStyles: true });
    const sheet = book.addWorksheet('Hồ sơ');
    sheet.addRow(['Mã', 'Ngày', 'Giờ', 'Số', 'Tỷ lệ', 'Có', 'Công thức']).commit();
    const filled = sheet.addRow([
      'H57.132-210705-0001',
      new Date(Date.UTC(2021, 6, 5, 8, 30)),
      new Date(Date.UTC(2021, 6, 5)),
      12,
      0.125,
      true,
      { formula: '1+1', result: 2 },
    ]);
    filled.getCell(2).numFmt = 'dd/mm/yyyy hh:mm';
    filled.getCell(3).numFmt = 'dd/mm/yyyy';
    filled.getCell(4).numFmt = '000000';
    filled.getCell(5).numFmt = '0.0%';
    filled.commit();
    sheet.addRow([]).commit();
    sheet.addRow(['Đường Nguyễn Huệ', null, null, 1_234_567.5]).commit();
    sheet.commit();
    await book.commit();
    const rows = await rowsOf(file);
    expect(rows.map(({ line }) => line)).toEqual([2, 4]);
    expect(rows[0]?.row).toEqual({
      Mã: 'H57.132-210705-0001',
      Ngày: '2021-07-05 08:30:00',
      Giờ: '2021-07-05',
      Số: '000012',
      'Tỷ lệ': '12.5%',
      Có: 'TRUE',
      'Công thức': '2',
    });
    expect(rows[1]?.row).toMatchObject({ Mã: 'Đường Nguyễn Huệ', Ngày: '', Số: '1234567.5' });
    expect(rows.every(({ bytes }) => bytes > 0)).toBe(true);
  });

  it('reads the first visible sheet, or the one that is named', async () => {
    const book = new ExcelJS.Workbook();
    book.addWorksheet('Ẩn', { state: 'hidden' }).addRows([['a'], ['hidden']]);
    book.addWorksheet('Một').addRows([['a'], ['one']]);
    book.addWorksheet('Hai').addRows([['a'], ['two']]);
    const file = join(directory, 'sheets.xlsx');
    await book.xlsx.writeFile(file);
    expect((await rowsOf(file)).map((each) => each.row.a)).toEqual(['one']);
    expect((await rowsOf(file, 'Hai')).map((each) => each.row.a)).toEqual(['two']);
    await expect(rowsOf(file, 'Ba')).rejects.toMatchObject({
      code: 'import.no-sheet',
      text: { en: expect.stringMatching(/Ẩn, Một, Hai/) },
    });
  });

  it('takes every run of a text, but not its reading aids, wherever the text stands', async () => {
    const runs = '<r><t>Phường </t></r><r><rPr><b/></rPr><t xml:space="preserve">Gia Hội</t></r><rPh><t>aid</t></rPh>';
    const inline = `<x:c t="inlineStr"><x:is><x:r><x:t>one </x:t></x:r><x:r><x:t>two</x:t></x:r></x:is></x:c>`;
    const [read] = await rowsOfParts(workbookParts(HEADER + row(2, '<x:c t="s"><x:v>0</x:v></x:c>', inline), { texts: [runs] }));
    expect(read?.row).toEqual({ a: 'Phường Gia Hội', b: 'one two' });
  });

  it.each<[string, string, Parameters<typeof workbookParts>[1], Record<string, string>]>([
    ['a date in ISO form', '<x:c t="d"><x:v>2021-07-05T08:30:00</x:v></x:c>', {}, { a: '2021-07-05T08:30:00' }],
    ['days from 1904', '<x:c s="1"><x:v>42920.5</x:v></x:c>', { styles: ['yyyy-mm-dd'], from1904: true }, { a: '2021-07-05 12:00:00' }],
    ['cells that say where they stand', '<x:c r="B2"><x:v>7</x:v></x:c>', {}, { a: '', b: '7' }],
    ['an absolute path to the sheet', '<x:c><x:v>7</x:v></x:c>', { target: '/xl/worksheets/Tab.xml' }, { a: '7' }],
    ['a letter that XML cannot hold', text('one_x000D_two'), {}, { a: 'one\rtwo' }],
    ['the text of a formula', '<x:c t="str"><x:f>A1</x:f><x:v>x &amp; y</x:v></x:c>', {}, { a: 'x & y' }],
  ])('reads %s', async (_name, cell, options, expected) => {
    const [read] = await rowsOfParts(workbookParts(HEADER + row(2, cell), options));
    expect(read?.row).toMatchObject(expected);
    expect(read?.faults).toBeUndefined();
  });

  it.each([{ zip64: true }, { deflate: false }])('reads an archive with %j', async (options) => {
    const rows = await rowsOfParts(workbookParts(HEADER + row(2, text('x')) + row(9, text('y'))), options);
    expect(rows.map(({ line, row: { a } }) => [line, a])).toEqual([
      [2, 'x'],
      [9, 'y'],
    ]);
  });

  it('says which cell holds no value', async () => {
    const rows = await rowsOfParts(workbookParts(HEADER + row(2, '<x:c t="e"><x:v>#N/A</x:v></x:c>', '<x:c><x:f>NOW()</x:f></x:c>')));
    expect(rows[0]?.faults).toMatchObject([
      { code: 'cell.error', column: 'a' },
      { code: 'cell.formula-without-value', column: 'b' },
    ]);
  });

  it.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
    ['cut off', (bytes) => bytes.subarray(0, bytes.length - 200), /not an \.xlsx workbook/],
    [
      'an old workbook',
      () => Buffer.from('d0cf11e0a1b11ae1000000000000000000000000000000000000', 'hex'),
      /old \.xls or one with a password/,
    ],
    ['another archive', () => zipOf({ 'readme.txt': 'x' }), /no workbook/],
    ['empty', () => Buffer.alloc(0), /not an \.xlsx workbook/],
    [
      'broken XML',
      () => zipOf(workbookParts(HEADER + row(2, text('x')) + '<x:row r="3"><x:c></x:row>')),
      /broken workbook \(row 3\).*not well-formed/,
    ],
    ['a text that is missing', () => zipOf(workbookParts(HEADER + row(2, '<x:c t="s"><x:v>4</x:v></x:c>'))), /row 2 names the text 4/],
    ['a column that no sheet has', () => zipOf(workbookParts(row(1, '<x:c r="ZZZZZZ1"><x:v>4</x:v></x:c>'))), /beyond the last column/],
    ['a document type', () => zipOf({ ...workbookParts(''), 'xl/styles.xml': '<!DOCTYPE s [<!ENTITY a "b">]><s/>' }), /document type/],
  ])('refuses a workbook that is %s, with a reason', async (_name, broken, reason) => {
    const file = join(directory, 'broken.xlsx');
    writeFileSync(file, broken(zipOf(workbookParts(HEADER + row(2, text('x'))))));
    await expect(rowsOf(file)).rejects.toMatchObject({ code: 'import.not-xlsx', text: { en: expect.stringMatching(reason) } });
  });

  it('sees wrong bytes inside a part', async () => {
    const file = join(directory, 'flipped.xlsx');
    const bytes = zipOf(workbookParts(HEADER + row(2, text('good'))), { deflate: false });
    bytes.write('bad!', bytes.indexOf('good'));
    writeFileSync(file, bytes);
    await expect(rowsOf(file)).rejects.toMatchObject({ text: { en: expect.stringMatching(/wrong bytes/) } });
  });

  it('says that there is no such file', async () => {
    await expect(rowsOf(join(directory, 'none.xlsx'))).rejects.toMatchObject({ code: 'option.no-file' });
  });
});
