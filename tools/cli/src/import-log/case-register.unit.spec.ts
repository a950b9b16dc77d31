import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CaseRegister } from './case-register.ts';

describe('CaseRegister', () => {
  it('answers as a map of texts would', () => {
    const id = fc.constantFrom('a', 'b', 'c', '', 'Ā', 'hồ sơ');
    const meeting = fc.tuple(id, fc.tuple(fc.constantFrom('', '1', '2'), fc.constantFrom('x', 'y')));
    fc.assert(
      fc.property(fc.array(meeting, { maxLength: 40 }), (meetings) => {
        const register = new CaseRegister(2);
        const texts = new Map<string, readonly string[]>();
        for (const [caseId, saying] of meetings) {
          const said = texts.get(caseId);
          const different = said?.findIndex((text, column) => text !== saying[column]);
          expect(register.meet(caseId, saying)).toBe(said === undefined ? 'new' : different === -1 ? 'same' : different);
          if (said === undefined) texts.set(caseId, saying);
        }
        expect(register.size).toBe(texts.size);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps every case apart while it grows', () => {
    const register = new CaseRegister(1);
    for (let number = 0; number < 30_000; number += 1) {
      if (register.meet(`case-${number}`, [`said ${number}`]) !== 'new') throw new Error(`case ${number} was taken for another`);
    }
    expect(register.size).toBe(30_000);
    const again = Array.from({ length: 30_000 }, (_, number) => register.meet(`case-${number}`, [`said ${number}`]));
    expect(again.filter((met) => met !== 'same')).toEqual([]);
    expect(register.meet('case-29999', ['otherwise'])).toBe(0);
  });
});
