import { describe, expect, it } from '@jest/globals';
import { withEntry } from './diary.ts';
import { readOptions } from './options.ts';

const DIARY = '# Failure diary\n\n| Hypothesis | What happened |\n|---|---|\n| one | held |\n';
const NOW = new Date('2026-03-04T05:06:07Z');

describe('the entry of a run in the failure diary', () => {
  it('is one more row: what was expected, how to do it again, what happened', () => {
    const outcome = {
      faults: 19,
      accepted: 11_900,
      differences: [],
      seen: ['broker-outage: the doors accepted 900 events', 'relay: noise'],
    };
    const diary = withEntry(DIARY, readOptions(['--minutes', '2', '--seed', '7'], 0), outcome, NOW);
    expect(diary.startsWith(DIARY)).toBe(true);
    const row = diary.slice(DIARY.length);
    expect(row).toContain('`npm run chaos -- --minutes 2 --seed 7`, 2026-03-04');
    expect(row).toContain('held: 11900 events accepted, 0 differences. the doors accepted 900 events |');
    expect(row.trimEnd().split('\n')).toHaveLength(1);
  });

  it('says what differed, in one line', () => {
    const outcome = { faults: 1, accepted: 5, differences: ['par audit ended with 1:\nmany\nlines | here', 'another'], seen: [] };
    const row = withEntry(DIARY, readOptions(['--scenario', 'backlog', '--cluster'], 3), outcome, NOW).slice(DIARY.length);
    expect(row).toContain('2 differences: par audit ended with 1:; another |');
    expect(row).toContain('--cluster --scenario backlog');
  });
});
