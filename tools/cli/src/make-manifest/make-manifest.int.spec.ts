import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DOOR_OF, type Manifest } from '@par/contracts';
import { CHECKOUT } from '@par/infrastructure';
import { openLog } from '../import-log/import-log.command.ts';
import type { OutgoingEvent } from '../import-log/map-rows.ts';
import { LogReading } from '../import-log/read-log.ts';
import type { Mistake } from '../mistake.ts';
import type { Terminal } from '../terminal.ts';
import type { Receipt } from './dialogue.ts';
import { makeManifest } from './make-manifest.command.ts';
import type { ManifestOptions } from './manifest-options.ts';
import { receiptText } from './receipt-text.ts';
import { SpecIntake } from './spec-intake.ts';

const LOG = join(CHECKOUT, '../shared/data/receipt.csv');
const MAPPING = join(CHECKOUT, 'tools/cli/mappings/coselog.yaml');

/** The source's file against what was taken in from it: 1,434 cases of a real log. */
describe('par manifest', () => {
  let intake: SpecIntake;
  let directory: string;
  let rows: string[];
  const printed: string[] = [];
  const terminal: Terminal = { language: 'vi', print: (text) => void printed.push(text), note: () => undefined };

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'par-manifest-'));
    rows = readFileSync(LOG, 'utf8').trimEnd().split('\n');
    intake = await SpecIntake.open();
    const events: OutgoingEvent[] = [];
    for await (const item of new LogReading(await openLog({ file: LOG, mapping: MAPPING }), terminal).items(''))
      events.push(...item.events);
    const own = events.filter(({ type }) => DOOR_OF[type] === 'dossier-intake');
    const units = own.filter(({ type }) => type.startsWith('vn.par.unit.'));
    await intake.post(units);
    await intake.post(own.filter((event) => !units.includes(event)));
  }, 120_000);
  afterAll(async () => {
    await intake.close();
    rmSync(directory, { recursive: true });
  });

  async function manifest(lines: readonly string[], change: Partial<ManifestOptions> = {}): Promise<number> {
    const file = join(directory, 'log.csv');
    writeFileSync(file, `${lines.join('\n')}\n`);
    return makeManifest({ file, mapping: MAPPING, door: 'dossier-intake', post: intake.url, key: intake.key, ...change }, terminal);
  }
  const receipt = (): Receipt => JSON.parse(printed.at(-1)!) as Receipt;
  const caseOf = (row: string): string => row.split(',')[1]!;
  const cases = (): string[] => [...new Set(rows.slice(1).map(caseOf))];
  /** A case that has an end, as if it had none yet. */
  const reopened = (name: string): string[] =>
    rows.map((row) => {
      if (caseOf(row) !== name) return row;
      const cells = row.split(',');
      cells[4] = '';
      return cells.join(',');
    });

  it('says equal of the very file that was taken in', async () => {
    expect(await manifest(rows, { day: '2011-06-30' })).toBe(0);
    expect(printed.at(-1)).toMatch(/^urn:par:import:coselog, tính đến .*\n1\.434 hồ sơ, \d+ sự kiện, bằng nhau$/);
  });

  it('names three dropped and one altered case exactly, in both directions', async () => {
    const [first, second, third] = [cases()[3]!, cases()[700]!, cases().at(-1)!];
    const altered = rows.slice(1).map((row) => row.split(','));
    const name = altered.find((cells) => cells[4] !== '' && ![first, second, third].includes(cells[1]!))![1]!;
    const file = reopened(name).filter((row) => ![first, second, third].includes(caseOf(row)));
    expect(await manifest(file, { json: true })).toBe(1);
    const { missing, surplus, moved, unnamed } = receipt();
    expect(surplus.map((thing) => ('code' in thing ? thing.code : ''))).toEqual([first, second, third].sort());
    expect(moved).toMatchObject([{ code: name, theirs: { state: '2' }, ours: { state: '10' } }]);
    expect([missing, unnamed]).toEqual([[], 0]);
    const text = receiptText(receipt(), 'vi');
    expect(text).toMatch(/^không bằng nhau: tệp có 1\.431 hồ sơ, hệ thống có 1\.434$/m);
    expect(text).toMatch(/^Hệ thống thừa \(3\)$/m);
    expect(text).toContain(`${name}  trong tệp: coselog-`);
    expect(text).toMatch(/2 · Được tiếp nhận; trong hệ thống: coselog-\w+, 10 · Đã trả kết quả$/m);

    const extra = rows.filter((row) => caseOf(row) === name).map((row) => row.replaceAll(name, 'case-new'));
    expect(await manifest([...rows, ...extra], { json: true })).toBe(1);
    expect(receipt()).toMatchObject({ equal: false, missing: [{ code: 'case-new', state: '10' }], surplus: [], moved: [], posted: 1 });
  });

  it('names the events of a day that were not taken in', async () => {
    const started = rows.slice(1).find((row) => row.split(',')[8]!.startsWith('2011-03-02'))!;
    const extra = started.replaceAll(caseOf(started), 'case-late');
    const options = { json: true, day: '2011-03-02', asOf: '2011-03-02T23:59:59+01:00' };
    expect(await manifest([...rows, extra], options)).toBe(1);
    expect(receipt().missing).toMatchObject([
      { code: 'case-late' },
      { type: 'vn.par.dossier.received.v1', day: '2011-03-02', id: 'case-late/received' },
    ]);
  });

  it('prints the manifest itself, for whoever posts it otherwise', async () => {
    expect(await manifest(rows.slice(0, 400), { post: undefined, asOf: '2012-06-30T23:59:59+02:00' })).toBe(0);
    const { source, asOf, lines } = JSON.parse(printed.at(-1)!) as Manifest;
    expect([source, asOf]).toEqual(['urn:par:import:coselog', '2012-06-30T23:59:59+02:00']);
    expect(lines.every((line) => 'state' in line && ['2', '10'].includes(line.state) && line.count > 0)).toBe(true);
  });

  it.each<[string, Partial<ManifestOptions>]>([
    ['option.bad-time', { asOf: '2011-06-30' }],
    ['option.bad-time', { day: '30/06/2011' }],
    ['manifest.nothing', { asOf: '2001-01-01T00:00:00Z' }],
    ['manifest.refused', { key: 'par_wrong' }],
    ['service.no-answer', { post: 'http://127.0.0.1:9' }],
  ])('ends with 2 and %s', async (code, change) => {
    const mistake = await manifest(rows.slice(0, 20), change).catch((error: unknown) => error as Mistake);
    expect(mistake).toMatchObject({ code, exitCode: 2 });
  });
});
