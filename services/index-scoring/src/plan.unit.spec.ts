import { describe, expect, it } from '@jest/globals';
import { parsePlan, readPlan, stateOf } from './plan.ts';
import { isKnownRule } from './rules.ts';

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

describe('the plan file', () => {
  it('names every indicator of the first release, each with one official rule', () => {
    expect(readPlan(isKnownRule).indicators.map(({ id }) => id)).toEqual([
      'G1-ONTIME',
      'G4-ONLINE',
      'G6-WORK-CITY',
      'G6-WORK-WARD',
      'G6-NET',
      'G6-NET-LIVE',
      'G6-NET-DOSSIER',
    ]);
  });

  it('is refused with every mistake named at once', () => {
    const indicator = {
      id: 'X',
      goal: 1,
      nameVi: 'x',
      nameEn: 'x',
      kind: 'count',
      rules: [{ rule: 'invented', version: 1, official: false }],
      target: { op: '~', value: 1 },
      unitKinds: ['village'],
    };
    expect(() => parsePlan(JSON.stringify({ plan: 'p', source: 's', indicators: [indicator, indicator] }), isKnownRule)).toThrow(
      /needs exactly one official rule; X: rule invented version 1 is not known; X: unit kind village is not known; X: target ~ is not known; X: stands twice/,
    );
  });
});
