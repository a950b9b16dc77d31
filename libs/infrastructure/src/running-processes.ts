import { readdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { waitUntil } from './command.ts';

/**
 * Finding processes of an earlier run. A pid alone proves nothing (it may be another program by now), so a process is
 * ours only when its command line or its environment carries the mark that we started it with. That also finds what was
 * started just before its pid could be written down.
 */

/** Whether a process with this pid exists (a zombie does not count). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const stat = readText(`/proc/${pid}/stat`);
  return stat === undefined || stateOf(stat) !== 'Z';
}

/** State letter of a /proc/PID/stat line; the program's name in brackets may itself contain brackets and blanks. */
export function stateOf(stat: string): string {
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
}

/** A text that is different for another process which got the same pid later. */
export function birthOf(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat !== undefined) return stateOf(stat) === 'Z' ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  if (process.platform === 'linux') return undefined;
  const ps = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return ps.status === 0 && ps.stdout.trim() !== '' ? ps.stdout.trim() : undefined;
}

/** The command line of a process, its words parted by blanks; undefined where there is no such process. */
export function commandLineOf(pid: number): string | undefined {
  if (process.platform === 'linux') return readText(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim() || undefined;
  const ps = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return ps.status === 0 ? ps.stdout.trim() : undefined;
}

/** Pids of processes that were started with this environment variable, without ourselves. */
export function processesWithEnvironment(name: string, value: string): number[] {
  const entry = `${name}=${value}`;
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
      .filter((pid) => readText(`/proc/${pid}/environ`)?.split('\0').includes(entry))
      .map(Number)
      .filter(isAlive);
  }
  const ps = spawnSync('ps', ['-axeww', '-o', 'pid=,command='], { encoding: 'utf8', maxBuffer: 64 << 20 });
  return ps.stdout
    .split('\n')
    .filter((line) => `${line} `.includes(` ${entry} `))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid !== process.pid && isAlive(pid));
}

/** Sends a signal; a process that has just ended is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Signals the processes and waits until they are gone; SIGKILL for those that are still there when the time is over. */
export async function endProcesses(pids: readonly number[], name: NodeJS.Signals, patienceMs: number): Promise<void> {
  const births = new Map(pids.map((pid) => [pid, birthOf(pid)]));
  const left = (): number[] => pids.filter((pid) => isAlive(pid) && birthOf(pid) === births.get(pid));
  for (const pid of left()) signal(pid, name);
  if (await waitUntil(() => left().length === 0, patienceMs)) return;
  for (const pid of left()) signal(pid, 'SIGKILL');
  await waitUntil(() => left().length === 0, 5_000);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Gone since it was listed, or another user's: in both cases not one of ours.
    return undefined;
  }
}
