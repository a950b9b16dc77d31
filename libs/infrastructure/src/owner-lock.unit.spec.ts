import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isHolding, LockHeldError, takeOwnerLock } from './owner-lock.ts';
import { birthOf } from './running-processes.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'par-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the lock of a directory', () => {
  it('keeps a second holder out until it is given back', () => {
    const release = takeOwnerLock(directory);
    expect(() => takeOwnerLock(directory)).toThrow(LockHeldError);
    release();
    expect(existsSync(join(directory, 'lock'))).toBe(false);
    takeOwnerLock(directory)();
  });

  it('does not hold when its holder was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const ended = new Promise((done) => child.once('exit', done));
    const owner = { pid: child.pid!, birth: birthOf(child.pid!) };
    writeFileSync(join(directory, 'lock'), JSON.stringify(owner));
    expect(() => takeOwnerLock(directory)).toThrow(new RegExp(`process ${child.pid!} `));
    child.kill('SIGKILL');
    await ended;
    takeOwnerLock(directory)();
  });

  it('does not hold when its pid is another process by now', () => {
    expect(isHolding({ pid: 7, birth: '100' }, () => '100')).toBe(true);
    expect(isHolding({ pid: 7, birth: '100' }, () => '200')).toBe(false);
    expect(isHolding({ pid: 7, birth: '100' }, () => undefined)).toBe(false);
  });

  it('does not hold when its file was cut off', () => {
    writeFileSync(join(directory, 'lock'), '{"pid"');
    const release = takeOwnerLock(directory);
    expect(JSON.parse(readFileSync(join(directory, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    release();
  });

  it('of another holder is left alone when a late one gives back', () => {
    const release = takeOwnerLock(directory);
    writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: 1, birth: 'other' }));
    release();
    expect(existsSync(join(directory, 'lock'))).toBe(true);
  });
});
