import { describe, expect, it } from '@jest/globals';
import { differencesOf, rowsIn } from './figures.ts';

const of = (...rows: string[]): Map<string, string> => new Map([['index-scoring 2021', rows.join('\n')]]);

describe('figures with and without faults', () => {
  it('are equal to the byte, or the rows that differ are named', () => {
    expect(differencesOf(of('a 1/2', 'b 3/4'), of('a 1/2', 'b 3/4'))).toEqual([]);
    const [difference, ...more] = differencesOf(of('a 1/2', 'b 3/4'), of('a 1/2', 'b 2/4'));
    expect(more).toEqual([]);
    expect(difference).toContain('  + b 2/4\n  - b 3/4');
    expect(difference).not.toContain('a 1/2');
  });

  it('differ where the same rows are told in another order, and where a period is missing', () => {
    expect(differencesOf(of('a', 'b'), of('b', 'a'))).toHaveLength(1);
    expect(differencesOf(new Map(), of('a'))).toHaveLength(1);
  });

  it('are counted, so that two empty lists are not taken for agreement', () => {
    expect(rowsIn(of())).toBe(0);
    expect(rowsIn(of('a', 'b'))).toBe(2);
  });
});
