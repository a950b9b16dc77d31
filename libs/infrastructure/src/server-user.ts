import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The operating-system user that a server runs as where it must not be root. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

/** PostgreSQL refuses root: then it runs as `postgres`, or `nobody` where there is no such user. Undefined: as ourselves. */
export function postgresUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const uid = numberFrom('id', ['-u', name]);
    const gid = numberFrom('id', ['-g', name]);
    if (uid !== undefined && gid !== undefined && uid !== 0) return { name, uid, gid };
  }
  return undefined;
}

/** Whether the user can go into this directory (or run this file). */
export function canEnter(path: string, user: ServerUser | undefined): boolean {
  return spawnSync('test', ['-x', path], { cwd: '/', ...(user && { uid: user.uid, gid: user.gid }) }).status === 0;
}

/** Whether a folder above (a checkout under /root, say) keeps the user from what lies in `directory`. */
export interface Place {
  path: string;
  /** True where it is not the wanted directory but one outside the checkout. */
  outside: boolean;
}

/**
 * The wanted directory, made when missing; or, where the server's user cannot get into it, a directory outside the checkout that
 * stays the same from run to run (its path is written to `<wanted>.place`). It is made with an unguessable name, so nobody can put one there first.
 */
export function placeFor(wanted: string, user: ServerUser | undefined): Place {
  const record = `${wanted}.place`;
  if (existsSync(record)) {
    const path = readFileSync(record, 'utf8').trim();
    if (isOurDirectory(path)) return { path, outside: true };
    rmSync(record, { force: true });
  }
  makePrivateDirectory(wanted, user !== undefined);
  if (canEnter(wanted, user)) return { path: wanted, outside: false };
  const parent = existsSync('/var/tmp') ? '/var/tmp' : tmpdir();
  const path = mkdtempSync(join(parent, 'par-ledger-'));
  chmodSync(path, 0o711);
  writeFileSync(record, path, { mode: 0o600 });
  return { path, outside: true };
}

/** Removes the wanted directory and the one outside the checkout that stands for it. */
export function removePlace(wanted: string): void {
  const record = `${wanted}.place`;
  if (existsSync(record)) {
    const path = readFileSync(record, 'utf8').trim();
    if (isOurDirectory(path)) rmSync(path, { recursive: true, force: true });
    rmSync(record, { force: true });
  }
  rmSync(wanted, { recursive: true, force: true });
}

/** A directory only for us; `passable` lets another user go through to what is its own below, but not look around. */
export function makePrivateDirectory(path: string, passable = false): void {
  if (!existsSync(path)) mkdirSync(path, { recursive: true, mode: 0o700 });
  if (!passable) return;
  // What lies above a `.par` folder is the user's and stays as it is.
  const ours = [path, dirname(path), dirname(dirname(path))].filter((each) => each === path || /\/\.par(\/|$)/.test(each));
  for (const each of ours) if (isOurDirectory(each)) chmodSync(each, 0o711);
}

/** The directory of a run, which the database server's user can go through where that is another user than ours. */
export function makeStateDirectory(path: string): void {
  makePrivateDirectory(path, postgresUser() !== undefined);
}

function isOurDirectory(path: string): boolean {
  if (!existsSync(path)) return false;
  const stat = lstatSync(path);
  return stat.isDirectory() && stat.uid === process.getuid?.();
}

function numberFrom(command: string, args: string[]): number | undefined {
  const run = spawnSync(command, args, { encoding: 'utf8' });
  return run.status === 0 && /^\d+\s*$/.test(run.stdout) ? Number(run.stdout) : undefined;
}
