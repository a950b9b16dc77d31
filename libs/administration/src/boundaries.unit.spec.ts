import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type EventData } from '@par/contracts';
import fc from 'fast-check';
import { type BoundaryLeaf, type BoundaryRow, type BoundaryView, boundaryDayOf, inBoundaries, type Ratio, RATIO } from './boundaries.ts';
import { hueOrganisation } from './hue-organisation.ts';
import { Organisation } from './organisation.ts';
import { type UnitEvent } from './unit-history.ts';

type Kind = 'opened' | 'merged' | 'split' | 'closed';
type Data<K extends Kind> = EventData[`vn.par.unit.${K}.v1`];

function event<K extends Kind>(kind: K, subject: string, data: Data<K>, id = `${kind}-${subject}`): UnitEvent {
  return {
    specversion: '1.0',
    id,
    source: 'urn:test',
    type: `vn.par.unit.${kind}.v1`,
    subject,
    time: '2021-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    unit: subject,
    received: '2021-01-01T00:00:00.000Z',
    data,
  } as UnitEvent;
}
const open = (id: string, validFrom = '2021-01-01') =>
  event('opened', id, { name: id.toUpperCase(), kind: 'ward', parent: 'hue', validFrom, agency: true });
const merged = (id: string, into: string, from: string) => event('merged', id, { into, from });
const split = (id: string, into: string[], from: string) => event('split', id, { into, from });
const closed = (id: string, from: string) => event('closed', id, { from });
const city = event('opened', 'hue', {
  name: 'Huế',
  kind: 'city',
  validFrom: '2020-01-01',
  agency: false,
  timeZone: 'Asia/Ho_Chi_Minh',
});

const leaf = (unit: string, numerator: number, denominator = numerator): BoundaryLeaf<Ratio> => ({
  unit,
  value: { numerator, denominator },
});
const lay = (events: UnitEvent[], leaves: BoundaryLeaf<Ratio>[], on: string, more: Partial<BoundaryView<Ratio>> = {}) =>
  inBoundaries(Organisation.fold([city, ...events]), leaves, { on, sum: RATIO, kinds: ['ward', 'commune'], ...more });
/** `key: numerator` of rows that hold figures, without those that are empty. */
const shown = (rows: readonly BoundaryRow<Ratio>[]) =>
  Object.fromEntries(rows.filter(({ units }) => units.length > 0).map(({ key, value }) => [key, value.numerator]));
const total = (values: readonly { value: Ratio }[]) => values.reduce((sum, { value }) => RATIO.add(sum, value), RATIO.zero);
const row = (rows: readonly BoundaryRow<Ratio>[], key: string) => rows.find((each) => each.key === key);

