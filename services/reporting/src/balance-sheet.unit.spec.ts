import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { balanceRows, balanceTotals, type PublishedLine } from './balance-sheet.ts';

const line = (over: Partial<PublishedLine>): PublishedLine => ({
  service: 'dossier-intake',
  direction: 'out',
  origin: 'dossier-intake',
  type: 'vn.par.dossier.received.v1',
  unit: 'phu-hoi',
  day: '2011-05-01',
  count: 3,
  hash: '00000000000000ab',
  dead: 0,
  healed: 0,
  surplus: 0,
  ...over,
});
const takenIn = (service: string, over: Partial<PublishedLine> = {}): PublishedLine => line({ service, direction: 'in', ...over });

describe('the balance sheet', () => {
  it('holds what a service sent against what each of its readers counted', () => {
    const rows = balanceRows([line({}), takenIn('edocument-workflow'), takenIn('index-scoring', { count: 2, hash: '00000000000000aa' })]);
    expect(rows).toMatchObject([
      { from: 'dossier-intake', to: 'edocument-workflow', sent: 3, counted: 3, difference: 0, equal: true },
      { from: 'dossier-intake', to: 'index-scoring', sent: 3, counted: 2, difference: 1, equal: false },
    ]);
  });

  it('sees that equal numbers are not equal events', () => {
    const [row] = balanceRows([line({}), takenIn('edocument-workflow', { hash: '00000000000000ff' })]);
    expect(row).toMatchObject({ difference: 0, equal: false });
  });

  it('does not let one type make up for another', () => {
    const other = { type: 'vn.par.dossier.corrected.v1' };
    const rows = balanceRows([
      line({ count: 3 }),
      line({ ...other, count: 1 }),
      takenIn('edocument-workflow', { count: 1 }),
      takenIn('edocument-workflow', { ...other, count: 3 }),
    ]);
    expect(rows.find((row) => row.to === 'edocument-workflow')).toMatchObject({ sent: 4, counted: 4, equal: false });
  });

  it('shows what was counted and never reported as sent', () => {
    expect(balanceRows([takenIn('index-scoring')])).toMatchObject([{ sent: 0, counted: 3, difference: -3, equal: false }]);
  });

  it('shows beside the counts what is on its way, given up, healed and surplus', () => {
    const rows = balanceRows([line({ count: 10 }), takenIn('index-scoring', { count: 7, dead: 2, healed: 4, surplus: 1 })]);
    const counted = { sent: 10, counted: 7, difference: 3, dead: 2, healed: 4, surplus: 1, inFlight: 2 };
    const row = rows.find(({ to }) => to === 'index-scoring');
    expect(row).toMatchObject(counted);
    expect(balanceTotals([row!])).toMatchObject([counted]);
  });

  it('is the same in any order of the lines, and its totals are the sums of its rows', () => {
    const lines = fc.uniqueArray(
      fc.record({
        service: fc.constantFrom('dossier-intake', 'edocument-workflow', 'index-scoring', 'reporting'),
        direction: fc.constantFrom('in' as const, 'out' as const),
        unit: fc.constantFrom('a', 'b'),
        type: fc.constantFrom('vn.par.dossier.received.v1', 'vn.par.figure.changed.v1', 'vn.par.unit.opened.v1'),
        count: fc.nat(50),
      }),
      { selector: ({ service, direction, unit, type }) => [service, direction, unit, type].join(' ') },
    );
    fc.assert(
      fc.property(lines, (drawn) => {
        const published = drawn.map((one) => line({ ...one, origin: one.direction === 'out' ? one.service : 'dossier-intake' }));
        const rows = balanceRows(published);
        expect(balanceRows([...published].reverse())).toEqual(rows);
        for (const total of balanceTotals(rows)) {
          const own = rows.filter((row) => row.from === total.from && row.to === total.to);
          expect(total.sent).toBe(own.reduce((all, row) => all + row.sent, 0));
          expect(total.counted).toBe(own.reduce((all, row) => all + row.counted, 0));
          expect(total.equal).toBe(own.every((row) => row.equal));
        }
      }),
    );
  });
});
