import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { oldFormOf, parseOrganCode } from './organ-code.ts';

describe('an organisation’s identifier', () => {
  it.each([
    ['000.00.00.H57', 'H57'],
    ['H57', 'H57'],
    ['000.00.21.H57', 'H57.21'],
    ['H57.21', 'H57.21'],
    ['28.22.H17', 'H17.22.28'],
    ['002.00.20.H13', 'H13.20.00.002'],
    [' 000.00.00.G22 ', 'G22'],
  ])('%s is %s', (text, canonical) => expect(parseOrganCode(text)?.canonical).toBe(canonical));

  it.each(['', '.', '57.H', '000.00.00', 'H57..21', 'H57.21.H13', 'h57', 'Z12', 'H57.22.33.44.55.66', 'H57 .21', `H57.${'1'.repeat(40)}`])(
    '%j is none',
    (text) => expect(parseOrganCode(text)).toBeUndefined(),
  );

  const top = fc.tuple(fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXY'), fc.integer({ min: 0, max: 99 }));
  const levels = fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 999 }));

  it('reads the same in both orders, and back', () => {
    fc.assert(
      fc.property(top, levels, ([letter, number], [second, third, fourth]) => {
        const pad = (value: number, length: number): string => String(value).padStart(length, '0');
        const groups = [`${letter}${pad(number, 2)}`, pad(second, 2), pad(third, 2), pad(fourth, 3)];
        const old = parseOrganCode(groups.toReversed().join('.'))!;
        expect(parseOrganCode(groups.join('.'))!.canonical).toBe(old.canonical);
        expect(parseOrganCode(oldFormOf(old))!.canonical).toBe(old.canonical);
        expect(oldFormOf(old)).toBe(groups.toReversed().join('.'));
      }),
    );
  });
});
