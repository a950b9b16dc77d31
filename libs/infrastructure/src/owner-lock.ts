import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { birthOf } from './running-processes.ts';

interface Owner {
  pid: number;
  birth: string | undefined;
}

/** The running process that holds the lock of a directory. */
export class LockHeldError extends Error {
  override readonly name = 'LockHeldError';
  readonly pid: number;
  constructor(directory: string, pid: number) {
    super(`process ${pid} is using ${directory}`);
    this.pid = pid;
  }
}

/**
 * Takes the lock of a directory (file `lock` in it) for this process; returns what gives it back. A lock whose holder was
 * killed does not hold: its pid is gone or belongs to a process born at another time.
 * @throws LockHeldError where a running process holds it.
 */
export function takeOwnerLock(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'lock');
  const mine: Owner = { pid: process.pid, birth: birthOf(process.pid) };
  // Written beside and linked into place, so that nobody ever reads a lock that is only half written.
  const scratch = `${file}.${process.pid}`;
  writeFileSync(scratch, JSON.stringify(mine), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        linkSync(scratch, file);
        return () => giveBack(file, mine);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const holder = readOwner(file);
        if (holder && isHolding(holder)) throw new LockHeldError(directory, holder.pid);
        rmSync(file, { force: true });
      }
    }
    throw new Error(`could not take the lock ${file}`);
  } finally {
    rmSync(scratch, { force: true });
  }
}

/** Whether the process that wrote the lock still runs. */
export function isHolding(owner: Owner, birth: (pid: number) => string | undefined = birthOf): boolean {
  const now = birth(owner.pid);
  return now !== undefined && now === owner.birth;
}

function readOwner(file: string): Owner | undefined {
  try {
    const owner = JSON.parse(readFileSync(file, 'utf8')) as Owner;
    return Number.isInteger(owner.pid) ? owner : undefined;
  } catch {
    // Given back since, or cut off by a full disk: in both cases it holds nobody out.
    return undefined;
  }
}

function giveBack(file: string, mine: Owner): void {
  const holder = readOwner(file);
  if (holder?.pid === mine.pid && holder.birth === mine.birth) rmSync(file, { force: true });
}
