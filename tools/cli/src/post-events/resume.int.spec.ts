import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@par/testing';
import { importLog, type ImportOptions } from '../import-log/import-log.command.ts';
import { postFile } from '../post-file/post-file.command.ts';
import type { Terminal } from '../terminal.ts';
import { SpecDoors } from './spec-doors.ts';

const PAR = fileURLToPath(new URL('../../par.mjs', import.meta.url));
const MAPPING = fileURLToPath(new URL('../../mappings/coselog.yaml', import.meta.url));

interface Summary {
  posted: number;
  accepted: number;
  duplicate: number;
  conflict: number;
  refused: number;
  resumedAfter: number | null;
  causes: { code: string; count: number; examples: { line?: number; id?: string }[] }[];
}

let directory: string;
let doors: SpecDoors;
let notes: string[];
let printed: string[];
const terminal: Terminal = { language: 'en', print: (text) => void printed.push(text), note: (text) => void notes.push(text) };

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'par-resume-'));
  doors = new SpecDoors();
  notes = [];
  printed = [];
  await doors.start();
});
afterEach(async () => {
  await doors.stop();
  rmSync(directory, { recursive: true });
});

const journalPath = (): string => join(directory, 'journal.json');
const summary = (): Summary => JSON.parse(printed.at(-1)!) as Summary;

/** Events of two doors, one a line. */
function eventLines(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `e${from + index}`;
    const type = index % 3 === 0 ? 'vn.par.work-dossier.completed.v1' : 'vn.par.dossier.withdrawn.v1';
    return JSON.stringify({
      specversion: '1.0',
      source: 'urn:spec',
      id,
      type,
      subject: `D-${id}`,
      time: '2021-03-01T00:00:00Z',
      unit: 'u',
      data: {},
    });
  });
}

function eventFile(lines: readonly string[], name = 'events.ndjson'): string {
  const file = join(directory, name);
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(`${lines.join('\n')}\n`) : `${lines.join('\n')}\n`);
  return file;
}

/** A log that the CoSeLoG mapping reads: a case every three rows. */
function logFile(rows: number): string {
  const columns = ['case:concept:name', 'case:department', 'case:startdate', 'case:channel', 'case:enddate_planned', 'case:enddate'];
  const header = [...columns, 'concept:instance', 'concept:name', 'org:resource', 'time:timestamp'].join(',');
  const lines = Array.from({ length: rows }, (_, index) => {
    const start = '2011-03-01 08:00:00+01:00';
    return [`case-${Math.floor(index / 3)}`, 'General', start, 'Desk', '', '', `task-${index}`, 'T02 Check', 'R1', start].join(',');
  });
  const file = join(directory, 'log.csv');
  writeFileSync(file, `${header}\n${lines.join('\n')}\n`);
  return file;
}

function post(file: string, change: { resume?: boolean } = {}): Promise<number> {
  return postFile({ file, ...doors.target, resume: true, journal: journalPath(), json: true, ...change }, terminal);
}

function importIt(file: string, change: Partial<ImportOptions> = {}): Promise<number> {
  return importLog({ file, mapping: MAPPING, ...doors.target, resume: true, journal: journalPath(), json: true, ...change }, terminal);
}

/** Runs a command and kills it, as a power cut would, when the doors have gone silent and its journal says that some rows are answered for. */
async function runAndKill(args: readonly string[], state: string): Promise<void> {
  const child = spawn(process.execPath, [PAR, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', PAR_STATE_DIRECTORY: state },
    stdio: 'ignore',
  });
  const ended = new Promise((end) => child.once('exit', (_code, signal) => end(signal)));
  await eventually(
    () => doors.requests.length >= doors.silentFrom && existsSync(join(state, 'imports')) && readdirSync(join(state, 'imports')).length > 0,
    {
      timeoutMs: 30_000,
    },
  );
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
}

