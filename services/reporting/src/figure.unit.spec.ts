import { describe, expect, it } from '@jest/globals';
import { Organisation, type UnitEvent } from '@par/administration';
import type { FigureRow } from '@par/contracts';
import fc from 'fast-check';
import { type CounterSum, type FigureQuestion, figuresOf } from './figure.ts';
import { readCatalogue } from './indicator.ts';

const opened = (id: string, data: object): UnitEvent =>
  ({
    type: 'vn.par.unit.opened.v1',
    source: 'urn:spec',
    id,
    subject: id,
    unit: id,
    time: '2011-01-01T00:00:00.000Z',
    data,
  }) as unknown as UnitEvent;

const organisation = Organisation.fold([
  opened('hue', {
    name: 'Thành phố Huế',
    nameEn: 'Huế',
    kind: 'city',
    validFrom: '2005-01-01',
    agency: true,
    timeZone: 'Asia/Ho_Chi_Minh',
  }),
  opened('phu-hoi', { name: 'Phường Phú Hội', kind: 'ward', parent: 'hue', validFrom: '2005-01-01', agency: true }),
  opened('vy-da', { name: 'Phường Vỹ Dạ', kind: 'ward', parent: 'hue', validFrom: '2005-01-01', agency: true }),
  opened('noi-vu', { name: 'Phòng Nội vụ', kind: 'department', parent: 'hue', validFrom: '2005-01-01', agency: true }),
  opened('ban-quan-ly', { name: 'Ban Quản lý dự án', kind: 'department', parent: 'hue', validFrom: '2005-01-01', agency: false }),
  opened('truong', { name: 'Trường Tiểu học', kind: 'school', parent: 'hue', validFrom: '2005-01-01', agency: false }),
  opened('dat-dai', {
    name: 'Chi nhánh Văn phòng Đăng ký đất đai',
    kind: 'provincial-body',
    parent: 'hue',
    validFrom: '2005-01-01',
    agency: false,
  }),
]);

const sum = (unit: string, numerator: number, denominator: number, over: Partial<CounterSum> = {}): CounterSum => ({
  indicator: 'G6-WORK-WARD',
  rule: 'every-step-on-network',
  ruleVersion: 1,
  unit,
  numerator,
  denominator,
  countedAt: new Date('2011-05-01T00:00:00Z'),
  lastEvent: null,
  ...over,
});

const ask = (over: Partial<FigureQuestion>): FigureRow[] =>
  figuresOf({
    period: '2011',
    counted: [],
    states: [],
    statePeriod: 'now',
    organisation,
    catalogue: readCatalogue(),
    now: new Date('2012-02-01T00:00:00Z'),
    today: () => '2012-02-01',
    endOfPeriod: () => new Date('2011-12-31T17:00:00Z'),
    ...over,
  });

const find = (rows: FigureRow[], unit: string, indicator = 'G6-WORK-WARD'): FigureRow | undefined =>
  rows.find((row) => row.unit === unit && row.indicator === indicator);

