import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { percentile, spreadOf } from './percentile.ts';

describe('percentile', () => {
  it('is a value of the set: of 1 to 100 the p-th', () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([0.5, 0.95, 0.99, 1].map((p) => percentile(values, p))).toEqual([50, 95, 99, 100]);
  });

  it('of few values is no wish: the 99th of ten is the largest', () => {
    expect(percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 1000], 0.99)).toBe(1000);
  });

  it('does not go one rank too far for a share that is not exact in binary', () => {
    const values = Array.from({ length: 20 }, (_, i) => i + 1);
    expect(percentile(values, 0.95)).toBe(19);
    expect(percentile(values, 0.55)).toBe(11);
  });

  it('refuses an empty set and a percentage', () => {
    expect(() => percentile([], 0.5)).toThrow('no values');
    expect(() => percentile([1], 99)).toThrow('no share');
  });

  it('leaves at least the share at or below it, and less than that below it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 60 }),
        fc.constantFrom(0.5, 0.9, 0.95, 0.99),
        (values, p) => {
          const sorted = [...values].sort((a, b) => a - b);
          const found = percentile(sorted, p);
          expect(sorted.filter((each) => each <= found).length).toBeGreaterThanOrEqual(p * sorted.length - 1e-9);
          expect(sorted.filter((each) => each < found).length).toBeLessThan(p * sorted.length);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the spread of times', () => {
  it('does not need them in order, and orders numbers as numbers', () => {
    expect(spreadOf([100, 9, 20])).toEqual({ count: 3, p50: 20, p95: 100, p99: 100, largest: 100 });
  });

  it('of nothing is nothing', () => {
    expect(spreadOf([])).toBeUndefined();
  });
});
