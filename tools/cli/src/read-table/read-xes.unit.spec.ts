import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import { RowMapper, type OutgoingEvent } from '../import-log/map-rows.ts';
import { parseMapping } from '../import-log/read-mapping.ts';
import { formatOf, readRows } from './read-rows.ts';
import type { ReadRow } from './table.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'par-xes-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

async function rowsOf(file: string): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of readRows(file, { format: formatOf(file), delimiter: ',', onHeader: () => undefined })) rows.push(row);
  return rows;
}

function rowsOfText(xml: string, name = 'log.xes'): Promise<ReadRow[]> {
  const file = join(directory, name);
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(xml) : xml);
  return rowsOf(file);
}

const LOG = `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="concept:name" value="default"/></global>
  <classifier name="Activity" keys="concept:name"/>
  <string key="source" value="of the log"/>
  <trace>
    <string key="concept:name" value="H57-1"><string key="meta" value="left out"/></string>
    <list key="tags"><values><string key="tag" value="left out"/></values></list>
    <event>
      <string key="concept:name" value="Tiếp nhận &amp; kiểm tra"/>
      <date key="time:timestamp" value="2021-07-05T08:30:00.000+07:00"/>
      <int key="cost" value="7"/><boolean key="paper" value="false"/>
    </event>
    <event><string key="org:resource" value=""/></event>
  </trace>
  <trace><string key="concept:name" value="H57-2"/></trace>
  <event><string key="concept:name" value="of no case"/></event>
</log>`;

describe('readXes', () => {
  it.each(['log.xes', 'log.xes.gz'])('makes rows of events, cases told before them (%s)', async (name) => {
    const rows = await rowsOfText(LOG, name);
    expect(rows.map(({ row, line, caseOnly }) => [line, row, caseOnly])).toEqual([
      [
        14,
        {
          'case:concept:name': 'H57-1',
          'concept:name': 'Tiếp nhận & kiểm tra',
          'time:timestamp': '2021-07-05T08:30:00.000+07:00',
          cost: '7',
          paper: 'false',
        },
        undefined,
      ],
      [15, { 'case:concept:name': 'H57-1', 'org:resource': '' }, undefined],
      [17, { 'case:concept:name': 'H57-2' }, true],
      [18, { 'concept:name': 'of no case' }, undefined],
    ]);
  });

  it('reads prefixed elements, and letters that are cut between two pieces of the file', async () => {
    const long = 'ữ'.repeat(200_000);
    const rows = await rowsOfText(`<x:log xmlns:x="n"><x:trace><x:string key="a" value="x${long}"/><x:event/></x:trace></x:log>`);
    expect(rows[0]?.row['case:a'] === `x${long}`).toBe(true);
  });

  it.each<[string, string, string, RegExp]>([
    ['a document type', LOG.replace('<log ', '<!DOCTYPE log [\n<!ENTITY x "y">\n]>\n<log '), 'import.xes-doctype', /line 4 /],
    ['an entity that is not of XML', LOG.replace('&amp;', '&bomb;'), 'import.not-xes', /line 11 .*undefined entity/],
    ['an end in the middle', LOG.slice(0, LOG.indexOf('</trace>')), 'import.not-xes', /line 16 .*unclosed tag/],
    ['another element at the top', '<html></html>', 'import.not-xes', /line 1 .*<html>/],
    ['an attribute without a value', LOG.replace(' value="7"', ''), 'import.not-xes', /line 13 .*<int>/],
    ['an element that is no attribute', LOG.replace('<int ', '<number '), 'import.not-xes', /line 13 /],
    ['a key given twice', LOG.replace('key="cost"', 'key="paper"'), 'import.not-xes', /line 13 .*"paper" twice/],
    [
      'an attribute of a trace after its events',
      LOG.replace('</trace>', '<int key="late" value="1"/></trace>'),
      'import.not-xes',
      /line 16 .*"late"/,
    ],
    ['nothing', '', 'import.not-xes', /root element/],
  ])('refuses a log with %s and says where', async (_name, xml, code, reason) => {
    await expect(rowsOfText(xml)).rejects.toMatchObject({
      code,
      text: { en: expect.stringMatching(reason), vi: expect.stringMatching(/^dòng/) },
    });
  });

  it('refuses what is not UTF-8, and a packed file that is cut off', async () => {
    const file = join(directory, 'latin.xes');
    writeFileSync(file, Buffer.from(LOG.replace('of the log', '\u00e9t\u00e9'), 'latin1'));
    await expect(rowsOf(file)).rejects.toMatchObject({ code: 'import.not-utf8', text: { en: expect.stringMatching(/line 6/) } });
    const cut = join(directory, 'cut.xes.gz');
    writeFileSync(cut, gzipSync(LOG).subarray(0, 200));
    await expect(rowsOf(cut)).rejects.toMatchObject({ code: 'import.broken-gzip' });
  });
});