describe('new boundaries', () => {
  it('give what a merged unit counted to its successor, along a chain', () => {
    const events = [
      open('a'),
      open('b'),
      open('c', '2021-03-01'),
      open('d', '2021-05-01'),
      merged('a', 'c', '2021-03-01'),
      merged('c', 'd', '2021-05-01'),
    ];
    const rows = lay(events, [leaf('a', 1), leaf('b', 10), leaf('c', 100), leaf('d', 1000)], '2021-06-01');
    expect(shown(rows)).toEqual({ 'unit:b': 10, 'unit:d': 1101 });
    expect(row(rows, 'unit:d')).toMatchObject({ units: ['a', 'c', 'd'], related: [], estimated: false, name: { vi: 'D', en: 'D' } });
  });

  it('do not divide a split unit, nor what became part of it before', () => {
    const events = [open('a'), open('b'), open('c'), open('d'), merged('a', 'b', '2021-03-01'), split('b', ['d', 'c'], '2021-05-01')];
    const rows = lay(events, [leaf('a', 1), leaf('b', 10), leaf('c', 100)], '2021-06-01');
    expect(shown(rows)).toEqual({ 'unit:c': 100, 'undivided:b': 11 });
    expect(row(rows, 'undivided:b')).toMatchObject({
      units: ['a', 'b'],
      related: ['c', 'd'],
      name: { vi: 'Chia tách: B → C, D', en: 'Split: B → C, D' },
    });
    expect(row(rows, 'unit:d')).toMatchObject({ units: [], value: RATIO.zero });
  });

  it('give a split unit whole to where its parts came together again', () => {
    const events = [open('a'), open('b'), open('c'), split('a', ['b', 'c'], '2021-03-01'), merged('c', 'b', '2021-05-01')];
    expect(shown(lay(events, [leaf('a', 7)], '2021-06-01'))).toEqual({ 'unit:b': 7 });
    expect(shown(lay(events, [leaf('a', 7)], '2021-04-01'))).toEqual({ 'undivided:a': 7 });
  });

  it('divide a split unit by declared shares, in whole numbers, and say so', () => {
    const events = [open('a'), open('b'), open('c'), open('d'), split('a', ['b', 'c'], '2021-03-01'), split('c', ['b', 'd'], '2021-05-01')];
    const shares = new Map<string, Record<string, number>>([['a', { b: 3, c: 1 }]]);
    const rows = lay(events, [leaf('a', 3, 10), leaf('d', 1)], '2021-04-01', { shares });
    expect(rows.filter(({ units }) => units.length > 0).map(({ key, value, estimated }) => ({ key, ...value, estimated }))).toEqual([
      { key: 'unit:b', numerator: 2, denominator: 7, estimated: true },
      { key: 'unit:c', numerator: 1, denominator: 3, estimated: true },
      { key: 'unit:d', numerator: 1, denominator: 1, estimated: false },
    ]);
    // The second split has no shares: that part alone stays undivided.
    expect(shown(lay(events, [leaf('a', 4)], '2021-06-01', { shares }))).toEqual({ 'unit:b': 3, 'undivided:c': 1 });
  });

  it.each<[string, Record<string, number>]>([
    ['one part has none', { b: 1 }],
    ['one is negative', { b: 2, c: -1 }],
    ['all are zero', { b: 0, c: 0 }],
    ['one is no number', { b: 1, c: NaN }],
  ])('do not use shares of which %s', (_, declared) => {
    const events = [open('a'), open('b'), open('c'), split('a', ['b', 'c'], '2021-03-01')];
    expect(shown(lay(events, [leaf('a', 4)], '2021-06-01', { shares: new Map([['a', declared]]) }))).toEqual({ 'undivided:a': 4 });
  });

  it('do not take a part that comes back to where it came from for a whole', () => {
    const events = [open('a'), open('b'), open('c'), split('a', ['b', 'c'], '2021-03-01'), merged('c', 'a', '2021-04-01')];
    const rows = lay(events, [leaf('a', 1), leaf('c', 10)], '2021-06-01');
    expect(shown(rows)).toEqual({ 'undivided:a': 11 });
    expect(row(rows, 'undivided:a')?.name.en).toBe('Split: A → B, …');
  });

  it('show what was closed, leads to a stranger, opens later or goes round in a ring', () => {
    const events = [
      open('a'),
      closed('a', '2021-03-01'),
      open('b'),
      merged('b', 'stranger', '2021-03-01'),
      open('c'),
      open('later', '2021-09-01'),
      merged('c', 'later', '2021-03-01'),
      open('d'),
      open('e'),
      merged('d', 'e', '2021-03-01'),
      merged('e', 'd', '2021-03-01'),
      open('f'),
      open('g'),
      split('f', ['g', 'stranger'], '2021-03-01'),
    ];
    const rows = lay(
      events,
      ['a', 'b', 'c', 'd', 'e', 'f', 'nobody'].map((id) => leaf(id, 1)),
      '2021-06-01',
    );
    expect(shown(rows)).toEqual({
      'undivided:f': 1,
      'no-successor:a': 1,
      'no-successor:b': 1,
      'no-successor:c': 1,
      'no-successor:d': 1,
      'no-successor:e': 1,
      'unknown:nobody': 1,
    });
    expect(row(rows, 'undivided:f')).toMatchObject({ related: ['g'], name: { vi: 'Chia tách: F → G, …', en: 'Split: F → G, …' } });
    expect(row(rows, 'no-successor:a')?.name).toEqual({
      vi: 'A (hết hiệu lực, không có đơn vị kế thừa)',
      en: 'A (ended, no successor in force)',
    });
    expect(row(rows, 'unknown:nobody')?.name.en).toBe('nobody (unit not known)');
  });
});

