import { describe, expect, it } from '@jest/globals';
import { type EventData } from '@par/contracts';
import fc from 'fast-check';
import { isInForce, Organisation, type Unit } from './organisation.ts';
import { localDate } from './period.ts';
import { type UnitEvent } from './unit-history.ts';

type Kind = 'opened' | 'renamed' | 'merged' | 'split' | 'closed';
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
const city = (id: string, more: Partial<Data<'opened'>> = {}) =>
  event('opened', id, { name: id, kind: 'city', validFrom: '2021-01-01', agency: false, timeZone: 'Asia/Ho_Chi_Minh', ...more });
const ward = (id: string, more: Partial<Data<'opened'>> = {}, identity?: string) =>
  event('opened', id, { name: id, kind: 'ward', parent: 'hue', validFrom: '2021-01-01', agency: true, ...more }, identity);

const at = (text: string) => new Date(text);
const idOf = (unit: Unit | string) => (typeof unit === 'string' ? unit : unit.id);
const ids = (units: readonly Unit[]) => units.map((unit) => unit.id);

describe('a code that is used again', () => {
  const organisation = Organisation.fold([
    city('hue', { code: '474' }),
    ward('phu-hiep', { code: '19756' }),
    ward('phu-cat', { code: '19771' }),
    ward('gia-hoi', { code: '19756', validFrom: '2021-07-01' }),
    event('merged', 'phu-hiep', { into: 'gia-hoi', from: '2021-07-01' }),
    event('merged', 'phu-cat', { into: 'gia-hoi', from: '2021-07-01' }),
  ]);

  it.each([
    ['19756', '2021-06-30T16:59:59Z', 'phu-hiep'],
    ['19756', '2021-06-30T17:00:00Z', 'gia-hoi'],
    ['19771', '2021-06-30T16:59:59Z', 'phu-cat'],
    ['19771', '2021-06-30T17:00:00Z', 'not-in-force'],
    ['19756', '2020-12-31T16:59:59Z', 'not-in-force'],
    ['phu-hiep', '2021-06-30T16:59:59Z', 'phu-hiep'],
    ['phu-hiep', '2021-06-30T17:00:00Z', 'not-in-force'],
    ['gia-hoi', '2021-06-30T16:59:59Z', 'not-in-force'],
    ['474', '2021-03-01T00:00:00Z', 'hue'],
    ['19757', '2021-03-01T00:00:00Z', 'unknown'],
    ['toString', '2021-03-01T00:00:00Z', 'unknown'],
  ])('%s at %s is %s', (text, time, expected) => expect(idOf(organisation.resolve(text, at(time)))).toBe(expected));

  it('has successors and no finding', () => {
    expect(organisation.unit('phu-cat')).toMatchObject({ validTo: '2021-07-01', successors: ['gia-hoi'], city: 'hue' });
    expect(organisation.findings).toEqual([]);
  });

  it('goes to the newer unit while the end of the old one has not been told, and says so', () => {
    const half = Organisation.fold([city('hue'), ward('old', { code: '1' }), ward('new', { code: '1', validFrom: '2021-07-01' })]);
    expect(idOf(half.resolve('1', at('2021-06-01T00:00:00Z')))).toBe('old');
    expect(idOf(half.resolve('1', at('2021-08-01T00:00:00Z')))).toBe('new');
    expect(half.findings).toEqual([{ code: 'unit.code-shared', unit: 'new', about: 'old' }]);
  });
});

describe('an agency identifier', () => {
  const organisation = Organisation.fold([
    city('hue', { organ: 'H57' }),
    ward('phu-hiep', { organ: 'H57.132', validFrom: '2021-01-01' }),
    ward('phu-cat', { organ: 'H57.133' }),
    ward('gia-hoi', { organ: 'H57.132', validFrom: '2021-07-01' }),
    event('merged', 'phu-hiep', { into: 'gia-hoi', from: '2021-07-01' }),
    event('merged', 'phu-cat', { into: 'gia-hoi', from: '2021-07-01' }),
  ]);

  it.each([
    ['H57.132', '2021-06-30', 'phu-hiep'],
    ['H57.132', '2021-07-01', 'gia-hoi'],
    // Before anybody had it: the first that got it.
    ['H57.132', '2020-12-31', 'phu-hiep'],
    ['H57.133', '2021-06-30', 'phu-cat'],
    ['H57.133', '2021-07-01', 'not-in-force'],
    ['H57', '2021-03-01', 'hue'],
    ['H57.9', '2021-03-01', 'unknown'],
    ['phu-hiep', '2021-03-01', 'unknown'],
  ])('%s on %s is %s', (organ, on, expected) => expect(idOf(organisation.unitByOrgan(organ, on))).toBe(expected));

  it('is part of what a unit was opened with: another one is another opening', () => {
    const twice = Organisation.fold([city('hue'), ward('a', { organ: 'H57.1' }, 'first'), ward('a', { organ: 'H57.2' }, 'second')]);
    expect(twice.findings).toMatchObject([{ code: 'unit.opened-twice', unit: 'a' }]);
    expect(twice.unit('a')?.organ).toBe('H57.1');
  });
});