/** Runs a command to its end; answers its summary. */
async function runToEnd(args: readonly string[], state: string): Promise<Summary> {
  const child = spawn(process.execPath, [PAR, ...args, '--json'], {
    env: { ...process.env, NODE_OPTIONS: '', PAR_STATE_DIRECTORY: state },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const code = await new Promise((end) => child.once('close', end));
  expect(code).toBe(0);
  return JSON.parse(stdout) as Summary;
}

describe('a posting that is killed in the middle', () => {
  it('goes on from where it was answered for (par post)', async () => {
    const args = ['post', eventFile(eventLines(3_000)), ...doors.arguments];
    doors.silentFrom = 25;
    await runAndKill(args, directory);
    const before = doors.taken.size;
    expect(before).toBeGreaterThan(500);
    doors.silentFrom = Infinity;
    doors.requests.length = 0;

    const told = await runToEnd(args, directory);
    expect(doors.taken.size).toBe(3_000);
    // Each line is answered for once, in whichever run; what was taken in after the last mark of the journal is a duplicate.
    expect(told).toMatchObject({ posted: 3_000, conflict: 0, refused: 0 });
    expect(told.accepted + told.duplicate).toBe(3_000);
    expect(told.resumedAfter).toBeGreaterThan(0);
    const postedAgain = doors.requests.flatMap(({ events }) => events).length;
    expect(postedAgain).toBeLessThanOrEqual(3_000 - told.resumedAfter! + 2 * 20);
    expect(readdirSync(join(directory, 'imports'))).toEqual([]);
  });

  it('goes on from where it was answered for (par import), and knows the cases of the rows before', async () => {
    const args = ['import', logFile(2_000), '--mapping', MAPPING, ...doors.arguments];
    doors.silentFrom = 25;
    await runAndKill(args, directory);
    doors.silentFrom = Infinity;
    const told = await runToEnd(args, directory);
    expect(told).toMatchObject({ rows: 2_000, cases: 667, posted: 2_000 + 667 + 4, conflict: 0, refused: 0 });
    expect(told.resumedAfter).toBeGreaterThan(0);
    expect(doors.taken.size).toBe(2_000 + 667 + 4);
  });
});

describe('a posting that was broken off', () => {
  /** Leaves a journal: the doors refuse the call after some requests. */
  async function breakOff(work: () => Promise<number>, requests = 12): Promise<number> {
    doors.closedFrom = requests;
    await expect(work()).rejects.toMatchObject({ code: 'import.door-refused' });
    await eventually(() => doors.open === 0);
    doors.closedFrom = Infinity;
    doors.requests.length = 0;
    return (JSON.parse(readFileSync(journalPath(), 'utf8')) as { row: number }).row;
  }

  it('says so, goes on, and counts refusals of both runs', async () => {
    const file = eventFile(eventLines(1_200));
    doors.refuse = ({ id }) => (['e10', 'e1100'].includes(id) ? 'unit.unknown' : undefined);
    const row = await breakOff(() => post(file));
    expect(notes.at(-1)).toBe(`${row} rows are answered for; run the same command again to go on`);
    expect(await post(file)).toBe(1);
    expect(summary()).toMatchObject({ posted: 1_200, refused: 2, conflict: 0, resumedAfter: row });
    expect(summary().causes).toMatchObject([
      {
        code: 'unit.unknown',
        count: 2,
        examples: [
          { line: 11, id: 'e10' },
          { line: 1_101, id: 'e1100' },
        ],
      },
    ]);
    expect(doors.taken.size).toBe(1_198);
    expect(existsSync(journalPath())).toBe(false);
    // A posting that came to its end is no journal's matter: the next one is all duplicates.
    await post(file);
    expect(summary()).toMatchObject({ posted: 1_200, accepted: 0, duplicate: 1_198, resumedAfter: null });
  });

  it('begins anew at a city that has none of it', async () => {
    const file = eventFile(eventLines(1_200));
    await breakOff(() => post(file));
    doors.forget();
    expect(await post(file)).toBe(0);
    expect(notes.join('\n')).toMatch(/starting from the first row/);
    expect(doors.taken.size).toBe(1_200);
    expect(summary()).toMatchObject({ posted: 1_200, accepted: 1_200, duplicate: 0, resumedAfter: null });
  });

  it('begins anew where what was refused would be taken now', async () => {
    const file = eventFile(eventLines(1_200));
    doors.refuse = () => 'unit.unknown';
    await breakOff(() => post(file));
    doors.refuse = () => undefined;
    expect(await post(file)).toBe(0);
    expect(doors.taken.size).toBe(1_200);
  });

  it('begins anew at the next try when it is broken off while it looks whether the city has the earlier events', async () => {
    const file = eventFile(eventLines(1_200));
    await breakOff(() => post(file));
    doors.forget();
    doors.closedFrom = 2;
    await expect(post(file)).rejects.toMatchObject({ code: 'import.door-refused' });
    doors.closedFrom = Infinity;
    await post(file);
    expect(doors.taken.size).toBe(1_200);
  });

  it('begins at the first row where it is told to, or where the journal is not whole', async () => {
    const file = eventFile(eventLines(1_200));
    await breakOff(() => post(file));
    await post(file, { resume: false });
    expect(summary()).toMatchObject({ posted: 1_200, resumedAfter: null });
    writeFileSync(journalPath(), '{"version":1,"ro');
    await post(file);
    expect(summary()).toMatchObject({ posted: 1_200, duplicate: 1_200, resumedAfter: null });
  });

  it('takes no journal of another file', async () => {
    await breakOff(() => post(eventFile(eventLines(1_200))));
    await expect(post(eventFile(eventLines(1_200, 5_000), 'other.ndjson'))).rejects.toMatchObject({
      code: 'journal.of-another-import',
      text: { en: expect.stringContaining('events.ndjson') },
    });
  });

  it('goes on with an import, whose organisation is known again first', async () => {
    const file = logFile(900);
    const row = await breakOff(() => importIt(file));
    expect(await importIt(file)).toBe(0);
    expect(summary()).toMatchObject({ rows: 900, posted: 900 + 300 + 4, resumedAfter: row });
    expect(doors.requests.some(({ events }) => events[0]?.type === 'vn.par.unit.opened.v1')).toBe(true);
    expect(doors.taken.size).toBe(900 + 300 + 4);
  });

  it('keeps its place where the log itself is broken', async () => {
    const file = logFile(900);
    writeFileSync(file, `${readFileSync(file, 'utf8')}cut off,here\n`);
    await expect(importIt(file)).rejects.toMatchObject({ code: 'import.not-csv', text: { en: expect.stringContaining('line 902') } });
    expect((JSON.parse(readFileSync(journalPath(), 'utf8')) as { row: number }).row).toBeGreaterThan(500);
  });
});

describe('par post', () => {
  const unit = (type: string, subject: string, data: object): string =>
    JSON.stringify({
      specversion: '1.0',
      source: 'urn:spec',
      id: `${type}-${subject}`,
      type: `vn.par.unit.${type}.v1`,
      subject,
      unit: subject,
      data,
    });

  it('lets every service know the units before what needs them', async () => {
    doors.slowness = 3;
    const opened = Array.from({ length: 120 }, (_, index) => unit('opened', `u-${index}`, {}));
    const file = eventFile([...opened, ...eventLines(200), unit('closed', 'u-1', { from: '2021-07-01' }), ...eventLines(100, 200)]);
    expect(await post(file)).toBe(0);
    const order = doors.requests.flatMap(({ service, events }) =>
      events.map(({ type, id }) => ({ service, isUnit: type.startsWith('vn.par.unit.'), id })),
    );
    expect(order.slice(0, 120)).toEqual(opened.map((_, index) => ({ service: 'dossier-intake', isUnit: true, id: `opened-u-${index}` })));
    expect(doors.unitReadings).toBeGreaterThan(3 + 3);
    // What stands behind the closing comes after it.
    const closing = order.findIndex(({ id }) => id === 'closed-u-1');
    expect(order.slice(closing + 1).filter(({ id }) => /^e2\d\d$/.test(id))).toHaveLength(100);
    expect(new Set(order.map(({ service }) => service))).toEqual(new Set(['dossier-intake', 'edocument-workflow']));
  });

  it('reads a packed file, and says which lines were not taken', async () => {
    const lines = eventLines(60);
    lines[9] = 'not json';
    lines[19] = '';
    doors.refuse = ({ id }) => (id === 'e30' ? 'schema.bad-value' : undefined);
    expect(await post(eventFile(lines, 'events.ndjson.gz'))).toBe(1);
    expect(summary()).toMatchObject({
      lines: 60,
      posted: 58,
      accepted: 57,
      refused: 2,
      causes: [
        { code: 'line.not-json', count: 1, examples: [{ line: 10 }] },
        { code: 'schema.bad-value', count: 1, examples: [{ line: 31, id: 'e30' }] },
      ],
    });
  });

  it('reads standard input', async () => {
    const child = spawn(process.execPath, [PAR, 'post', '-', ...doors.arguments, '--json'], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stdin.end(eventLines(120).join('\n'));
    expect(await new Promise((end) => child.once('close', end))).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lines: 120, posted: 120, accepted: 120, resumedAfter: null });
  });
});

describe('par import --dry-run', () => {
  it('posts nothing, and exits 1 where something would be refused', async () => {
    const file = logFile(30);
    expect(await importIt(file, { dryRun: true })).toBe(0);
    expect(JSON.parse(printed.at(-1)!)).toMatchObject({
      dryRun: true,
      rows: 30,
      cases: 10,
      refused: 0,
      unitsChecked: true,
      byType: { 'vn.par.unit.opened.v1': 4, 'vn.par.dossier.received.v1': 10, 'vn.par.work-dossier.step-taken.v1': 30 },
    });
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('General', 'Kitchen'));
    expect(await importIt(file, { dryRun: true, json: false })).toBe(1);
    expect(printed.at(-1)).toMatch(/mapping\.no-rule-fits: 40\n {4}line 2, case:department: /);
    expect(doors.requests).toEqual([]);
  });
});
