import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  contributionsIn,
  entriesOf,
  type FigureSlot,
  isSamePart,
  type Part,
  partsOf,
  patternsOf,
  type Slots,
} from './contribution-parts.ts';
import { type Contribution } from './contributions.ts';

const FIGURES: FigureSlot[] = ['a', 'b', 'c'].flatMap((rule) =>
  [1, 2].map((ruleVersion) => ({ indicator: 'G1-ONTIME', rule, ruleVersion })),
);
const slots: Slots = {
  numberOf: ({ rule, ruleVersion }: FigureSlot) => FIGURES.findIndex((one) => one.rule === rule && one.ruleVersion === ruleVersion) + 9,
  figureOf: (number) => FIGURES[number - 9]!,
  numbersOf: (_indicator, rule) => FIGURES.flatMap((one, index) => (one.rule === rule ? [index + 9] : [])),
};

const contribution = fc
  .record({
    figure: fc.constantFrom(...FIGURES),
    unit: fc.constantFrom('u', 'v'),
    month: fc.constantFrom('2021-06', '2021-07'),
    counts: fc.oneof(
      fc.constantFrom([0, 1], [1, 1]),
      fc.tuple(fc.nat(50), fc.nat(50)).filter(([n, d]) => n + d > 0),
    ),
    reasons: fc.uniqueArray(fc.constantFrom('paper-step', 'late', 'no-step-recorded'), { maxLength: 2 }),
    id: fc.constantFrom('e1', 'e2', 'ê 3'),
  })
  .map(({ figure, unit, month, counts, reasons, id }): Contribution => ({
    ...figure,
    unit,
    month,
    numerator: counts[0],
    denominator: counts[1],
    reasons,
    decidedBy: { source: 'urn:spec', id, time: '2021-07-05T02:00:00.000Z' },
  }));
const contributions = fc.uniqueArray(contribution, {
  maxLength: 12,
  selector: ({ rule, ruleVersion, unit, month }) => [rule, ruleVersion, unit, month].join(' '),
});
const justParts = (list: readonly Contribution[]): Part[] => partsOf(list, slots).map(({ part }) => part);
const inOrder = (list: readonly Contribution[]): string[] => list.map((one) => JSON.stringify(one, Object.keys(one).sort())).sort();

describe('contributions as parts', () => {
  it('say the same when they are read again', () => {
    fc.assert(
      fc.property(contributions, (list) => {
        expect(inOrder(contributionsIn(justParts(list), slots))).toEqual(inOrder(list));
      }),
    );
  });

  it('come with the contributions that they stand for', () => {
    fc.assert(
      fc.property(contributions, (list) => {
        for (const { part, contributions: those } of partsOf(list, slots))
          expect(inOrder(contributionsIn([part], slots))).toEqual(inOrder(those));
      }),
    );
  });

  it('are the same whatever order they come in', () => {
    fc.assert(
      fc.property(contributions, (list) => {
        const parts = justParts(list);
        const others = justParts([...list].reverse());
        expect(others).toEqual(parts);
        expect(parts.every((part, place) => isSamePart(part, others[place]!))).toBe(true);
      }),
    );
  });

  it('are found by the patterns of numerator and rest, and by no other', () => {
    const matches = (verdicts: string, patterns: string[]): boolean => patterns.some((pattern) => verdicts.includes(pattern.slice(1, -1)));
    fc.assert(
      fc.property(contributions, (list) => {
        for (const part of justParts(list)) {
          for (const slot of FIGURES.map((figure) => slots.numberOf(figure))) {
            const entry = entriesOf(part.verdicts).find((one) => one.slot === slot);
            expect(matches(part.verdicts, patternsOf([slot], 'any'))).toBe(entry !== undefined);
            expect(matches(part.verdicts, patternsOf([slot], 'numerator'))).toBe(entry !== undefined && entry.numerator > 0);
            if (!entry || entry.numerator <= entry.denominator) {
              expect(matches(part.verdicts, patternsOf([slot], 'rest'))).toBe(entry !== undefined && entry.numerator < entry.denominator);
            }
          }
        }
      }),
    );
  });

  it('are short for a dossier', () => {
    const decidedBy = { source: 'urn:spec', id: 'e1', time: '2021-07-05T02:00:00.000Z' };
    const of = (rule: string, numerator: number, reasons: string[] = []): Contribution => ({
      ...{ indicator: 'G1-ONTIME', rule, ruleVersion: 1, unit: 'u', month: '2021-07', numerator, denominator: 1, reasons, decidedBy },
    });
    expect(justParts([of('c', 0, ['late', 'paper-step']), of('a', 1)])).toEqual([
      {
        unit: 'u',
        month: '2021-07',
        decidedAt: decidedBy.time,
        decidedSource: 'urn:spec',
        decidedId: 'e1',
        verdicts: ' 9+ 13-:late,paper-step',
      },
    ]);
  });
});
