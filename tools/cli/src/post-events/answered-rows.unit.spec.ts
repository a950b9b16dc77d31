import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AnsweredRows } from './answered-rows.ts';
import { PostingReport, type EventResult } from './posting-report.ts';

const results: EventResult['result'][] = ['accepted', 'duplicate', 'conflict', 'refused'];

describe('AnsweredRows', () => {
  it('passes a row when all before it are answered, in whatever order the answers come, and counts nothing twice', () => {
    const rows = fc.array(fc.array(fc.constantFrom(...results), { maxLength: 3 }), { maxLength: 12 });
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.nat()), (input, order) => {
        const answered = new AnsweredRows(new PostingReport());
        const waiting = input.flatMap((events, index) => events.map((result) => ({ row: index + 1, result })));
        input.forEach((events, index) => answered.begin(index + 1, events.length, events.length === 0 ? [{ code: 'x', example: {} }] : []));
        while (waiting.length > 0) {
          const [{ row, result }] = waiting.splice(order.next().value % waiting.length, 1) as [(typeof waiting)[number]];
          answered.answered({ row, line: row, json: '' }, { index: 0, result });
          const firstOpen = waiting.length === 0 ? input.length + 1 : Math.min(...waiting.map((each) => each.row));
          expect(answered.row).toBe(firstOpen - 1);
          const passed = input.slice(0, answered.row);
          expect(answered.report.posted).toBe(passed.flat().length);
          expect(answered.report.accepted).toBe(passed.flat().filter((each) => each === 'accepted').length);
        }
        expect(answered.waiting).toBe(0);
        expect(answered.report.refused).toBe(
          input.flat().filter((each) => each === 'refused').length + input.filter((each) => each.length === 0).length,
        );
      }),
      { numRuns: 200 },
    );
  });

  it('goes on from the row and the counts of an earlier run', () => {
    const first = new AnsweredRows(new PostingReport());
    first.begin(1, 1, []);
    first.answered({ row: 1, line: 2, id: 'a', json: '' }, { index: 0, result: 'refused', code: 'unit.unknown', field: 'unit' });
    const second = new AnsweredRows(PostingReport.from(first.report.counts()), first.row);
    second.begin(2, 1, []);
    second.answered({ row: 2, line: 3, id: 'b', json: '' }, { index: 0, result: 'refused', code: 'unit.unknown' });
    expect(second.row).toBe(2);
    expect(second.report.counts()).toMatchObject({
      posted: 2,
      refused: 2,
      causes: [
        {
          code: 'unit.unknown',
          count: 2,
          examples: [
            { line: 2, id: 'a', field: 'unit' },
            { line: 3, id: 'b' },
          ],
        },
      ],
    });
    expect(first.report.counts().causes[0]?.count).toBe(1);
  });
});
