import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Contribution } from './contributions.ts';
import { counterChanges, diffCase } from './figure-changes.ts';

const contribution = (more: Partial<Contribution> = {}): Contribution => ({
  indicator: 'G1-ONTIME',
  rule: 'due-date',
  ruleVersion: 1,
  unit: 'ward',
  month: '2021-07',
  numerator: 1,
  denominator: 1,
  reasons: [],
  decidedBy: { source: 'urn:spec', id: 'e1', time: '2021-07-05T00:00:00.000Z' },
  ...more,
});

describe('how a case moves the counters', () => {
  it('moves nothing when nothing changed', () => {
    expect(counterChanges([diffCase('case:1', [contribution()], [contribution()])])).toEqual([]);
  });

  it('adds what is new, takes away what is gone', () => {
    expect(counterChanges([diffCase('case:1', [], [contribution()])])).toMatchObject([
      { unit: 'ward', numerator: 1, denominator: 1, last: { id: 'e1' } },
    ]);
    expect(counterChanges([diffCase('case:1', [contribution()], [])])).toMatchObject([
      { unit: 'ward', numerator: -1, denominator: -1, last: { id: '' }, lost: { id: 'e1' } },
    ]);
  });

  it('says which event no longer decides, unless a newer one does now', () => {
    const at = (id: string, time: string): Partial<Contribution> => ({ decidedBy: { source: 's', id, time } });
    const before = contribution(at('old', '2021-07-05T00:00:00.000Z'));
    const newer = diffCase('case:1', [before], [contribution(at('new', '2021-07-06T00:00:00.000Z'))]);
    const older = diffCase('case:1', [before], [contribution(at('new', '2021-07-04T00:00:00.000Z'))]);
    expect(counterChanges([newer])).toMatchObject([{ numerator: 0, denominator: 0, last: { id: 'new' }, lost: { id: '' } }]);
    expect(counterChanges([older])).toMatchObject([{ numerator: 0, denominator: 0, last: { id: 'new' }, lost: { id: 'old' } }]);
  });

  it('moves a case from one month to another in both counters', () => {
    expect(
      counterChanges([
        diffCase('case:1', [contribution()], [contribution({ month: '2021-08', numerator: 0, reasons: ['finished-after-due'] })]),
      ]),
    ).toMatchObject([
      { month: '2021-07', numerator: -1, denominator: -1 },
      { month: '2021-08', numerator: 0, denominator: 1 },
    ]);
  });

  it('writes changed reasons without moving a counter', () => {
    const before = contribution({ numerator: 0, reasons: ['returned-by-post'] });
    const change = diffCase('case:1', [before], [contribution({ numerator: 0, reasons: ['not-returned-yet'] })]);
    expect(change.written).toHaveLength(1);
    expect(counterChanges([change])).toEqual([]);
  });

  it('keeps the last event by time and then identity, and one order of counters', () => {
    const changes = counterChanges([
      diffCase('case:1', [], [contribution({ unit: 'b', decidedBy: { source: 's', id: 'late', time: '2021-07-09T00:00:00.000Z' } })]),
      diffCase('case:2', [], [contribution({ unit: 'b' }), contribution({ unit: 'a', indicator: 'G0' })]),
    ]);
    expect(changes.map(({ unit }) => unit)).toEqual(['a', 'b']);
    expect(changes[1]).toMatchObject({ numerator: 2, denominator: 2, last: { id: 'late' } });
  });

  it('adds up to the newest fold, whatever the case went through (ledger = counter)', () => {
    const state = fc.option(
      fc.record({ month: fc.constantFrom('2021-06', '2021-07'), unit: fc.constantFrom('a', 'b'), numerator: fc.constantFrom<0 | 1>(0, 1) }),
      { nil: undefined },
    );
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 8 }), (states) => {
        const sums = new Map<string, [number, number]>();
        let before: Contribution[] = [];
        for (const each of states) {
          const now = each ? [contribution(each)] : [];
          for (const change of counterChanges([diffCase('case:1', before, now)])) {
            const key = `${change.unit} ${change.month}`;
            const [n, d] = sums.get(key) ?? [0, 0];
            sums.set(key, [n + change.numerator, d + change.denominator]);
          }
          before = now;
        }
        const left = [...sums.entries()].filter(([, [n, d]]) => n !== 0 || d !== 0);
        const last = states.at(-1);
        expect(left).toEqual(last ? [[`${last.unit} ${last.month}`, [last.numerator, 1]]] : []);
      }),
    );
  });
});
