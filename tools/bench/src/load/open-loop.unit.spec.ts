import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dueBy, intendedAt } from './open-loop.ts';

describe('a fixed pace', () => {
  it('sends the first event at once and 500 in each second', () => {
    expect([0, 1, 2, 999, 1000].map((ms) => dueBy(ms, 500, 10_000))).toEqual([1, 1, 2, 500, 501]);
    expect(intendedAt(500, 500)).toBe(1000);
  });

  it('sends nothing before the start and no more than there is', () => {
    expect(dueBy(-1, 500, 10)).toBe(0);
    expect(dueBy(60_000, 500, 10)).toBe(10);
  });

  it('has each event due from its instant on, and not before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(20_000), (perSecond, index) => {
        const at = intendedAt(index, perSecond);
        expect(dueBy(at, perSecond, Infinity)).toBeGreaterThan(index);
        expect(dueBy(at - 0.001, perSecond, Infinity)).toBeLessThanOrEqual(index);
      }),
      { numRuns: 300 },
    );
  });
});
