import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { validateData } from '@par/contracts';
import ExcelJS from 'exceljs';
import type { OutgoingEvent } from '../import-log/map-rows.ts';
import { DECLARATION_KINDS } from './declaration-kinds.ts';
import { KIND_NAMES, type KindName } from './kind-names.ts';
import { makeEvents } from './make-events.ts';
import { readDeclarations, type BadCell } from './read-declarations.ts';
import { UNITS } from './spec-units.ts';
import { csvTemplate, xlsxTemplate } from './template.ts';
import { UnitDirectory } from './unit-directory.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'par-declare-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Declared {
  rows: number;
  events: OutgoingEvent[];
  bad: BadCell[];
}

async function declared(name: KindName, file: string, asOf?: string): Promise<Declared> {
  const kind = DECLARATION_KINDS[name];
  const { rows, bad } = await readDeclarations(kind, { file, asOf }, UnitDirectory.from(UNITS));
  const made = makeEvents(kind, rows, { units: UNITS, source: `urn:par:declared:${name}`, now: new Date('2022-02-01T00:00:00Z') });
  return { rows: rows.length, events: made.events.map(({ event }) => event), bad: [...bad, ...made.bad] };
}

/** Declares rows of CSV: a header of keys, then cells. */
function declaredCsv(name: KindName, header: string, rows: readonly string[], asOf?: string): Promise<Declared> {
  const file = join(directory, 'rows.csv');
  writeFileSync(file, `${[header, ...rows].join('\n')}\n`);
  return declared(name, file, asOf);
}

