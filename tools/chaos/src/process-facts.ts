import { runCommand } from '@par/infrastructure';

/** Resident memory of processes in megabytes, by pid; those that are gone are left out. */
export async function memoryOf(pids: readonly number[]): Promise<Map<number, number>> {
  if (pids.length === 0) return new Map();
  const rows = await table(['-o', 'pid=,rss=', '-p', pids.join(',')]);
  return new Map(rows.map(([pid = 0, kilobytes = 0]) => [pid, kilobytes / 1_024]));
}

/** Pids of the processes that a process has started and that still run. */
export async function childrenOf(parent: number): Promise<number[]> {
  const rows = await table(['-A', '-o', 'pid=,ppid=']);
  return rows.flatMap(([pid, itsParent]) => (pid !== undefined && itsParent === parent ? [pid] : []));
}

async function table(args: string[]): Promise<number[][]> {
  const { output } = await runCommand('ps', args, { timeoutMs: 10_000 });
  return output
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter((numbers) => numbers.every(Number.isFinite));
}