describe('the life of a unit', () => {
  it('ends by closure without a successor, by a split with several', () => {
    const organisation = Organisation.fold([
      city('hue'),
      ward('a'),
      ward('b'),
      event('closed', 'a', { from: '2021-05-01' }),
      event('split', 'b', { into: ['d', 'c'], from: '2021-06-01' }),
    ]);
    expect(organisation.unit('a')).toMatchObject({ validTo: '2021-05-01', successors: [] });
    expect(organisation.unit('b')).toMatchObject({ validTo: '2021-06-01', successors: ['c', 'd'] });
    expect(ids(organisation.inForce('2021-04-30'))).toEqual(['a', 'b', 'hue']);
    expect(ids(organisation.inForce('2021-05-01'))).toEqual(['b', 'hue']);
    expect(ids(organisation.inForceDuring('2021-05'))).toEqual(['b', 'hue']);
    expect(ids(organisation.inForceDuring('2021-Q2'))).toEqual(['a', 'b', 'hue']);
    expect(ids(organisation.inForceDuring('2020'))).toEqual([]);
    expect(ids(organisation.inForceDuring('all'))).toEqual(['a', 'b', 'hue']);
  });

  it('has the name of the day that is asked for', () => {
    const organisation = Organisation.fold([
      city('hue'),
      ward('a', { name: 'Một', nameEn: 'One' }),
      event('renamed', 'a', { name: 'Ba', from: '2021-09-01' }, 'third'),
      event('renamed', 'a', { name: 'Hai', nameEn: 'Two', from: '2021-05-01' }, 'second'),
    ]);
    expect(['2020-01-01', '2021-04-30', '2021-05-01', '2021-12-01'].map((on) => organisation.nameOf('a', on))).toEqual([
      'Một',
      'Một',
      'Hai',
      'Ba',
    ]);
    expect(organisation.nameOf('a')).toBe('Ba');
    expect([organisation.nameEnOf('a', '2021-06-01'), organisation.nameEnOf('a')]).toEqual(['Two', 'Ba']);
    expect([organisation.nameOf('nobody'), organisation.nameEnOf('nobody')]).toEqual(['nobody', 'nobody']);
  });

  it('keeps time zone and code scheme from its city, at any depth', () => {
    const organisation = Organisation.fold([
      city('ams', { timeZone: 'Europe/Amsterdam', dossierCodes: 'local' }),
      event('opened', 'dep', { name: 'dep', kind: 'department', parent: 'ams', validFrom: '2010-01-01', agency: true }),
      event('opened', 'desk', {
        name: 'desk',
        kind: 'public-service-unit',
        parent: 'dep',
        validFrom: '2010-01-01',
        agency: false,
        timeZone: 'UTC',
      }),
      city('hue'),
    ]);
    expect(organisation.unit('desk')).toMatchObject({ city: 'ams', timeZone: 'Europe/Amsterdam', dossierCodes: 'local' });
    expect(organisation.unit('hue')).toMatchObject({ city: 'hue', timeZone: 'Asia/Ho_Chi_Minh', dossierCodes: 'national' });
    expect(ids(organisation.below('ams'))).toEqual(['dep', 'desk']);
    expect(ids(organisation.roots())).toEqual(['ams', 'hue']);
    // By the city's calendar: 23:30 UTC on 31/12 is already 01/01 in Amsterdam.
    expect(idOf(organisation.resolve('desk', at('2009-12-31T23:30:00Z')))).toBe('desk');
    expect(idOf(organisation.resolve('desk', at('2009-12-31T22:30:00Z')))).toBe('not-in-force');
  });
});

