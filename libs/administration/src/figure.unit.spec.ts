import { describe, expect, it } from '@jest/globals';
import { figureId, parseFigureId, stateOf } from './figure.ts';

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
    [0, 0, null, 'no-data'],
  ])('%i of %i against %j is %s', (numerator, denominator, target, state) => {
    expect(stateOf(numerator, denominator, target)).toBe(state);
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
