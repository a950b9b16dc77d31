import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { InfrastructureError } from './checkout.ts';
import { runCommand, waitUntil } from './command.ts';
import { choosePortBlock } from './free-ports.ts';
import { type PostgresBinaries } from './postgres-binaries.ts';
import { commandLineOf, endProcesses, isAlive } from './running-processes.ts';
import { placeFor, postgresUser, type ServerUser } from './server-user.ts';

export interface PrivatePostgres {
  /** Server URL with administration rights, database `postgres`. */
  url: string;
  /** Where the data lies. */
  data: string;
  /** Stops the server cleanly; does nothing where it is stopped already. */
  stop(): Promise<void>;
}

export interface PrivatePostgresOptions {
  /** Directory of this instance, such as `.par/start/postgres`. */
  directory: string;
  binaries: PostgresBinaries;
  /** For tests: no fsync, since their data need not outlive the machine. */
  throwaway?: boolean;
}

/**
 * Starts a PostgreSQL of our own over the data in `directory` (made when missing), on a free port of the loopback interface and no Unix
 * socket, as its own session: a Ctrl-C in the terminal does not reach it. What an earlier, killed launcher left running is stopped first.
 */
export async function startPrivatePostgres({ directory, binaries, throwaway = false }: PrivatePostgresOptions): Promise<PrivatePostgres> {
  const user = postgresUser();
  const { path } = placeFor(directory, user);
  await stopPrivatePostgres(directory);
  const password = readPassword(path);
  const data = join(path, 'data');
  if (!existsSync(data)) await initialise(path, data, password, binaries, user);
  checkOwner(data, binaries);

  const refused = new Set<number>();
  for (let attempt = 1; ; attempt++) {
    const port = await choosePortBlock(path, 1, refused);
    const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
    const failure = await launch({ binaries, data, log: join(path, 'postgres.log'), port, url, user, throwaway });
    if (failure === undefined) return { url, data, stop: () => stopPrivatePostgres(directory) };
    // Another program may have taken the port since it was looked at, and backends of a killed server need a moment to end.
    const passing = /could not bind|Address already in use|pre-existing shared memory|lock file .* already exists/.test(failure);
    if (!passing || attempt === 4) throw new InfrastructureError(`PostgreSQL ${binaries.version} did not start:\n${failure}`);
    if (/bind|in use/.test(failure)) refused.add(port);
    await new Promise((next) => setTimeout(next, 500 * attempt));
  }
}

/** Stops the server that runs over the data of this directory, whoever started it; does nothing where none runs. */
export async function stopPrivatePostgres(directory: string): Promise<void> {
  const data = join(placeFor(directory, postgresUser()).path, 'data');
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (isServerOf(data, pid)) await endProcesses([pid], 'SIGINT', 20_000);
  // Only a server that was killed leaves its file; the pid in it may by now be another program's, which would hold up the next start.
  if (!isServerOf(data, pid)) rmSync(file, { force: true });
}

function isServerOf(data: string, pid: number): boolean {
  return Number.isInteger(pid) && pid > 1 && isAlive(pid) && (commandLineOf(pid)?.includes(`-D ${data} `) ?? false);
}

function readPassword(path: string): string {
  const file = join(path, 'password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

async function initialise(
  path: string,
  data: string,
  password: string,
  binaries: PostgresBinaries,
  user: ServerUser | undefined,
): Promise<void> {
  // Made beside and renamed, so that a launcher killed here leaves no half data directory.
  const partial = `${data}.partial`;
  const passwordFile = `${data}.password`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const each of [partial, passwordFile]) chownSync(each, user.uid, user.gid);
  const args = [
    '-D',
    partial,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--no-locale',
    '--no-sync',
  ];
  const run = await runCommand(join(binaries.bin, 'initdb'), args, { ...identity(user), timeoutMs: 120_000 });
  rmSync(passwordFile, { force: true });
  if (run.code !== 0) throw new InfrastructureError(`initdb of PostgreSQL ${binaries.version} failed in ${path}:\n${run.output}`);
  renameSync(partial, data);
}

function checkOwner(data: string, binaries: PostgresBinaries): void {
  const major = majorOfData(data);
  if (major === undefined || major === binaries.major) return;
  throw new InfrastructureError(
    `the data in ${data} were made by PostgreSQL ${major}, but only ${binaries.version} is here: install PostgreSQL ${major}, or begin anew with: npm start -- --fresh`,
  );
}

/** Major version that made a data directory; undefined where there is none yet. */
export function majorOfData(data: string): number | undefined {
  const file = join(data, 'PG_VERSION');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined;
}

interface Launch {
  binaries: PostgresBinaries;
  data: string;
  log: string;
  port: number;
  url: string;
  user: ServerUser | undefined;
  throwaway: boolean;
}

/** Undefined when the server answers, else what it said. */
async function launch({ binaries, data, log, port, url, user, throwaway }: Launch): Promise<string | undefined> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '250',
    ...(throwaway && { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
  };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const out = openSync(log, 'w', 0o600);
  const child = spawn(join(binaries.bin, 'postgres'), args, { ...identity(user), detached: true, stdio: ['ignore', out, out] });
  closeSync(out);
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  child.once('exit', () => (failure ??= readFileSync(log, 'utf8').split('\n').slice(-15).join('\n') || 'it ended without a word'));
  child.unref();
  if (await waitUntil(async () => failure !== undefined || (await answers(url)), 60_000)) return failure;
  if (child.pid !== undefined) await endProcesses([child.pid], 'SIGQUIT', 5_000);
  return `no answer within 60 s; its log is ${log}`;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  // A server that is still starting closes the connection; pg reports that as an event as well as by the rejection.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function identity(user: ServerUser | undefined) {
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  return { cwd: '/', env, ...(user && { uid: user.uid, gid: user.gid }) };
}