describe('events that do not fit', () => {
  it('hold a unit back until its city is known', () => {
    const events = [
      event('opened', 'desk', { name: 'desk', kind: 'department', parent: 'a', validFrom: '2021-01-01', agency: true }),
      ward('a'),
    ];
    const held = Organisation.fold(events);
    expect([held.unit('a'), held.unit('desk'), held.resolve('a', at('2021-02-01T00:00:00Z'))]).toEqual([undefined, undefined, 'unknown']);
    expect(held.unresolved).toEqual(['a', 'desk']);
    expect(held.findings).toEqual([
      { code: 'unit.parent-unknown', unit: 'a', about: 'hue' },
      { code: 'unit.parent-unknown', unit: 'desk', about: 'hue' },
    ]);
    const whole = Organisation.fold([...events, city('hue')]);
    expect(ids(whole.units())).toEqual(['a', 'desk', 'hue']);
    expect([whole.unresolved, whole.findings]).toEqual([[], []]);
  });

  const table: [string, UnitEvent[], string[], { code: string; unit: string }[]][] = [
    ['a city without a zone', [city('hue', { timeZone: undefined })], [], [{ code: 'unit.time-zone-unknown', unit: 'hue' }]],
    ['a zone that is none', [city('hue', { timeZone: 'Asia/Hue' })], [], [{ code: 'unit.time-zone-unknown', unit: 'hue' }]],
    ['a ward above all', [ward('a', { parent: undefined })], [], [{ code: 'unit.root-is-no-city', unit: 'a' }]],
    ['its own parent', [ward('a', { parent: 'a' })], [], [{ code: 'unit.parent-cycle', unit: 'a' }]],
    [
      'parents in a ring',
      [ward('a', { parent: 'b' }), ward('b', { parent: 'a' }), ward('c', { parent: 'a' })],
      [],
      ['a', 'b', 'c'].map((unit) => ({ code: 'unit.parent-cycle', unit })),
    ],
    [
      'the end of a stranger',
      [city('hue'), event('closed', 'a', { from: '2021-05-01' })],
      ['hue'],
      [{ code: 'unit.not-opened', unit: 'a' }],
    ],
    [
      'an end before the beginning',
      [city('hue'), ward('a'), event('closed', 'a', { from: '2020-05-01' })],
      ['a', 'hue'],
      [{ code: 'unit.ended-before-opening', unit: 'a' }],
    ],
    [
      'a name after the end',
      [city('hue'), ward('a'), event('closed', 'a', { from: '2021-05-01' }), event('renamed', 'a', { name: 'x', from: '2021-05-01' })],
      ['a', 'hue'],
      [{ code: 'unit.renamed-out-of-force', unit: 'a' }],
    ],
  ];
  it.each(table)('%s', (_, events, units, findings) => {
    const organisation = Organisation.fold(events);
    expect(ids(organisation.units())).toEqual(units);
    expect(organisation.findings.map(({ code, unit }) => ({ code, unit }))).toEqual(findings);
  });

  it('let the smallest identity open a unit, and name the other', () => {
    const organisation = Organisation.fold([city('hue'), ward('a', { name: 'second' }, '2'), ward('a', { name: 'first' }, '1')]);
    expect(organisation.nameOf('a')).toBe('first');
    expect(organisation.findings).toEqual([{ code: 'unit.opened-twice', unit: 'a', about: 'urn:test#2' }]);
    // A second opening that says the same is no contradiction.
    expect(Organisation.fold([city('hue'), ward('a', {}, '2'), ward('a', {}, '1')]).findings).toEqual([]);
  });

  it('let the smallest identity name a day', () => {
    const renamed = (name: string) => event('renamed', 'a', { name, from: '2021-05-01' }, name);
    for (const events of [
      [renamed('x'), renamed('y')],
      [renamed('y'), renamed('x')],
    ]) {
      expect(Organisation.fold([city('hue'), ward('a'), ...events]).nameOf('a')).toBe('x');
    }
  });

  it('let the first end hold', () => {
    const organisation = Organisation.fold([
      city('hue'),
      ward('a'),
      event('closed', 'a', { from: '2021-06-01' }),
      event('merged', 'a', { into: 'b', from: '2021-05-01' }),
    ]);
    expect(organisation.unit('a')).toMatchObject({ validTo: '2021-05-01', successors: ['b'] });
    expect(organisation.findings).toEqual([{ code: 'unit.ended-twice', unit: 'a', about: 'urn:test#closed-a' }]);
  });
});