describe('old boundaries', () => {
  it('show a unit that several became as one group, and what came from outside apart', () => {
    const events = [
      open('a'),
      open('b'),
      open('c', '2021-07-01'),
      open('d', '2021-07-01'),
      merged('a', 'c', '2021-07-01'),
      merged('b', 'c', '2021-07-01'),
    ];
    const rows = lay(events, [leaf('a', 1), leaf('c', 100), leaf('d', 1000)], '2021-06-30');
    expect(shown(rows)).toEqual({ 'unit:a': 1, 'joined:c': 100, 'not-yet:d': 1000 });
    expect(row(rows, 'joined:c')).toMatchObject({ related: ['a', 'b'], name: { vi: 'C (= A + B)', en: 'C (= A + B)' } });
    expect(row(rows, 'not-yet:d')?.name).toEqual({ vi: 'D (chưa có hiệu lực)', en: 'D (not yet in force)' });
  });

  it('give a unit what its only successor or its parts counted', () => {
    const events = [
      open('a'),
      open('b', '2021-05-01'),
      merged('a', 'b', '2021-05-01'),
      open('c', '2021-07-01'),
      open('d', '2021-07-01'),
      split('b', ['c', 'd'], '2021-07-01'),
    ];
    expect(shown(lay(events, [leaf('a', 1), leaf('b', 10), leaf('c', 100), leaf('d', 1000)], '2021-03-01'))).toEqual({ 'unit:a': 1111 });
  });

  it('join what came from inside with what came from outside', () => {
    const events = [
      open('a'),
      open('x', '2021-05-01'),
      open('c', '2021-07-01'),
      merged('a', 'c', '2021-07-01'),
      merged('x', 'c', '2021-07-01'),
    ];
    const rows = lay(events, [leaf('c', 5), leaf('x', 1)], '2021-03-01');
    expect(shown(rows)).toEqual({ 'joined:c': 5, 'not-yet:x': 1 });
    expect(row(rows, 'joined:c')?.related).toEqual(['a', 'x']);
  });

  it('say which units a unit took in later, since its own figures hold theirs too', () => {
    const events = [open('a'), open('b'), open('c'), open('d'), merged('a', 'b', '2021-07-01'), split('c', ['b', 'd'], '2021-07-01')];
    const rows = lay(events, [], '2021-06-30');
    expect(rows.map(({ unit, absorbs }) => [unit, absorbs])).toEqual([
      ['a', []],
      [
        'b',
        [
          { unit: 'a', from: '2021-07-01', whole: true },
          { unit: 'c', from: '2021-07-01', whole: false },
        ],
      ],
      ['c', []],
      ['d', [{ unit: 'c', from: '2021-07-01', whole: false }]],
    ]);
    expect(lay(events, [], '2021-07-01').every(({ absorbs }) => absorbs.length === 0)).toBe(true);
  });
});

describe('a day of boundaries', () => {
  it('is the first or the last of the period', () => {
    expect([boundaryDayOf('2021', 'old'), boundaryDayOf('2021', 'new'), boundaryDayOf('2021-Q2', 'new')]).toEqual([
      '2021-01-01',
      '2021-12-31',
      '2021-06-30',
    ]);
    expect(boundaryDayOf('all', 'old')).toBeUndefined();
  });
});

