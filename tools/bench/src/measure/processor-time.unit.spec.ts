import { describe, expect, it } from '@jest/globals';
import { parseStat, type ProcessStat, treeOf } from './processor-time.ts';

const LINE = '4711 (a (strange) name) S 42 4711 4711 0 -1 4194560 100 0 0 0 150 50 30 20 20 0 12 0 999 123456789 2560 18446744073709551615';

describe('a line of /proc/PID/stat', () => {
  it('is read past a name with brackets and blanks', () => {
    expect(parseStat(LINE)).toEqual({ pid: 4711, parent: 42, cpuSeconds: 2.5, memory: 2560 * 4096 });
  });
});

describe('a tree of processes', () => {
  const stat = (pid: number, parent: number, cpuSeconds: number): [number, ProcessStat] => [pid, { pid, parent, cpuSeconds, memory: 10 }];

  it('is the root with all below it, and nothing beside', () => {
    const all = new Map([stat(1, 0, 100), stat(2, 1, 1), stat(3, 2, 2), stat(4, 3, 4), stat(5, 1, 8)]);
    expect(treeOf(2, all)).toEqual({ cpuSeconds: 7, memory: 30 });
  });

  it('of a process that is gone is nothing', () => {
    expect(treeOf(9, new Map([stat(1, 0, 1)]))).toEqual({ cpuSeconds: 0, memory: 0 });
  });
});
