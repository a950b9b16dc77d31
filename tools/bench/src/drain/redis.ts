import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { DEFAULT_CACHE, type DebianTree, endProcesses, fetchDebianTree, isPortFree, type Progress, waitUntil } from '@par/infrastructure';

export interface RedisServer {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** Debian's redis-server is a link into redis-tools. */
const REDIS = {
  name: 'redis',
  label: 'Redis',
  root: 'redis-server',
  along: /^redis-tools$/,
  must: 'redis-tools',
  programs: ['usr/bin', '-name', 'redis-check-rdb', '-type', 'f'],
} as const;

const FIRST_PORT = 26_379;
const PORTS = 200;

/** Starts a Redis of this run alone that keeps what it is given as the job queues advise: append-only file, synced every second. */
export async function startRedis(directory: string, say: Progress): Promise<RedisServer> {
  const files = await fetchDebianTree(DEFAULT_CACHE, REDIS, say);
  const folder = join(directory, 'redis');
  mkdirSync(folder, { recursive: true });
  for (let port = FIRST_PORT; port < FIRST_PORT + PORTS; port += 1) {
    if (!(await isPortFree(port))) continue;
    const pid = await launch(files, folder, port);
    if (pid !== undefined) return { url: `redis://127.0.0.1:${port}`, pid, stop: () => endProcesses([pid], 'SIGTERM', 10_000) };
  }
  throw new Error(`Redis did not start on any port from ${FIRST_PORT} on`);
}

/** The pid of a Redis that answers; undefined where it ended, as it does when another program was quicker on the port. */
async function launch({ tree, libraries }: DebianTree, folder: string, port: number): Promise<number | undefined> {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  const child = spawn(
    join(tree, 'usr/bin/redis-server'),
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    { cwd: folder, stdio: 'ignore', env: { ...process.env, ...(libraries !== undefined && { LD_LIBRARY_PATH: libraries }) } },
  );
  let failed = false;
  child.once('error', () => (failed = true));
  child.once('exit', () => (failed = true));
  const up = await waitUntil(async () => failed || (await answers(port)), 15_000);
  if (up && !failed) return child.pid;
  child.kill('SIGKILL');
  return undefined;
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('error', () => done(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      done(data.toString().startsWith('+PONG'));
    });
  });
}
