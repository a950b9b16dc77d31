import { describe, expect, it } from '@jest/globals';
import { type EventData, type OnlineLevel, type Term } from '@par/contracts';
import fc from 'fast-check';
import { foldProcedure, type Procedure, type ProcedureEvent, type ProcedureEventType, readProcedure, workingHoursOf } from './procedure.ts';
import { equivalentLevel, ProcedureCatalogue } from './procedure-catalogue.ts';

type Name = ProcedureEventType extends `vn.par.procedure.${infer N}.v1` ? N : never;
type Data<N extends Name> = EventData[`vn.par.procedure.${N}.v1`];

const at = (day: string) => `2021-${day}T00:00:00.000Z`;
const days = (amount: number): Term => ({ amount, unit: 'working-day' });
const hours = (amount: number): Term => ({ amount, unit: 'working-hour' });
const level = (number: number, scheme: OnlineLevel['scheme'] = '1-4'): OnlineLevel => ({ scheme, level: number });

let serial = 0;
function event<N extends Name>(name: N, day: string, data: Data<N>, id = `${name}-${(serial += 1)}`, unit = 'one'): ProcedureEvent {
  return { source: 'urn:test', id, type: `vn.par.procedure.${name}.v1`, time: at(day), unit, data } as ProcedureEvent;
}
const published = (day: string, data: Data<'published'>, id?: string, unit?: string) => event('published', day, data, id, unit);
const corrected = (day: string, id: string, own?: string) =>
  event('corrected', day, { source: 'urn:test', id, reason: 'entered-by-mistake' }, own);

const identity = { city: 'hue', code: '1.005129' };
const fold = (events: ProcedureEvent[]): Procedure => {
  const procedure = foldProcedure(events, identity);
  if (!procedure) throw new Error('not published');
  return procedure;
};
const codes = (procedure: Pick<Procedure, 'findings'>) => procedure.findings.map(({ code, event: told }) => [code, told?.id]);
const catalogue = (events: ProcedureEvent[]) => ProcedureCatalogue.of([fold(events)]);
const levels = (events: ProcedureEvent[], ...asked: string[]) => asked.map((day) => catalogue(events).levelAt('hue', '1.005129', at(day)));
const terms = (events: ProcedureEvent[], ...asked: string[]) => asked.map((day) => catalogue(events).termAt('hue', '1.005129', at(day)));