describe('Huế in 2021', () => {
  const hue = Organisation.fold(
    hueOrganisation().map((told) => ({ datacontenttype: 'application/json', received: told.time, ...told }) as UnitEvent),
  );
  const communes = hue.units().filter(({ kind }) => kind === 'ward' || kind === 'commune');
  /** A figure of its own for each commune, so that they can be told apart. */
  const leaves = communes.map(({ id }, i) => leaf(id, i + 1, 100 + i));
  const of = (...ids: string[]) => total(leaves.filter(({ unit }) => ids.includes(unit)));
  const view = { sum: RATIO, kinds: ['ward', 'commune'] as const, city: 'hue' };
  const kinds = (rows: readonly BoundaryRow<Ratio>[]) => {
    const counts: Record<string, number> = {};
    for (const { kind } of rows) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  };

  it('has 36 rows in its new boundaries, and Phú Thuận, which nobody can divide', () => {
    const rows = inBoundaries(hue, leaves, { ...view, on: boundaryDayOf('2021', 'new')! });
    expect(kinds(rows)).toEqual({ unit: 36, undivided: 1 });
    expect(row(rows, 'undivided:hue-19744-phu-thuan')).toMatchObject({
      name: {
        vi: 'Chia tách: Phường Phú Thuận → Phường Tây Lộc, Phường Thuận Hòa',
        en: 'Split: Phu Thuan Ward → Tay Loc Ward, Thuan Hoa Ward',
      },
      value: of('hue-19744-phu-thuan'),
    });
    expect(row(rows, 'unit:hue-19756-gia-hoi')?.value).toEqual(of('hue-19756-gia-hoi', 'hue-19756-phu-hiep', 'hue-19771-phu-cat'));
    expect(row(rows, 'unit:hue-19768-dong-ba')?.units).toEqual(['hue-19765-thuan-thanh', 'hue-19768-dong-ba', 'hue-19768-phu-hoa']);
    expect(row(rows, 'unit:hue-19753-thuan-loc')?.value).toEqual(of('hue-19753-thuan-loc', 'hue-19747-phu-binh'));
    expect(row(rows, 'unit:hue-19750-tay-loc')?.value).toEqual(of('hue-19750-tay-loc'));
    expect(total(rows)).toEqual(total(leaves));
  });

  it('has 27 rows in its old boundaries, two that were joined, and thirteen from outside', () => {
    const rows = inBoundaries(hue, leaves, { ...view, on: boundaryDayOf('2021', 'old')! });
    expect(kinds(rows)).toEqual({ unit: 27, joined: 2, 'not-yet': 13 });
    expect(rows.filter(({ kind }) => kind === 'joined').map(({ name }) => name)).toEqual([
      { vi: 'Phường Gia Hội (= Phường Phú Hiệp + Phường Phú Cát)', en: 'Gia Hoi Ward (= Phu Hiep Ward + Phu Cat Ward)' },
      { vi: 'Phường Đông Ba (= Phường Thuận Thành + Phường Phú Hòa)', en: 'Dong Ba Ward (= Thuan Thanh Ward + Phu Hoa Ward)' },
    ]);
    expect(row(rows, 'unit:hue-19753-thuan-loc')).toMatchObject({
      value: of('hue-19753-thuan-loc'),
      absorbs: [{ unit: 'hue-19747-phu-binh', from: '2021-07-01', whole: true }],
    });
    expect(total(rows)).toEqual(total(leaves));
  });

  it('divides Phú Thuận by the people of its parts where that is asked for', () => {
    const changes = JSON.parse(
      readFileSync(new URL('../../../../shared/data/organisation/hue-city-commune-changes-2021-07-01.json', import.meta.url), 'utf8'),
    ) as { operations: { op: string; to: { unit: string; people: number }[] }[] };
    const parts = changes.operations.find(({ op }) => op === 'split')!.to;
    const idOf = (text: string) => hue.units().find(({ code, validTo }) => code === text.slice(0, 5) && validTo === undefined)!.id;
    const shares = new Map([['hue-19744-phu-thuan', Object.fromEntries(parts.map(({ unit, people }) => [idOf(unit), people]))]]);
    const rows = inBoundaries(hue, [leaf('hue-19744-phu-thuan', 900, 1000)], { ...view, on: '2021-07-01', shares });
    // 7,548 and 4,926 people: 60.51 % and 39.49 %.
    expect(shown(rows)).toEqual({ 'unit:hue-19750-tay-loc': 545, 'unit:hue-19762-thuan-hoa': 355 });
    expect(kinds(rows)).toEqual({ unit: 36 });
    expect(total(rows)).toEqual({ numerator: 900, denominator: 1000 });
    expect(rows.filter(({ estimated }) => estimated)).toHaveLength(2);
  });
});

