import { describe, expect, it } from '@jest/globals';
import { parsePlan, readPlan } from './plan.ts';
import { isKnownRule } from './rules.ts';

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