describe('figures', () => {
  it('adds numerators and denominators, never percentages', () => {
    const total = find(ask({ counted: [sum('phu-hoi', 1, 1), sum('vy-da', 0, 3)] }), 'hue');
    expect(total).toMatchObject({ numerator: 1, denominator: 4, value: 25, state: 'not-met', total: true });
  });

  it('says "no data" of a unit that was never heard from, and never 0 %', () => {
    const rows = ask({ counted: [sum('phu-hoi', 1, 1)] });
    expect(find(rows, 'vy-da')).toMatchObject({
      denominator: 0,
      value: null,
      state: 'no-data',
      freshness: { lastCountedAt: null, seconds: null },
    });
    expect(find(rows, 'noi-vu')).toBeUndefined();
  });

  it('shows every indicator of the catalogue before anything was published', () => {
    const indicators = new Set(ask({}).map((row) => row.indicator));
    expect(indicators).toEqual(new Set(readCatalogue().indicators.map(({ id }) => id)));
    expect(ask({}).every((row) => row.state === 'no-data')).toBe(true);
  });

  it('tells up to the end of a period that is over, and up to now of a state', () => {
    const rows = ask({
      counted: [sum('phu-hoi', 1, 1)],
      states: [sum('phu-hoi', 1, 1, { indicator: 'G6-NET', rule: 'accepted-connection' })],
    });
    expect(find(rows, 'hue')?.cutOff).toBe('2011-12-31T17:00:00.000Z');
    expect(find(rows, 'hue', 'G6-NET')).toMatchObject({ period: 'now', cutOff: '2012-02-01T00:00:00.000Z' });
  });

  it('tells a state of a year that is over as it stood at its end, for the units of that day', () => {
    const rows = ask({
      period: '2011',
      statePeriod: '2011',
      states: [sum('phu-hoi', 1, 1, { indicator: 'G6-NET', rule: 'accepted-connection' })],
    });
    expect(find(rows, 'hue', 'G6-NET')).toMatchObject({ period: '2011', cutOff: '2011-12-31T17:00:00.000Z', numerator: 1, denominator: 1 });
    expect(find(rows, 'hue', 'G6-NET')?.id).toBe('G6-NET.accepted-connection.hue.2011');
  });

  it('shows the official rule first and the others beside it', () => {
    const rule = (name: string): CounterSum => sum('phu-hoi', 1, 2, { indicator: 'G4-ONLINE', rule: name });
    const rows = ask({ counted: [rule('received-online'), rule('of-finished')] }).filter(
      (row) => row.unit === 'hue' && row.indicator === 'G4-ONLINE',
    );
    expect(rows.map(({ rule: name, state, official }) => [name, state, official])).toEqual([
      ['of-finished', 'met', true],
      ['of-online-procedures', 'no-data', false],
      ['received-online', 'met', false],
      ['of-received', 'no-data', false],
    ]);
  });

  it('says what each figure measures, and holds counts and ranks against the target themselves', () => {
    const state = (indicator: string, rule: string, numerator: number, denominator: number, unit = 'hue'): CounterSum =>
      sum(unit, numerator, denominator, { indicator, rule });
    const rows = ask({
      states: [
        state('G10-BAND', 'published-score', 84_186, 100_000),
        state('G10-RANK', 'competition-rank', 2, 9),
        state('G7-INSP-X', 'distinct-units', 1, 1, 'truong'),
        state('G8-ISO', 'in-force-with-iso', 40, 200),
      ],
    });
    const shown = (indicator: string): unknown[] => {
      const { measure, value, state: held } = find(rows, 'hue', indicator)!;
      return [measure, value, held];
    };
    expect(shown('G10-BAND')).toEqual(['points', 84.186, 'met']);
    expect(shown('G10-RANK')).toEqual(['rank', 2, 'met']);
    expect(shown('G7-INSP-X')).toEqual(['count', 1, 'met']);
    // What it was at the start of the year is not published.
    expect(shown('G8-ISO')).toEqual(['share', 20, 'monitor']);
    expect(shown('G9-EVAL')).toEqual(['share', null, 'no-data']);
    const late = ask({ states: [state('G10-BAND', 'published-score', 79_999, 100_000), state('G10-RANK', 'competition-rank', 6, 9)] });
    expect(['G10-BAND', 'G10-RANK'].map((id) => find(late, 'hue', id)!.state)).toEqual(['not-met', 'not-met']);
  });

  it('shows a body of the province beside the city, and adds it to no total', () => {
    const online = (unit: string, numerator: number, denominator: number): CounterSum =>
      sum(unit, numerator, denominator, { indicator: 'G4-ONLINE', rule: 'of-finished' });
    const rows = ask({ counted: [online('phu-hoi', 1, 4), online('dat-dai', 90, 90)] });
    expect(find(rows, 'hue', 'G4-ONLINE')).toMatchObject({ numerator: 1, denominator: 4 });
    expect(find(rows, 'dat-dai', 'G4-ONLINE')).toMatchObject({ numerator: 90, denominator: 90, value: 100, beside: true, total: false });
    expect(rows.filter(({ beside }) => beside).map(({ unit }) => unit)).toEqual(expect.arrayContaining(['dat-dai']));
    expect(find(rows, 'phu-hoi', 'G4-ONLINE')).not.toHaveProperty('beside');
    // Silent, it is there for what is reported beside, and nowhere else.
    const silentFor = new Set(
      rows.filter(({ unit, state }) => unit === 'dat-dai' && state === 'no-data').map(({ indicator }) => indicator),
    );
    expect(silentFor).toEqual(new Set(['G1-ONTIME', 'G1-LATE', 'G1-OVERDUE', 'G4-ONLINE']));
  });

  it('shows as silent only the units that a counting rule is about, and of a network only agencies', () => {
    const rows = ask({});
    const unitsOf = (indicator: string, rule?: string): string[] =>
      rows
        .filter((row) => row.indicator === indicator && row.unit !== 'hue' && (rule === undefined || row.rule === rule))
        .map(({ unit }) => unit);
    expect(unitsOf('G7-INSP', 'of-units')).toEqual(['ban-quan-ly', 'noi-vu', 'phu-hoi', 'vy-da']);
    expect(unitsOf('G7-INSP', 'departments-only')).toEqual(['ban-quan-ly', 'noi-vu']);
    expect(unitsOf('G7-INSP', 'wards-only')).toEqual(['phu-hoi', 'vy-da']);
    expect(unitsOf('G7-INSP-X')).toEqual(['truong']);
    expect(unitsOf('G10-RANK')).toEqual([]);
    expect(unitsOf('G6-NET')).toEqual(['noi-vu', 'phu-hoi', 'vy-da']);
    expect(rows.find(({ indicator }) => indicator === 'G6-NET-LIVE')).toMatchObject({ rule: 'heard-within-hours', ruleVersion: 2 });
  });

  it('is the same in any order of the counters, and its total is the sum of its units', () => {
    const counters = fc.uniqueArray(
      fc.record({
        unit: fc.constantFrom('hue', 'phu-hoi', 'vy-da', 'noi-vu', 'dat-dai'),
        indicator: fc.constantFrom('G1-ONTIME', 'G6-WORK-WARD', 'NEW-ONE'),
        denominator: fc.nat(1_000_000),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        second: fc.nat(100),
      }),
      { selector: ({ unit, indicator }) => `${unit} ${indicator}` },
    );
    fc.assert(
      fc.property(counters, (drawn) => {
        const sums = drawn.map(({ unit, indicator, denominator, share, second }) =>
          sum(unit, Math.floor(denominator * share), denominator, {
            indicator,
            rule: 'a-rule',
            lastEvent: { source: 's', id: unit, time: `2011-05-01T00:00:${String(second % 60).padStart(2, '0')}.000Z` },
          }),
        );
        const rows = ask({ counted: sums });
        expect(ask({ counted: [...sums].reverse() })).toEqual(rows);
        for (const row of rows.filter(({ total, rule }) => total && rule === 'a-rule')) {
          const parts = sums.filter(({ indicator, unit }) => indicator === row.indicator && unit !== 'dat-dai');
          expect(row.numerator).toBe(parts.reduce((all, one) => all + one.numerator, 0));
          expect(row.denominator).toBe(parts.reduce((all, one) => all + one.denominator, 0));
        }
      }),
    );
  });
});
