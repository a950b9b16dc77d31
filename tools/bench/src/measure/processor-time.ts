import { readdirSync, readFileSync } from 'node:fs';
import type { Pids } from '../row.ts';

/** Linux counts processor time in these, whatever the kernel's own clock is. */
const TICKS_PER_SECOND = 100;
const PAGE = 4096;

/** What /proc/PID/stat says of a process. Times in seconds. */
export interface ProcessStat {
  pid: number;
  parent: number;
  /** Of itself and of the children that it has waited for. */
  cpuSeconds: number;
  /** Resident memory in bytes. */
  memory: number;
}

/** Reads a /proc/PID/stat line; the program's name in brackets may itself contain brackets and blanks. */
export function parseStat(line: string): ProcessStat {
  const rest = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(rest[number - 3]);
  const ticks = field(14) + field(15) + field(16) + field(17);
  return { pid: Number.parseInt(line, 10), parent: field(4), cpuSeconds: ticks / TICKS_PER_SECOND, memory: field(24) * PAGE };
}

/** Every process of the machine by pid; empty where there is no /proc. */
export function readProcesses(): Map<number, ProcessStat> {
  const all = new Map<number, ProcessStat>();
  if (process.platform !== 'linux') return all;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = parseStat(readFileSync(`/proc/${name}/stat`, 'utf8'));
      all.set(stat.pid, stat);
    } catch (error) {
      // It ended since the folder was listed.
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return all;
}

/** Processor seconds and memory of one process and all below it. */
export function treeOf(root: number, all: ReadonlyMap<number, ProcessStat>): { cpuSeconds: number; memory: number } {
  const total = { cpuSeconds: 0, memory: 0 };
  const children = new Map<number, number[]>();
  for (const { pid, parent } of all.values()) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const open = all.has(root) ? [root] : [];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const stat = all.get(pid)!;
    total.cpuSeconds += stat.cpuSeconds;
    total.memory += stat.memory;
    open.push(...(children.get(pid) ?? []));
  }
  return total;
}

/**
 * Processor time of parts of a system over a time. What a child used goes over to its parent when it ends, so the sum over a tree of processes never
 * falls, and its growth is what the tree used. Of a root that ends in between, what it had used when it was last looked at counts.
 */
export class ProcessorTime {
  readonly #first = new Map<string, Map<number, number>>();
  readonly #last = new Map<string, Map<number, number>>();
  readonly #largest = new Map<string, number>();
  #timer: NodeJS.Timeout;

  constructor(
    private readonly parts: Readonly<Record<string, Pids>>,
    everyMs = 250,
  ) {
    this.#look(true);
    this.#timer = setInterval(() => this.#look(false), everyMs);
    this.#timer.unref();
  }

  stop(): { cpuSeconds: Record<string, number>; largestMemory: Record<string, number> } {
    clearInterval(this.#timer);
    this.#look(false);
    const cpuSeconds: Record<string, number> = {};
    for (const part of Object.keys(this.parts)) {
      const first = this.#first.get(part)!;
      cpuSeconds[part] = [...this.#last.get(part)!].reduce((sum, [pid, seconds]) => sum + seconds - (first.get(pid) ?? 0), 0);
    }
    return { cpuSeconds, largestMemory: Object.fromEntries(this.#largest) };
  }

  #look(atFirst: boolean): void {
    const all = readProcesses();
    for (const [part, pids] of Object.entries(this.parts)) {
      const last = this.#last.get(part) ?? new Map<number, number>();
      let memory = 0;
      for (const pid of pids()) {
        const tree = treeOf(pid, all);
        if (all.has(pid)) last.set(pid, tree.cpuSeconds);
        memory += tree.memory;
      }
      this.#last.set(part, last);
      if (atFirst) this.#first.set(part, new Map(last));
      this.#largest.set(part, Math.max(this.#largest.get(part) ?? 0, memory));
    }
  }
}