// The log is public data that stands beside the checkout, in `../shared/data`; the project ships only data that it made itself.
const receipt = fileURLToPath(new URL('../../../../../shared/data/receipt.csv', import.meta.url));
const coselog = parseMapping(readFileSync(new URL('../../mappings/coselog.yaml', import.meta.url), 'utf8'), 'coselog.yaml');

describe('one log in three formats', () => {
  let rows: ReadRow[];
  let expected: string[];

  function eventsOf(read: readonly ReadRow[]): string[] {
    const mapper = new RowMapper(coselog);
    const mapped = read.map(({ row, caseOnly }) => mapper.map(row, { caseOnly }));
    expect(mapped.flatMap(({ faults }) => faults)).toEqual([]);
    const events: OutgoingEvent[] = mapped.flatMap((one) => one.events);
    return events.map((event) => JSON.stringify(event)).sort();
  }

  beforeAll(async () => {
    rows = await rowsOf(receipt);
    expected = eventsOf(rows);
  });

  it('gives equal events as XES', async () => {
    expect(expected).toHaveLength(13_998);
    expect(eventsOf(await rowsOfText(xesOf(rows), 'receipt.xes')).join('\n') === expected.join('\n')).toBe(true);
  });

  it('gives equal events as a workbook', async () => {
    const file = join(directory, 'receipt.xlsx');
    const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file, useSharedStrings: true });
    const sheet = book.addWorksheet('log');
    const header = Object.keys(rows[0]!.row);
    sheet.addRow(header).commit();
    for (const { row } of rows) sheet.addRow(header.map((column) => row[column])).commit();
    sheet.commit();
    await book.commit();
    expect(eventsOf(await rowsOf(file)).join('\n') === expected.join('\n')).toBe(true);
  });
});

/** Another program's way of writing a log as XES: a trace per case, empty values left out, times as dates. */
function xesOf(rows: readonly ReadRow[]): string {
  const cases = new Map<string, ReadRow[]>();
  for (const row of rows) {
    const name = row.row['case:concept:name']!;
    cases.set(name, [...(cases.get(name) ?? []), row]);
  }
  const quoted = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const attributes = (row: ReadRow['row'], ofCase: boolean): string =>
    Object.entries(row)
      .filter(([column, value]) => value !== '' && column.startsWith('case:') === ofCase)
      .map(([column, value]) => {
        const key = ofCase ? column.slice('case:'.length) : column;
        const isTime = /^\d{4}-\d{2}-\d{2} \d/.test(value);
        return `<${isTime ? 'date' : 'string'} key="${quoted(key)}" value="${quoted(isTime ? value.replace(' ', 'T') : value)}"/>`;
      })
      .join('\n');
  const traces = [...cases.values()].map(
    (events) =>
      `<trace>${attributes(events[0]!.row, true)}${events.map(({ row }) => `<event>${attributes(row, false)}</event>`).join('')}</trace>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849-2016">${traces.join('\n')}</log>`;
}
