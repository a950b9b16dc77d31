import { describe, expect, it } from '@jest/globals';
import { figureId, parseFigureId, stateOf, valueOf } from './figure.ts';

describe('a target', () => {
  it.each([
    [9999, 10_000, { op: '>=' as const, value: 100 }, 'not-met'],
    [99_996, 100_000, { op: '>=' as const, value: 100 }, 'not-met'],
    [5, 5, { op: '>=' as const, value: 100 }, 'met'],
    [9, 10, { op: '>' as const, value: 90 }, 'not-met'],
    [901, 1000, { op: '>' as const, value: 90 }, 'met'],
    [0, 0, { op: '>=' as const, value: 100 }, 'no-data'],
    [0, 3, { op: '>=' as const, value: 100 }, 'not-met'],
    [1, 3, null, 'monitor'],
    // Goal 7, "trên 30%": 39 units need 12 inspected, 48 need 15; the same year may pass in June and fail in July.
    [11, 39, { op: '>' as const, value: 30 }, 'not-met'],
    [12, 39, { op: '>' as const, value: 30 }, 'met'],
    [14, 48, { op: '>' as const, value: 30 }, 'not-met'],
    [15, 48, { op: '>' as const, value: 30 }, 'met'],
    [3, 10, { op: '>' as const, value: 30 }, 'not-met'],
    [0, 0, null, 'no-data'],
  ])('%i of %i against %j is %s', (numerator, denominator, target, state) => {
    expect(stateOf(numerator, denominator, target)).toBe(state);
  });
});

describe('a figure that is no share', () => {
  it('holds a count and a rank against the target themselves', () => {
    expect(stateOf(2, 9, { op: '<=', value: 5 }, { measure: 'rank' })).toBe('met');
    expect(stateOf(6, 9, { op: '<=', value: 5 }, { measure: 'rank' })).toBe('not-met');
    expect(stateOf(1, 1, { op: '>', value: 0 }, { measure: 'count' })).toBe('met');
    expect([valueOf(2, 9, 'rank'), valueOf(3, 3, 'count'), valueOf(84_186, 100_000, 'points'), valueOf(1, 0)]).toEqual([
      2,
      3,
      84.186,
      null,
    ]);
  });

  it('holds one that must not fall against the start of the year, in integers', () => {
    const baseline = { at: '2020-12-31T17:00:00.000Z', numerator: 1, denominator: 3 };
    expect(stateOf(33_334, 100_000, { op: 'not-falling' }, { baseline })).toBe('met');
    expect(stateOf(33_333, 100_000, { op: 'not-falling' }, { baseline })).toBe('not-met');
    expect(stateOf(2, 6, { op: 'not-falling' }, { baseline })).toBe('met');
    expect(stateOf(2, 6, { op: 'not-falling' })).toBe('monitor');
  });
});

describe('a figure id', () => {
  it('is read back as it was written, and anything else is not an id', () => {
    const parts = { indicator: 'G1-ONTIME', rule: 'due-date', unit: 'hue-19756-gia-hoi', period: '2021-Q3' };
    expect(parseFigureId(figureId(parts))).toEqual(parts);
    expect(parseFigureId('G1-ONTIME.due-date.hue')).toBeUndefined();
    expect(parseFigureId('a.b.c.d.e')).toBeUndefined();
  });
});