describe('any set of unit events', () => {
  const id = fc.constantFrom('c1', 'c2', 'u1', 'u2', 'u3', 'u4');
  const day = fc.constantFrom('2021-01-01', '2021-03-01', '2021-05-01', '2021-07-01', '2021-09-01');
  const identity = fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8', '9');
  const opened = fc.record({
    name: fc.constantFrom('Một', 'Hai'),
    kind: fc.constantFrom<Data<'opened'>['kind']>('city', 'ward'),
    parent: fc.option(id, { nil: undefined }),
    code: fc.constantFrom('1', '2', undefined),
    validFrom: day,
    agency: fc.boolean(),
    timeZone: fc.constantFrom('Asia/Ho_Chi_Minh', 'Europe/Amsterdam', 'Asia/Hue', undefined),
  });
  const anyEvent: fc.Arbitrary<UnitEvent> = fc.oneof(
    fc.tuple(id, opened, identity).map(([subject, data, i]) => event('opened', subject, data, i)),
    fc.constantFrom('c1', 'c2').map((subject) => city(subject)),
    fc
      .tuple(fc.constantFrom('u1', 'u2', 'u3', 'u4'), day, fc.constantFrom('1', '2'))
      .map(([subject, validFrom, code]) => ward(subject, { parent: 'c1', validFrom, code }, `o${validFrom}${subject}`)),
    fc.tuple(id, day, identity).map(([subject, from, i]) => event('renamed', subject, { name: `${from}${i}`, from }, i)),
    fc.tuple(id, id, day, identity).map(([subject, into, from, i]) => event('merged', subject, { into, from }, i)),
    fc.tuple(id, day, identity).map(([subject, from, i]) => event('split', subject, { into: ['u3', 'u4'], from }, i)),
    fc.tuple(id, day, identity).map(([subject, from, i]) => event('closed', subject, { from }, i)),
  );
  const events = fc.array(anyEvent, { maxLength: 14 });
  /** As the front door leaves them: one event per identity. */
  const distinct = events.map((list) => [...new Map(list.map((e) => [e.id, e])).values()]);
  const seen = (organisation: Organisation) => JSON.stringify([organisation.units(), organisation.unresolved, organisation.findings]);

  it('gives the same organisation in any order, with any duplicates', () => {
    const shuffled = events.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(seen(Organisation.fold(structuredClone(other)))).toBe(seen(Organisation.fold(list)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('either places a unit under a city with a zone or holds it back', () => {
    fc.assert(
      fc.property(distinct, (list) => {
        const organisation = Organisation.fold(list);
        const openedIds = new Set(list.filter((e) => e.type === 'vn.par.unit.opened.v1').map((e) => e.subject));
        expect([...ids(organisation.units()), ...organisation.unresolved].sort()).toEqual([...openedIds].sort());
        for (const unit of organisation.units()) {
          expect(organisation.unit(unit.city)).toMatchObject({ kind: 'city', timeZone: unit.timeZone });
          expect(unit.id === unit.city || ids(organisation.below(unit.city)).includes(unit.id)).toBe(true);
          expect(() => localDate(new Date(0), unit.timeZone)).not.toThrow();
        }
      }),
    );
  });

  it('resolves to a unit that has the id or code and is in force, whenever there is one', () => {
    const instant = fc.date({ noInvalidDate: true, min: new Date('2020-12-30'), max: new Date('2021-10-01') });
    fc.assert(
      fc.property(events, fc.constantFrom('1', '2', 'c1', 'u1', 'u2'), instant, (list, text, when) => {
        const organisation = Organisation.fold(list);
        const holders = organisation.units().filter((unit) => unit.id === text || unit.code === text);
        const inForce = holders.filter((unit) => isInForce(unit, localDate(when, unit.timeZone)));
        const found = organisation.resolve(text, when);
        if (inForce.length > 0) expect(ids(inForce)).toContain(idOf(found));
        else expect(found).toBe(holders.length > 0 ? 'not-in-force' : 'unknown');
      }),
      { numRuns: 500 },
    );
  });

  it('counts a unit in a period exactly when it is in force on one of its days', () => {
    fc.assert(
      fc.property(events, fc.constantFrom('2021-02', '2021-03', '2021-06', '2021-Q1', '2021-Q3'), (list, period) => {
        const organisation = Organisation.fold(list);
        const days = Array.from({ length: 365 }, (_, i) => new Date(Date.UTC(2021, 0, 1 + i)).toISOString().slice(0, 10));
        const quarterOf = (d: string) => `2021-Q${Math.ceil(Number(d.slice(5, 7)) / 3)}`;
        const inPeriod = days.filter((d) => d.startsWith(period) || quarterOf(d) === period);
        const expected = new Set(inPeriod.flatMap((d) => ids(organisation.inForce(d))));
        expect(ids(organisation.inForceDuring(period))).toEqual([...expected].sort());
      }),
      { numRuns: 50 },
    );
  });
});
