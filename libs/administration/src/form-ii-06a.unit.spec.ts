import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkCounts, checkIdentities, emptyRow, type FormRow, isDigitPermutation, sumRows } from './form-ii-06a.ts';

const count = fc.nat({ max: 100_000 });

/** A row whose parts are given and whose totals are made from them, with column 11 as what is left of column 3. */
function rowOf(parts: Record<'early' | 'onTime' | 'late' | 'noDue' | 'inTerm' | 'overdue' | 'openNoDue', number>, online: number): FormRow {
  const done = parts.early + parts.onTime + parts.late + parts.noDue;
  const open = parts.inTerm + parts.overdue + parts.openNoDue;
  const direct = Math.floor((done + open) / 2);
  return {
    received: { total: online + direct + (done + open - direct), online, direct, carriedOver: done + open - direct },
    done: {
      total: done + online,
      early: parts.early,
      onTime: parts.onTime + online,
      late: parts.late,
      unclassified: { count: parts.noDue, reason: 'no-due-date' },
    },
    inProcess: {
      total: open,
      inTerm: parts.inTerm,
      overdue: parts.overdue,
      unclassified: { count: parts.openNoDue, reason: 'no-due-date' },
    },
  };
}

const goodRow = fc
  .tuple(
    fc.record({ early: count, onTime: count, late: count, noDue: count, inTerm: count, overdue: count, openNoDue: count }),
    fc.nat({ max: 100_000 }),
  )
  .map(([parts, online]) => rowOf(parts, online));

/** Every number of a row, as a way to read it and to make it another. */
const NUMBERS: { column: string; breaks: string[]; change: (row: FormRow, by: number) => void }[] = [
  { column: '3', breaks: ['received', 'received-done-in-process'], change: (row, by) => void (row.received.total += by) },
  { column: '4', breaks: ['received'], change: (row, by) => void (row.received.online += by) },
  { column: '5', breaks: ['received'], change: (row, by) => void (row.received.direct += by) },
  { column: '6', breaks: ['received'], change: (row, by) => void (row.received.carriedOver += by) },
  { column: '7', breaks: ['done', 'received-done-in-process'], change: (row, by) => void (row.done.total += by) },
  { column: '8', breaks: ['done'], change: (row, by) => void (row.done.early += by) },
  { column: '9', breaks: ['done'], change: (row, by) => void (row.done.onTime += by) },
  { column: '10', breaks: ['done'], change: (row, by) => void (row.done.late += by) },
  { column: '7a', breaks: ['done'], change: (row, by) => void (row.done.unclassified.count += by) },
  { column: '11', breaks: ['in-process', 'received-done-in-process'], change: (row, by) => void (row.inProcess.total += by) },
  { column: '12', breaks: ['in-process'], change: (row, by) => void (row.inProcess.inTerm += by) },
  { column: '13', breaks: ['in-process'], change: (row, by) => void (row.inProcess.overdue += by) },
  { column: '11a', breaks: ['in-process'], change: (row, by) => void (row.inProcess.unclassified.count += by) },
];

describe('the identities of form II.06a', () => {
  it('hold for a row that is made of its parts, and for the sum of such rows', () => {
    fc.assert(
      fc.property(fc.array(goodRow, { maxLength: 5 }), (rows) => {
        expect(rows.flatMap(checkIdentities)).toEqual([]);
        expect(checkIdentities(sumRows(rows))).toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect(checkIdentities(emptyRow())).toEqual([]);
  });

  it.each(NUMBERS)('name what breaks where column $column is another number', ({ breaks, change }) => {
    fc.assert(
      fc.property(goodRow, fc.integer({ min: 1, max: 9_999 }), (row, by) => {
        change(row, by);
        const failures = checkIdentities(row);
        expect(failures.map(({ identity }) => identity)).toEqual(breaks);
        for (const failure of failures) {
          expect(failure.difference).toBe(failure.left - failure.right);
          expect(Math.abs(failure.difference)).toBe(by);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are told with both sides, the difference and the column that was mistyped', () => {
    const { checked, failures } = checkCounts({ done: 18_273, onTime: 17_265, late: 1_458 });
    expect(checked).toBe(1);
    expect(failures).toEqual([
      {
        identity: 'done',
        formula: '7 = 9 + 10',
        left: 18_273,
        right: 18_723,
        difference: -450,
        transposed: { column: '7', told: 18_273, fits: 18_723 },
        text: {
          en: '7 = 9 + 10 does not hold: 17,265 + 1,458 = 18,723 ≠ 18,273 (difference −450); digits transposed: 18,273 told, 18,723 fits',
          vi: '7 = 9 + 10 không đúng: 17.265 + 1.458 = 18.723 ≠ 18.273 (chênh −450); đảo chữ số: ghi 18.273, khớp nếu là 18.723',
        },
      },
    ]);
  });

  it('find the mistyped number also among the parts', () => {
    // 132 + 50 = 182, told as 123 + 50.
    expect(checkCounts({ received: 182, done: 123, inProcess: 50 }).failures[0]).toMatchObject({
      transposed: { column: '7', told: 123, fits: 132 },
    });
    expect(checkCounts({ received: 182, done: 133, inProcess: 50 }).failures[0]).not.toHaveProperty('transposed');
  });

  it('are not checked where a report does not tell enough', () => {
    expect(checkCounts({ received: 10, online: 4 })).toEqual({ checked: 0, failures: [] });
    expect(checkCounts({ done: 10, early: 9 })).toEqual({ checked: 0, failures: [] });
    expect(checkCounts({})).toEqual({ checked: 0, failures: [] });
  });

  it('name the dossiers without a class in the formula only where there are any', () => {
    const row = emptyRow();
    row.done = { ...row.done, total: 5, early: 1, unclassified: { count: 3, reason: 'no-due-date' } };
    expect(checkIdentities(row).map(({ formula }) => formula)).toEqual(['7 = 8 + 9 + 10 + 7a', '3 = 7 + 11']);
    row.done.unclassified.count = 0;
    expect(checkIdentities(row)[0]!.formula).toBe('7 = 8 + 9 + 10');
  });
});

describe('sumRows', () => {
  it('adds every column', () => {
    fc.assert(
      fc.property(goodRow, goodRow, (a, b) => {
        const numbers = (value: unknown): number[] =>
          typeof value === 'number' ? [value] : typeof value === 'object' && value ? Object.values(value).flatMap(numbers) : [];
        const sums = numbers(a).map((value, index) => value + numbers(b)[index]!);
        expect(numbers(sumRows([a, b]))).toEqual(sums);
        expect(sums).toHaveLength(13);
      }),
      { numRuns: 50 },
    );
  });
});

describe('isDigitPermutation', () => {
  it.each([
    [18_273, 18_723, true],
    [18_273, 18_273, false],
    [12, 21, true],
    [100, 1, false],
    [123, 124, false],
    [12, -21, false],
  ])('%d and %d: %s', (a, b, is) => expect(isDigitPermutation(a, b)).toBe(is));
});