describe.each(KIND_NAMES.map((name) => [name]))('the template of %s', (name) => {
  const kind = DECLARATION_KINDS[name];

  it('declares nothing as it is, and what its examples say once their mark is gone (CSV)', async () => {
    const file = join(directory, `${name}.csv`);
    writeFileSync(file, csvTemplate(kind));
    expect(await declared(name, file)).toEqual({ rows: 0, events: [], bad: [] });
    // The notes stay notes; only the examples, at the end, become rows.
    const lines = csvTemplate(kind).trimEnd().split('\r\n');
    const examples = lines.splice(-kind.examples.length);
    writeFileSync(file, [...lines, ...examples.map((line) => line.replace(/^("?)# /, '$1'))].join('\r\n'));
    const { rows, events, bad } = await declared(name, file);
    expect(bad).toEqual([]);
    expect(rows).toBe(kind.examples.length);
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) expect(validateData(event.type, event.data)).toEqual([]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect((await declared(name, file)).events).toEqual(events);
  });

  it('declares the same as a workbook, filled with dates and numbers as a spreadsheet makes them', async () => {
    const file = join(directory, `${name}.xlsx`);
    writeFileSync(file, await xlsxTemplate(kind));
    expect(await declared(name, file)).toEqual({ rows: 0, events: [], bad: [] });
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(file);
    const sheet = book.worksheets[0]!;
    kind.examples.forEach((example, at) => {
      kind.columns.forEach(({ key, type }, index) => {
        const cell = sheet.getCell(2 + at, 1 + index);
        const text = example[key] ?? '';
        const day = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text);
        if (day && type.kind === 'date') {
          cell.value = new Date(Date.UTC(Number(day[3]), Number(day[2]) - 1, Number(day[1])));
          // Cells share the style of their column until they are given one of their own.
          cell.style = { numFmt: 'dd/mm/yyyy' };
        } else if (['integer', 'year', 'points'].includes(type.kind) && text !== '') {
          cell.value = Number(text.replace(',', '.'));
          cell.style = { numFmt: 'General' };
        } else cell.value = text;
      });
    });
    await book.xlsx.writeFile(file);
    const csv = join(directory, 'examples.csv');
    const cells = kind.examples.map((example) => kind.columns.map(({ key }) => `"${example[key] ?? ''}"`).join(';'));
    writeFileSync(csv, [kind.columns.map(({ title }) => title.en).join(';'), ...cells].join('\n'));
    const fromBook = await declared(name, file);
    expect(fromBook.bad).toEqual([]);
    expect(fromBook.events).toEqual((await declared(name, csv)).events);
  });

  it('explains every column in both languages', () => {
    const csv = csvTemplate(kind);
    for (const { title, help } of kind.columns)
      for (const text of [title.vi, title.en, help.vi, help.en]) expect(csv).toContain(text.replaceAll('"', '""'));
  });
});

describe('the identity of a declaration', () => {
  const header = 'unit,period,count,date';
  const declare = async (...rows: string[]): Promise<OutgoingEvent[]> => (await declaredCsv('paper-work', header, rows)).events;

  it('is the same for the same content however it is written, and another for another count or day', async () => {
    const [first] = await declare('Phường Thủy Xuân,07/2021,12,05/08/2021');
    expect(first).toMatchObject({
      source: 'urn:par:declared:paper-work',
      type: 'vn.par.paper-work.declared.v1',
      subject: 'hue-thuy-xuan',
      unit: 'hue-thuy-xuan',
      time: '2021-08-04T17:00:00.000Z',
      data: { period: '2021-07', count: 12 },
    });
    expect(first?.id).toMatch(/^paper-work\.declared\/hue-thuy-xuan\/2021-07\/[0-9a-f]{16}$/);
    for (const same of ['19813,2021-07,12,5/8/2021', 'phường thuỷ xuân,7/2021,12,2021-08-05', 'hue-thuy-xuan,2021-07-01,12,05/08/2021']) {
      expect(await declare(same)).toEqual([first]);
    }
    const others = await declare(
      '19813,2021-07,13,05/08/2021',
      '19813,2021-07,12,06/08/2021',
      '19813,2021-07,12,05/08/2021 08:30',
      '19813,2021-08,12,05/09/2021',
    );
    expect(new Set([first, ...others].map((event) => event?.id)).size).toBe(5);
  });

  it('takes the day from --as-of where the row gives none, and asks for one where nobody does', async () => {
    const { events } = await declaredCsv('staff-standards', 'unit,staff,meeting', ['Phòng Nội vụ,18,16'], '2021-12-31');
    expect(events[0]).toMatchObject({ time: '2021-12-30T17:00:00.000Z', data: { staff: 18, meeting: 16 } });
    const { bad } = await declaredCsv('staff-standards', 'unit,staff,meeting', ['Phòng Nội vụ,18,16']);
    expect(bad).toMatchObject([{ line: 2, column: 'Ngày khai báo', text: { en: expect.stringContaining('--as-of') } }]);
  });
});

describe('a bad row', () => {
  it.each<[KindName, string, string, string, RegExp]>([
    ['paper-work', 'unit,period,count,date', ',07/2021,1,05/08/2021', 'Đơn vị', /is empty/],
    ['paper-work', 'unit,period,count,date', 'Phường Lạ,07/2021,1,05/08/2021', 'Đơn vị', /no unit/],
    ['paper-work', 'unit,period,count,date', 'Phường Trùng Tên,07/2021,1,05/08/2021', 'Đơn vị', /more than one/],
    ['paper-work', 'unit,period,count,date', '19813,13/2021,1,05/08/2021', 'Kỳ', /Q1\/2021/],
    ['paper-work', 'unit,period,count,date', '19813,07/2021,1.200,05/08/2021', 'Số lượng', /without separators/],
    ['paper-work', 'unit,period,count,date', '19813,07/2021,-1,05/08/2021', 'Số lượng', /whole number/],
    ['paper-work', 'unit,period,count,date', '19813,07/2021,1,31/06/2021', 'Ngày khai báo', /a day such as/],
    ['paper-work', 'unit,period,count,date', '19813,07/2023,1,05/08/2021', 'data.period', /future/],
    ['paper-work', 'unit,period,count,date', '19813,07/2021,1,05/08/2022', 'time', /future/],
    ['staff-standards', 'unit,staff,meeting,date', '19813,5,6,05/08/2021', 'Số đáp ứng tiêu chuẩn', /more than the staff/],
    ['inspections', 'unit,date,subjects', '19813,05/08/2021,Kiểm toán', 'Nội dung kiểm tra', /Administrative reform \(reform\)/],
    ['inspections', 'unit,date,subjects,record', '19813,05/08/2021,reform,Đoàn 3', 'Số văn bản', /form/],
    ['function-reviews', 'record,unit,planned,completed', 'rs-1,Phòng Nội vụ,01/06/2021,soon', 'Ngày hoàn thành', /a day/],
    ['assessments', 'unit,year,framework,awarded,applicable,date', '19813,2021,qd,96,"95,5",14/01/2022', 'Điểm đạt', /more than/],
    ['assessments', 'unit,year,framework,awarded,applicable,date', '19813,2021,qd,"84,1865",100,14/01/2022', 'Điểm đạt', /three decimals/],
    ['assessments', 'unit,year,framework,awarded,applicable,date', '19813,2021,qd,0,0,14/01/2022', 'Điểm áp dụng', /more than 0/],
    ['procedures', 'code,unit,published,scheme,level', '1.005120,Phòng Tư pháp,01/01/2021,2022,4', 'Mức độ', /1 to 3/],
    ['procedures', 'code,unit,published,scheme,level,newTerm', '1.005120,Phòng Tư pháp,01/01/2021,1-4,2,5', 'Ngày cắt giảm', /together/],
    ['tslcd-connections', 'unit,accepted,lost', '19813,05/07/2021,06/07/2021', 'Lý do chấm dứt', /together/],
    ['tslcd-connections', 'unit,accepted,lost,reason', '19756,05/06/2021,06/08/2021,moved', 'unit', /not in force/],
  ])('of %s is told with its row, column and reason: %s %s', async (name, header, row, column, reason) => {
    const { bad, events } = await declaredCsv(name, header, ['# a note,,', row]);
    expect(bad).toEqual([{ line: 3, column, text: { en: expect.stringMatching(reason), vi: expect.any(String) } }]);
    expect(events).toEqual([]);
  });

  it('keeps back the rows that belong to it, and no others', async () => {
    const header = 'record,unit,date,issued,collected,question,scale,best,middle,worst';
    const { bad, events } = await declaredCsv('surveys', header, [
      'ks-1,hue,30/09/2021,10,9,cau-1,Hài lòng,5,3,1',
      'ks-2,hue,30/09/2021,10,9,cau-1,other,5,3,1',
      'ks-1,hue,30/09/2021,10,8,cau-2,Hài lòng,5,3,0',
      'KS-2,Thành phố Huế,30/09/2021,10,9,cau-2,Hài lòng,9,0,0',
    ]);
    expect(bad).toMatchObject([{ line: 4, column: 'Số phiếu thu về' }]);
    expect(
      events.map(({ subject, data }) => [
        subject,
        (data.questions as { question: string; scale: string }[]).map((one) => `${one.question} ${one.scale}`),
      ]),
    ).toEqual([['ks-2', ['cau-1 other', 'cau-2 satisfaction']]]);
  });

  it('is one that says otherwise than a row before of the same matter and time', async () => {
    const header = 'unit,period,count,date';
    const { bad, events } = await declaredCsv('paper-work', header, [
      '19813,07/2021,12,05/08/2021',
      'Phường Thuỷ Xuân,07/2021,12,05/08/2021',
      '19813,07/2021,13,05/08/2021',
      '19813,07/2021,14,05/08/2021 09:00',
    ]);
    expect(bad).toMatchObject([{ line: 4, text: { en: expect.stringMatching(/otherwise than row 2/) } }]);
    expect(events.map(({ data }) => data.count)).toEqual([12, 12, 14]);
  });

  it('refuses a file that is another template, and says what is missing', async () => {
    await expect(declaredCsv('paper-work', 'unit,staff,meeting', ['hue,1,1'])).rejects.toMatchObject({
      code: 'declare.other-columns',
      text: { en: expect.stringMatching(/staff, meeting; missing Period, Count/) },
    });
  });

  it('never repeats what carries a mark of secrecy', async () => {
    const { bad, events } = await declaredCsv('tslcd-connections', 'unit,accepted,record', ['19813,05/07/2021,TOI-MAT']);
    expect(events).toEqual([]);
    expect(bad).toMatchObject([{ line: 2, column: '', text: { en: expect.stringMatching(/state secrecy/) } }]);
    expect(JSON.stringify(bad)).not.toMatch(/TOI/);
  });
});

describe('a ranking', () => {
  it('is one event of all its peers', async () => {
    const { events } = await declaredCsv('rankings', 'unit,year,date,peers,code,score,rank', [
      '474,2021,05/01/2022,9,480,"87,17",1',
      '474,2021,05/01/2022,9,474,84.186,',
    ]);
    expect(events.map(({ data }) => data)).toEqual([
      {
        year: 2021,
        peers: 9,
        scores: [
          { code: '480', score: 87_170, rank: 1 },
          { code: '474', score: 84_186 },
        ],
      },
    ]);
  });
});

describe('the catalogue', () => {
  it('gives an event for everything that became of a procedure', async () => {
    const { events } = await declaredCsv(
      'procedures',
      'code,unit,published,scheme,level,term,termUnit,fee,newLevel,levelChanged,newTerm,termCut,isoIssued,abolished',
      ['1.005120,Phòng Tư pháp,01/01/2021,Mức độ 1-4,2,15,,Có,4,01/06/2021,10,02/06/2021,03/06/2021,04/06/2021'],
    );
    expect(events.map(({ type, time, data }) => [type.slice('vn.par.procedure.'.length), time.slice(0, 10), data])).toEqual([
      ['published.v1', '2020-12-31', { level: { scheme: '1-4', level: 2 }, term: { amount: 15, unit: 'working-day' }, fee: true }],
      ['level-changed.v1', '2021-05-31', { level: { scheme: '1-4', level: 4 } }],
      ['term-cut.v1', '2021-06-01', { term: { amount: 10, unit: 'working-day' } }],
      ['iso-issued.v1', '2021-06-02', {}],
      ['abolished.v1', '2021-06-03', {}],
    ]);
    expect(events.every(({ subject, unit }) => subject === '1.005120' && unit === 'hue-tu-phap')).toBe(true);
  });
});
