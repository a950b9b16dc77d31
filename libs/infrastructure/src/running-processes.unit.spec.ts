import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { birthOf, commandLineOf, endProcesses, isAlive, processesWithEnvironment, stateOf } from './running-processes.ts';
import { waitUntil } from './command.ts';

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

async function sleeper(script: string, env: Record<string, string> = {}): Promise<number> {
  const child = spawn(process.execPath, ['-e', `${script}; setInterval(() => {}, 1000); console.log('up')`], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await new Promise((up) => child.stdout.once('data', up));
  return child.pid!;
}

describe('processes of an earlier run', () => {
  it('are found by the mark in their environment, and only those', async () => {
    const value = `/some/where/${randomUUID()}`;
    const pid = await sleeper('', { PAR_SPEC_MARK: value });
    await sleeper('', { PAR_SPEC_MARK: `${value}-2` });
    expect(processesWithEnvironment('PAR_SPEC_MARK', value)).toEqual([pid]);
    expect(commandLineOf(pid)).toContain('setInterval');
  });

  it('end on the signal', async () => {
    const pid = await sleeper('');
    expect(birthOf(pid)).toBeDefined();
    await endProcesses([pid], 'SIGTERM', 5_000);
    expect(isAlive(pid)).toBe(false);
    expect(birthOf(pid)).toBeUndefined();
  });

  it('end by force when they do not listen', async () => {
    const pid = await sleeper(`process.on('SIGTERM', () => {})`);
    await endProcesses([pid], 'SIGTERM', 100);
    expect(isAlive(pid)).toBe(false);
  });

  it('that are gone already are no error', async () => {
    const pid = await sleeper('');
    process.kill(pid, 'SIGKILL');
    expect(await waitUntil(() => !isAlive(pid), 5_000)).toBe(true);
    await endProcesses([pid], 'SIGTERM', 100);
  });

  it('may have brackets and blanks in their name', () => {
    expect(stateOf('12 (a (b) c) S 1 2 3')).toBe('S');
    expect(stateOf('12 (node) Z 1 2 3')).toBe('Z');
  });
});