describe('the life of a procedure', () => {
  const events = [
    published('01-05', { level: level(2), term: days(15), fee: true }, 'a'),
    event('level-changed', '03-01', { level: level(3) }),
    event('term-cut', '04-01', { term: days(10) }),
    event('term-cut', '05-01', { term: hours(40) }),
    event('cost-assessed', '04-02', { before: 900_000, after: 400_000 }),
    event('iso-issued', '02-01', {}),
    event('iso-withdrawn', '06-01', {}),
    event('abolished', '09-01', {}),
  ];

  it('is read whole', () => {
    expect(fold(events)).toEqual({
      city: 'hue',
      code: '1.005129',
      unit: 'one',
      publishedAt: at('01-05'),
      abolishedAt: at('09-01'),
      spans: [{ unit: 'one', from: at('01-05'), to: at('09-01') }],
      levels: [
        { from: at('01-05'), level: level(2) },
        { from: at('03-01'), level: level(3) },
      ],
      terms: [
        { from: at('01-05'), term: days(15) },
        { from: at('04-01'), term: days(10) },
        { from: at('05-01'), term: hours(40) },
      ],
      cuts: [
        { at: at('04-01'), from: days(15), to: days(10) },
        { at: at('05-01'), from: days(10), to: hours(40) },
      ],
      iso: [{ from: at('02-01'), to: at('06-01') }],
      fee: true,
      costs: [{ at: at('04-02'), before: 900_000, after: 400_000 }],
      findings: [],
    });
  });

  it('has level and term as of the instant, and neither while out of force', () => {
    expect(levels(events, '01-04', '01-05', '02-28', '03-01', '08-31', '09-01')).toEqual([undefined, 2, 2, 3, 3, undefined]);
    expect(terms(events, '01-04', '01-05', '03-31', '04-01', '05-01', '09-01')).toEqual([
      undefined,
      days(15),
      days(15),
      days(10),
      hours(40),
      undefined,
    ]);
    expect(catalogue(events).levelAt('hue', '1.005129', '2021-02-28T23:59:59.999Z')).toBe(2);
    expect([catalogue(events).levelAt('hue', '1.5129', at('03-01')), catalogue(events).termAt('other', '1.005129', at('03-01'))]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('opens again when published again after it was abolished, with what is then told', () => {
    const again = [...events, published('11-01', { level: level(4) }, 'b', 'two')];
    const procedure = fold(again);
    expect(procedure).toMatchObject({ unit: 'two', publishedAt: at('01-05'), findings: [] });
    expect(procedure.abolishedAt).toBeUndefined();
    expect(procedure.fee).toBeUndefined();
    expect(levels(again, '08-31', '10-01', '11-01')).toEqual([3, undefined, 4]);
    expect(terms(again, '08-31', '11-01')).toEqual([hours(40), undefined]);
    const offered = (day: string) =>
      ProcedureCatalogue.of([procedure])
        .inForce('hue', at(day))
        .map(({ unit }) => unit);
    expect([offered('08-31'), offered('10-01'), offered('11-01')]).toEqual([['one'], [], ['two']]);
  });

  it('takes level and term anew from a second publication while in force', () => {
    const again = [published('01-05', { level: level(2), term: days(15) }), published('06-01', { level: level(4), term: days(20) })];
    expect(fold(again)).toMatchObject({ spans: [{ unit: 'one', from: at('01-05') }], cuts: [], findings: [] });
    expect([...levels(again, '05-31', '06-01'), ...terms(again, '05-31', '06-01')]).toEqual([2, 4, days(15), days(20)]);
  });

  it('counts a change told for the instant of its publication, whatever the identities are', () => {
    for (const [first, second] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const events = [
        published('01-05', { level: level(2), term: days(15) }, first),
        event('level-changed', '01-05', { level: level(4) }, `${second}1`),
        event('term-cut', '01-05', { term: days(3) }, `${second}2`),
        event('iso-issued', '01-05', {}, `${second}3`),
      ];
      expect(fold(events)).toMatchObject({ cuts: [{ from: days(15), to: days(3) }], iso: [{ from: at('01-05') }], findings: [] });
      expect([...levels(events, '01-05'), ...terms(events, '01-05')]).toEqual([4, days(3)]);
    }
  });
});

describe('corrections', () => {
  const events = [published('01-05', { level: level(2) }, 'p'), event('level-changed', '03-01', { level: level(3) }, 'l')];

  it('take back by identity, wherever they stand', () => {
    for (const day of ['01-01', '03-01', '08-01']) {
      expect(levels([...events, corrected(day, 'l', 'c')], '04-01')).toEqual([2]);
      expect(foldProcedure([...events, corrected(day, 'p', 'c')], identity)).toBeUndefined();
    }
  });

  it('do not hold when they are taken back themselves', () => {
    expect(levels([...events, corrected('03-02', 'l', 'c'), corrected('03-03', 'c', 'd')], '04-01')).toEqual([3]);
    expect(levels([...events, corrected('03-02', 'l', 'c'), corrected('03-03', 'c', 'd'), corrected('03-04', 'd')], '04-01')).toEqual([2]);
  });

  it('let an abolition go', () => {
    const ended = [...events, event('abolished', '06-01', {}, 'x')];
    expect(levels(ended, '07-01')).toEqual([undefined]);
    expect(levels([...ended, corrected('06-02', 'x')], '07-01')).toEqual([3]);
  });

  it('are named while what they take back is not there', () => {
    expect(codes(fold([...events, corrected('03-02', 'stranger', 'c')]))).toEqual([['procedure.correction-without-target', 'c']]);
  });
});

describe('contradictions', () => {
  const base = published('01-05', { level: level(2), term: days(15) }, 'p');
  const table: [string, ProcedureEvent[], [string, string | undefined][], (string | undefined)[]][] = [
    [
      'published twice at one instant with different content: the smaller identity holds',
      [base, published('01-05', { level: level(4), term: days(15) }, 'q')],
      [['procedure.published-twice', 'q']],
      ['2', '15'],
    ],
    [
      'published by another authority while in force: the first goes on',
      [base, published('02-01', { level: level(4), term: days(1) }, 'q', 'two')],
      [['procedure.published-by-another-unit', 'q']],
      ['2', '15'],
    ],
    [
      'published and abolished at one instant: in order of identity',
      [base, published('02-01', { level: level(4) }, 'a'), event('abolished', '02-01', {}, 'b')],
      [['procedure.published-and-abolished-at-once', 'b']],
      [undefined, undefined],
    ],
    [
      'abolished and published at one instant: in order of identity',
      [base, event('abolished', '02-01', {}, 'a'), published('02-01', { level: level(4), term: days(1) }, 'b')],
      [['procedure.published-and-abolished-at-once', 'b']],
      ['4', '1'],
    ],
    [
      'changed before published',
      [base, event('level-changed', '01-04', { level: level(4) }, 'l'), event('term-cut', '01-04', { term: days(1) }, 't')],
      [
        ['procedure.changed-before-published', 'l'],
        ['procedure.changed-before-published', 't'],
      ],
      ['2', '15'],
    ],
    [
      'changed after abolished',
      [base, event('abolished', '02-01', {}, 'x'), event('level-changed', '02-01', { level: level(4) }, 'l')],
      [['procedure.changed-after-abolished', 'l']],
      [undefined, undefined],
    ],
    [
      'abolished twice',
      [base, event('abolished', '02-01', {}, 'x'), event('abolished', '02-02', {}, 'y')],
      [['procedure.abolished-out-of-force', 'y']],
      [undefined, undefined],
    ],
    [
      'two levels for one instant: the smaller identity holds',
      [base, event('level-changed', '02-01', { level: level(4) }, 'b'), event('level-changed', '02-01', { level: level(3) }, 'a')],
      [['procedure.level-told-twice', 'b']],
      ['3', '15'],
    ],
    [
      'two terms for one instant: the smaller identity holds',
      [base, event('term-cut', '02-01', { term: days(4) }, 'b'), event('term-cut', '02-01', { term: days(3) }, 'a')],
      [['procedure.term-told-twice', 'b']],
      ['2', '3'],
    ],
    [
      'a term that is not shorter: it holds, and is no cut',
      [base, event('term-cut', '02-01', { term: days(20) }, 't')],
      [['procedure.term-not-shorter', 't']],
      ['2', '20'],
    ],
    [
      'the same term in hours',
      [base, event('term-cut', '02-01', { term: hours(120) }, 't')],
      [['procedure.term-not-shorter', 't']],
      ['2', '120'],
    ],
    [
      'an ISO process withdrawn that was not issued',
      [base, event('iso-withdrawn', '02-01', {}, 'w')],
      [['procedure.iso-withdrawn-without-issue', 'w']],
      ['2', '15'],
    ],
  ];
  it.each(table)('%s', (_, events, findings, [toldLevel, amount]) => {
    expect(codes(fold(events))).toEqual(findings);
    expect(levels(events, '03-01')).toEqual([toldLevel === undefined ? undefined : Number(toldLevel)]);
    expect(terms(events, '03-01').map((term) => term?.amount)).toEqual([amount === undefined ? undefined : Number(amount)]);
  });

  it('are none where the same is told again', () => {
    const twice = [
      base,
      { ...base, id: 'q' },
      event('term-cut', '02-01', { term: hours(112) }, 'a'),
      event('term-cut', '02-01', { term: hours(112) }, 'b'),
      event('iso-issued', '02-01', {}),
      event('iso-issued', '03-01', {}),
      event('iso-withdrawn', '04-01', {}, 'w1'),
      event('iso-withdrawn', '04-01', {}, 'w2'),
      event('abolished', '05-01', {}, 'x'),
      event('abolished', '05-01', {}, 'y'),
    ];
    expect(fold(twice)).toMatchObject({
      findings: [],
      cuts: [{ at: at('02-01'), from: days(15), to: hours(112) }],
      iso: [{ from: at('02-01'), to: at('04-01') }],
    });
  });

  it('count a cut from a term that nobody knows', () => {
    expect(fold([published('01-05', { level: level(2) }), event('term-cut', '02-01', { term: days(20) })])).toMatchObject({
      cuts: [{ at: at('02-01'), to: days(20) }],
      findings: [],
    });
  });

  it('of a procedure that was never published are named all the same', () => {
    const read = readProcedure([event('level-changed', '02-01', { level: level(3) }, 'l')], identity);
    expect(read.procedure).toBeUndefined();
    expect(codes(read)).toEqual([
      ['procedure.changed-before-published', 'l'],
      ['procedure.not-published', undefined],
    ]);
    expect(readProcedure([], identity)).toEqual({ findings: [] });
  });
});

describe('levels and terms', () => {
  it('of the later scheme have their nearest of the earlier, and the scheme stays in the data', () => {
    expect([1, 2, 3, 4].map((number) => equivalentLevel(level(number)))).toEqual([1, 2, 3, 4]);
    expect([1, 2, 3, 4].map((number) => equivalentLevel(level(number, '2022')))).toEqual([2, 3, 4, undefined]);
    const events = [
      published('01-05', { level: level(3) }),
      event('level-changed', '06-01', { level: level(3, '2022') }),
      event('level-changed', '07-01', { level: level(2, '2022') }),
    ];
    expect(levels(events, '02-01', '06-02', '07-02')).toEqual([3, 4, 3]);
    expect(fold(events).levels.map((told) => told.level.scheme)).toEqual(['1-4', '2022', '2022']);
  });

  it('are compared in working hours, eight to a day', () => {
    expect([workingHoursOf(days(2)), workingHoursOf(hours(16)), workingHoursOf(hours(15))]).toEqual([16, 16, 15]);
  });
});

describe('a catalogue', () => {
  it('keeps cities apart and codes as they are written', () => {
    const make = (city: string, code: string, number: number) =>
      foldProcedure([published('01-05', { level: level(number) })], { city, code })!;
    const all = ProcedureCatalogue.of([make('hue', '1.10', 4), make('hue', '1.1', 2), make('da-nang', '1.10', 3)]);
    expect(all.all().map(({ city, code }) => `${city} ${code}`)).toEqual(['da-nang 1.10', 'hue 1.1', 'hue 1.10']);
    expect([all.levelAt('hue', '1.10', at('02-01')), all.levelAt('da-nang', '1.10', at('02-01'))]).toEqual([4, 3]);
    expect(all.inForce('hue', at('02-01')).map(({ code }) => code)).toEqual(['1.1', '1.10']);
    expect([all.inForce('hue', at('01-04')), all.inForce('nowhere', at('02-01')), all.procedure('hue', '1.100')]).toEqual([
      [],
      [],
      undefined,
    ]);
  });
});

describe('any set of events', () => {
  const day = fc.constantFrom('01-01', '02-01', '03-01', '04-01', '05-01', '06-01');
  const anyLevel = fc.constantFrom(level(2), level(3), level(4), level(2, '2022'));
  const anyTerm = fc.constantFrom(days(1), days(5), hours(8), hours(40));
  const id = fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8');
  const unit = fc.constantFrom('one', 'two');
  const anyEvent: fc.Arbitrary<ProcedureEvent> = fc.oneof(
    fc
      .tuple(day, anyLevel, fc.option(anyTerm, { nil: undefined }), id, unit)
      .map(([when, told, term, i, who]) => published(when, { level: told, ...(term && { term }) }, i, who)),
    fc.tuple(day, anyLevel, id).map(([when, told, i]) => event('level-changed', when, { level: told }, i)),
    fc.tuple(day, anyTerm, id).map(([when, term, i]) => event('term-cut', when, { term }, i)),
    fc.tuple(day, id).map(([when, i]) => event('abolished', when, {}, i)),
    fc.tuple(day, id).map(([when, i]) => event('iso-issued', when, {}, i)),
    fc.tuple(day, id).map(([when, i]) => event('iso-withdrawn', when, {}, i)),
    fc.tuple(day, id).map(([when, i]) => event('cost-assessed', when, { before: 2, after: 1 }, i)),
    fc.tuple(day, id, id).map(([when, target, i]) => corrected(when, target, i)),
  );
  const events = fc.array(anyEvent, { maxLength: 10 });
  const distinct = events.map((list) => [...new Map(list.map((told) => [told.id, told])).values()]);

  it('gives the same procedure in any order, with any duplicates', () => {
    const shuffled = events.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(readProcedure(structuredClone(other), identity)).toEqual(readProcedure(list, identity));
      }),
      { numRuns: 500 },
    );
  });

  it('gives at every instant what a plain walk over the standing events gives', () => {
    // Times apart, one authority and no corrections: then there is nothing to choose.
    const apart = distinct.map((list) =>
      list
        .filter(({ type }) => type !== 'vn.par.procedure.corrected.v1')
        .map((told, i) => ({ ...told, unit: 'one', time: at(`0${i + 1}-01`) })),
    );
    fc.assert(
      fc.property(apart, fc.constantFrom('01-01', '02-15', '04-01', '06-20', '12-01'), (list, asked) => {
        let state: { level: OnlineLevel; term?: Term | undefined } | undefined;
        let iso = false;
        for (const told of list.filter(({ time }) => time <= at(asked))) {
          const name = told.type.split('.')[3]!;
          const data = told.data as { level: OnlineLevel; term?: Term };
          if (name === 'published') state = { level: data.level, term: data.term };
          if (name === 'abolished') state = undefined;
          if (name === 'level-changed' && state) state.level = data.level;
          if (name === 'term-cut' && state) state.term = data.term;
          if (name === 'iso-issued') iso = true;
          if (name === 'iso-withdrawn') iso = false;
        }
        const procedure = foldProcedure(list, identity);
        const all = ProcedureCatalogue.of(procedure ? [procedure] : []);
        expect(all.inForce('hue', at(asked))).toHaveLength(state ? 1 : 0);
        expect(all.levelAt('hue', '1.005129', at(asked))).toBe(state && equivalentLevel(state.level));
        expect(all.termAt('hue', '1.005129', at(asked))).toEqual(state?.term);
        if (procedure) expect(procedure.iso.some(({ from, to }) => from <= at(asked) && (to === undefined || at(asked) < to))).toBe(iso);
      }),
      { numRuns: 500 },
    );
  });

  it('has spans that do not overlap, and cuts that are shorter', () => {
    fc.assert(
      fc.property(distinct, (list) => {
        const procedure = foldProcedure(list, identity);
        if (!procedure) return;
        for (const [i, span] of procedure.spans.entries()) {
          const next = procedure.spans[i + 1];
          if (next) expect(span.to !== undefined && span.to <= next.from).toBe(true);
        }
        for (const { from, to } of procedure.cuts) if (from) expect(workingHoursOf(to)).toBeLessThan(workingHoursOf(from));
        for (const told of [procedure.levels, procedure.terms])
          expect(told.map(({ from }) => from)).toEqual([...new Set(told.map(({ from }) => from))].sort());
      }),
      { numRuns: 500 },
    );
  });
});
