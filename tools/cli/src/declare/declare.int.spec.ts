import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpecDoors } from '../post-events/spec-doors.ts';
import type { Terminal } from '../terminal.ts';
import { declare, type DeclareOptions } from './declare.command.ts';
import { UNITS } from './spec-units.ts';
import { writeTemplate } from './write-template.command.ts';

const HEADER = 'Đơn vị,Kỳ,Số lượng,Ngày khai báo';

let directory: string;
let doors: SpecDoors;
let printed: string[];
let notes: string[];
const terminal: Terminal = { language: 'vi', print: (text) => void printed.push(text), note: (text) => void notes.push(text) };

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'par-declare-'));
  doors = new SpecDoors();
  doors.shown = UNITS;
  printed = [];
  notes = [];
  await doors.start();
});
afterEach(async () => {
  await doors.stop();
  rmSync(directory, { recursive: true });
});

function declareRows(rows: readonly string[], change: Partial<DeclareOptions> = {}): Promise<number> {
  const file = join(directory, 'rows.csv');
  writeFileSync(file, `${[HEADER, ...rows].join('\n')}\n`);
  return declare({ kind: 'paper-work', file, ...doors.target, json: true, ...change }, terminal);
}
const summary = (): unknown => JSON.parse(printed.at(-1)!) as unknown;

const GOOD = ['Phường Thuỷ Xuân,07/2021,12,05/08/2021', '19756,Q3/2021,4,05/10/2021'];

describe('par declare', () => {
  it('declares once what is declared twice, and a changed count as another declaration', async () => {
    expect(await declareRows(GOOD)).toBe(0);
    expect(summary()).toMatchObject({ rows: 2, events: 2, bad: [], posted: { accepted: 2, duplicate: 0 } });
    const { declared } = summary() as { declared: { source: string; id: string }[] };
    expect(declared.map(({ source, id }) => `dossier-intake ${source} ${id}`)).toEqual([...doors.taken.keys()]);
    expect(await declareRows(GOOD)).toBe(0);
    expect(summary()).toMatchObject({ posted: { accepted: 0, duplicate: 2, conflict: 0 } });
    expect(await declareRows([GOOD[0]!.replace(',12,', ',13,'), GOOD[1]!])).toBe(0);
    expect(summary()).toMatchObject({ posted: { accepted: 1, duplicate: 1, conflict: 0 } });
    expect([...doors.taken.values()].map((json) => (JSON.parse(json) as { unit: string }).unit).sort()).toEqual([
      'hue-gia-hoi',
      'hue-thuy-xuan',
      'hue-thuy-xuan',
    ]);
  });

  it('posts nothing while a row is bad, unless it may leave it out', async () => {
    const rows = [GOOD[0]!, 'Phường Lạ,Q3/2021,4,05/10/2021', '19813,Q3/2021,bốn,05/10/2021'];
    expect(await declareRows(rows)).toBe(1);
    expect(doors.taken.size).toBe(0);
    expect(summary()).toMatchObject({
      rows: 3,
      events: 1,
      posted: null,
      bad: [
        { line: 3, column: 'Đơn vị' },
        { line: 4, column: 'Số lượng' },
      ],
    });
    expect(await declareRows(rows, { json: false })).toBe(1);
    expect(printed.at(-1)).toMatch(/dòng 3, Đơn vị: không phải đơn vị[^]*dòng 4, Số lượng: phải là số nguyên[^]*chưa gửi gì/);
    expect(await declareRows(rows, { skipBad: true })).toBe(1);
    expect(summary()).toMatchObject({ posted: { accepted: 1 } });
    expect(doors.taken.size).toBe(1);
  });

  it('posts nothing in a dry run, and takes source, day and city as told', async () => {
    expect(await declareRows(['Phường Thuỷ Xuân,07/2021,12'], { dryRun: true, asOf: '05/08/2021' })).toBe(0);
    expect(doors.taken.size).toBe(0);
    expect(await declareRows(['Phường Thuỷ Xuân,07/2021,12'], { asOf: '05/08/2021 08:30', source: 'urn:my:office', city: 'hue' })).toBe(0);
    expect(JSON.parse([...doors.taken.values()][0]!)).toMatchObject({ source: 'urn:my:office', time: '2021-08-05T01:30:00.000Z' });
    expect(await declareRows(GOOD, { city: 'elsewhere' })).toBe(1);
    await expect(declareRows(GOOD, { asOf: 'soon' })).rejects.toMatchObject({ code: 'option.bad-day' });
  });

  it('says with its exit code that a door did not take it', async () => {
    doors.refuse = () => 'producer.may-not-declare';
    expect(await declareRows(GOOD)).toBe(1);
    expect(summary()).toMatchObject({
      posted: { refused: 2, causes: [{ code: 'producer.may-not-declare', examples: [{ line: 2 }, { line: 3 }] }] },
    });
  });
});

describe('par template', () => {
  it('writes a file that par declare takes, and never over one that is there', async () => {
    for (const name of ['mau.csv', 'mau.xlsx']) {
      const out = join(directory, name);
      expect(await writeTemplate({ kind: 'paper-work', out }, terminal)).toBe(0);
      expect(notes.at(-1)).toContain(`par declare paper-work ${out}`);
      expect(await declare({ kind: 'paper-work', file: out, ...doors.target, json: true }, terminal)).toBe(0);
      expect(summary()).toMatchObject({ rows: 0, events: 0, bad: [], posted: null });
      const before = readFileSync(out);
      await expect(writeTemplate({ kind: 'surveys', out }, terminal)).rejects.toMatchObject({ code: 'option.file-exists' });
      expect(readFileSync(out).equals(before)).toBe(true);
    }
    await expect(writeTemplate({ kind: 'surveys', out: join(directory, 'mau.pdf') }, terminal)).rejects.toMatchObject({
      code: 'option.bad-out',
    });
  });

  it('prints CSV where no file is named', async () => {
    await writeTemplate({ kind: 'paper-work' }, terminal);
    expect(printed.at(-1)).toMatch(/^\ufeffĐơn vị,Kỳ,Số lượng,Ngày khai báo\r\n/);
  });
});