describe('any organisation', () => {
  const id = fc.constantFrom('u1', 'u2', 'u3', 'u4', 'u5', 'u6');
  const day = fc.constantFrom('2021-01-01', '2021-03-01', '2021-05-01', '2021-07-01', '2021-09-01');
  const opened = fc.tuple(id, day).map(([subject, from]) => open(subject, from));
  const ended = fc.oneof(
    fc.tuple(id, id, day).map(([subject, into, from]) => merged(subject, into, from)),
    fc
      .tuple(id, fc.uniqueArray(fc.oneof(id, fc.constant('stranger')), { minLength: 2, maxLength: 4 }), day)
      .map(([subject, into, from]) => split(subject, into, from)),
    fc.tuple(id, day).map(([subject, from]) => closed(subject, from)),
  );
  const organisation = fc
    .tuple(fc.array(opened, { minLength: 1, maxLength: 8 }), fc.array(ended, { maxLength: 6 }))
    .map(([first, second]) => Organisation.fold([city, ...first, ...second]));
  const leaves = fc.array(
    fc.tuple(fc.oneof(id, fc.constantFrom('hue', 'stranger')), fc.nat(50), fc.nat(50)).map(([unit, a, b]) => leaf(unit, a, a + b)),
    { maxLength: 8 },
  );
  const weights = fc.dictionary(fc.oneof(id, fc.constant('stranger')), fc.double({ min: -1, max: 9, noNaN: true }), { maxKeys: 6 });
  const shares = fc.option(
    fc.dictionary(id, weights).map((all) => new Map(Object.entries(all))),
    { nil: undefined },
  );
  const on = fc.constantFrom('2020-12-31', '2021-01-01', '2021-02-28', '2021-05-01', '2021-08-01', '2021-12-31');

  it('keeps its total in the boundaries of any day, divided or not', () => {
    fc.assert(
      fc.property(organisation, leaves, on, shares, (units, figures, asked, declared) => {
        const rows = inBoundaries(units, figures, { on: asked, sum: RATIO, ...(declared && { shares: declared }) });
        expect(total(rows)).toEqual(total(figures));
        for (const { value } of rows) {
          expect(Number.isInteger(value.numerator) && Number.isInteger(value.denominator)).toBe(true);
          expect(value.numerator >= 0 && value.numerator <= value.denominator).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('has one row for each unit in force, none twice, each figure in one row, in any order of the figures', () => {
    fc.assert(
      fc.property(
        organisation,
        leaves.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        on,
        (units, [figures, mixed], asked) => {
          const rows = inBoundaries(units, figures, { on: asked, sum: RATIO });
          expect(rows.filter(({ kind }) => kind === 'unit').map(({ unit }) => unit)).toEqual(units.inForce(asked).map((unit) => unit.id));
          expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
          expect(rows.flatMap((each) => each.units).sort()).toEqual([...new Set(figures.map(({ unit }) => unit))].sort());
          expect(rows.every(({ estimated }) => !estimated)).toBe(true);
          for (const each of rows) {
            if (each.kind !== 'unit') expect(units.inForce(asked).map((unit) => unit.id)).not.toContain(each.unit);
            if (each.kind === 'undivided')
              expect(units.inForce(asked).map((unit) => unit.id)).toEqual(expect.arrayContaining(each.related));
            if (each.kind === 'joined') expect(each.related.length).toBeGreaterThan(1);
          }
          expect(inBoundaries(units, mixed, { on: asked, sum: RATIO })).toEqual(rows);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gives a unit in force at least its own', () => {
    fc.assert(
      fc.property(organisation, leaves, on, (units, figures, asked) => {
        const rows = inBoundaries(units, figures, { on: asked, sum: RATIO });
        for (const unit of units.inForce(asked)) {
          const own = total(figures.filter((figure) => figure.unit === unit.id));
          expect(row(rows, `unit:${unit.id}`)?.value.denominator).toBeGreaterThanOrEqual(own.denominator);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a ratio', () => {
  it('is divided into whole numbers that add up, each at most one away from its share', () => {
    const weights = fc.array(fc.nat(1000), { minLength: 1, maxLength: 6 }).filter((list) => list.some((weight) => weight > 0));
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), weights, (numerator, rest, list) => {
        const whole = { numerator, denominator: numerator + rest };
        const parts = RATIO.divide(whole, list);
        expect(parts.reduce((sum, part) => RATIO.add(sum, part), RATIO.zero)).toEqual(whole);
        const sum = list.reduce((a, b) => a + b, 0);
        for (const [i, part] of parts.entries()) {
          expect(Math.abs(part.numerator - (numerator * list[i]!) / sum)).toBeLessThanOrEqual(1);
          expect(part.numerator >= 0 && part.numerator <= part.denominator).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
