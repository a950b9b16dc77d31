import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatOf, readRows } from './read-rows.ts';
import type { ReadRow } from './table.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'par-csv-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

async function rowsOf(content: string | Buffer, { name = 'log.csv', delimiter = ',' } = {}): Promise<ReadRow[]> {
  const file = join(directory, name);
  writeFileSync(file, content);
  const rows: ReadRow[] = [];
  for await (const row of readRows(file, { format: 'csv', delimiter, onHeader: () => undefined })) rows.push(row);
  return rows;
}

describe('readCsv', () => {
  it('reads quoted texts, a byte-order mark, CRLF and empty lines', async () => {
    const rows = await rowsOf('\ufeffmã;tên\r\n1;"Phường ""Gia Hội"";\nHuế"\r\n\r\n2;\r\n', { delimiter: ';' });
    expect(rows.map(({ row, line }) => [line, row])).toEqual([
      [3, { mã: '1', tên: 'Phường "Gia Hội";\nHuế' }],
      [5, { mã: '2', tên: '' }],
    ]);
  });

  it('reads a packed file', async () => {
    expect((await rowsOf(gzipSync('a,b\n1,2\n'), { name: 'log.csv.gz' })).map(({ row }) => row)).toEqual([{ a: '1', b: '2' }]);
  });

  it.each<[string, string | Buffer, string, RegExp]>([
    ['a row too short', 'a,b\n1,2\n3\n', 'import.not-csv', /line 3 /],
    ['a quote that never ends', 'a,b\n1,"2\n3,4\n', 'import.not-csv', /line/],
    ['another encoding', Buffer.concat([Buffer.from('a,b\n1,2\n3,'), Buffer.from([0xd2, 0x41, 0x0a])]), 'import.not-utf8', /line 3/],
    ['two bytes a letter', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), 'import.not-utf8', /line 1/],
  ])('refuses %s and says where', async (_name, content, code, reason) => {
    await expect(rowsOf(content)).rejects.toMatchObject({ code, text: { en: expect.stringMatching(reason) } });
  });
});

it('tells the format by the name of the file, or as it is told', () => {
  expect([formatOf('a.CSV'), formatOf('x/b.xlsx'), formatOf('c.xes.gz'), formatOf('d.txt', 'csv')]).toEqual(['csv', 'xlsx', 'xes', 'csv']);
  expect(() => formatOf('d.txt')).toThrow(/option.unknown-format/);
});
