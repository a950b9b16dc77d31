import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Readable, type Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const HOUR = 3_600_000;
/** Says what time it is each time it is asked. */
const TELLS_TIME = `process.stdin.on('data', () => console.log(JSON.stringify(
  [Date.now(), new Date().getTime(), new Date(2021, 0).getFullYear(), new Date() instanceof Date, typeof Date()])));`;

describe('the clock of a process that is shifted', () => {
  let folder: string;
  let child: ChildProcessByStdio<Writable, Readable, null> | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'par-clock-'));
  });
  afterEach(() => {
    child?.kill();
    rmSync(folder, { recursive: true });
  });

  it('steps when it is told to, and back', async () => {
    const file = join(folder, 'clock');
    const started = (child = spawn(process.execPath, ['--import', join(import.meta.dirname, 'shifted-clock.mjs'), '-e', TELLS_TIME], {
      env: { ...process.env, NODE_OPTIONS: '', PAR_CHAOS_CLOCK: file },
      stdio: ['pipe', 'pipe', 'inherit'],
    }));
    const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
    const ask = async (): Promise<unknown[]> => {
      started.stdin.write('?');
      return JSON.parse((await lines.next()).value as string) as unknown[];
    };
    const hoursAhead = async (): Promise<number> => Math.round((((await ask())[0] as number) - Date.now()) / HOUR);
    expect(Math.abs(await hoursAhead())).toBe(0);
    for (const hours of [1, -1, 0]) {
      writeFileSync(file, String(hours * HOUR));
      started.kill('SIGUSR2');
      // The signal and the question travel on different ways.
      while ((await hoursAhead()) !== hours);
    }
    const [now, instant, year, isDate, text] = await ask();
    expect(Math.abs((now as number) - (instant as number))).toBeLessThan(HOUR);
    expect([year, isDate, text]).toEqual([2021, true, 'string']);
  });
});
