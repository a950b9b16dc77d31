import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Organisation, ProcedureCatalogue, vietnamCalendar } from '@par/administration';
import { Recount } from './audit-figures/recount.ts';
import { type Basis } from './basis.ts';
import { foldCase } from './case-fact.ts';
import { type Contribution, contributionsOf, foldSubject } from './contributions.ts';
import { identityKey, type KeptEvent, mergeEvents } from './kept-event.ts';
import { loadPlans } from './plan.ts';
import { isKnownRule } from './rules.ts';

const plan = loadPlans(['hue-2021'], isKnownRule);

type UnitEvents = Parameters<typeof Organisation.fold>[0] extends Iterable<infer E> ? E : never;
const opened = (id: string, data: object): UnitEvents =>
  ({
    specversion: '1.0',
    source: 'urn:spec',
    id,
    type: 'vn.par.unit.opened.v1',
    subject: id,
    unit: id,
    time: '2010-01-01T00:00:00.000Z',
    received: '2010-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    data,
  }) as UnitEvents;
const organisation = Organisation.fold([
  opened('city', { name: 'Thành phố', kind: 'city', agency: false, validFrom: '2010-01-01', timeZone: 'Asia/Ho_Chi_Minh' }),
  opened('office', { name: 'Phòng', kind: 'department', agency: true, validFrom: '2010-01-01', parent: 'city' }),
  opened('ward', { name: 'Phường', kind: 'ward', agency: true, validFrom: '2010-01-01', parent: 'city' }),
]);

const basis: Basis = { plan, organisation, catalogue: ProcedureCatalogue.of([]), calendar: vietnamCalendar() };
const CODE = 'H57.132-210705-0001';
const given = (events: readonly KeptEvent[]): Contribution[] => contributionsOf(foldSubject(`case:${CODE}`, events, basis), basis);

let serial = 0;
function event(type: string, time: string, data: object = {}, more: Partial<KeptEvent> = {}): KeptEvent {
  serial += 1;
  return {
    source: 'urn:spec',
    id: `e${serial}`,
    type: `vn.par.${type}.v1`,
    time,
    unit: 'office',
    received: time,
    network: 'tslcd',
    data,
    ...more,
  } as KeptEvent;
}

const received = event('dossier.received', '2021-07-05T01:00:00.000Z', { channel: 'online', due: '2021-07-06T01:00:00.000Z' });
const ready = event('dossier.result-ready', '2021-07-06T01:00:00.000Z');
const returned = event('dossier.returned', '2021-07-06T02:00:00.000Z', { channel: 'online' });
const step = event('work-dossier.step-taken', '2021-07-05T03:00:00.000Z', { step: 'Thẩm định', medium: 'network' });
const completed = event('work-dossier.completed', '2021-07-06T00:30:00.000Z');
const judged = (revision: number, data: object): KeptEvent =>
  event(
    'work-dossier.closed',
    '2021-07-06T00:30:00.000Z',
    {
      revision,
      state: 'closed',
      completedAt: '2021-07-06T00:30:00.000Z',
      processedOnline: true,
      reasons: [],
      steps: 1,
      paperSteps: 0,
      ...data,
    },
    { network: undefined },
  );

const figuresOf = (events: readonly KeptEvent[]): Record<string, string> =>
  Object.fromEntries(
    given(events).map((c) => [
      `${c.indicator} ${c.rule}`,
      `${c.numerator}/${c.denominator} ${c.unit} ${c.month} ${c.reasons.join(',')}`.trim(),
    ]),
  );

describe('a case, folded and judged by every rule', () => {
  it('gives nothing to any figure but the receipt while it is open', () => {
    expect(figuresOf([received, step])).toEqual({
      'G4-ONLINE received-online': '1/1 office 2021-07',
      'G4-ONLINE of-received': '0/1 office 2021-07 not-returned-yet',
    });
  });

  it('counts by every rule when it is finished, exactly at the due instant being on time', () => {
    const onTime = ['ii-06a', 'due-date', 'by-date', 'first-appointment', 'opencps', 'qd-766', 'as-sent', 'without-sync-faults'];
    expect(figuresOf([received, step, ready, returned, completed, judged(1, {})])).toEqual({
      ...Object.fromEntries(onTime.map((rule) => [`G1-ONTIME ${rule}`, '1/1 office 2021-07'])),
      'G4-ONLINE of-received': '1/1 office 2021-07',
      'G4-ONLINE of-finished': '1/1 office 2021-07',
      'G4-ONLINE received-online': '1/1 office 2021-07',
      'G6-WORK-CITY every-step-on-network': '1/1 office 2021-07',
      'G6-NET-DOSSIER every-message-on-tslcd': '1/1 office 2021-07',
    });
  });

  it.each([
    ['one millisecond late', { resultReady: '2021-07-06T01:00:00.001Z' }, 'G1-ONTIME due-date', '0/1 office 2021-07 finished-after-due'],
    [
      'finished in the next local month though not in UTC',
      { resultReady: '2021-07-31T17:00:00.000Z' },
      'G1-ONTIME due-date',
      '0/1 office 2021-08 finished-after-due',
    ],
  ])('is late: %s', (_name, { resultReady }, figure, expected) => {
    expect(figuresOf([received, event('dossier.result-ready', resultReady)])[figure]).toBe(expected);
  });

  it('has no place in on-time without a due date, and is not counted as late', () => {
    const open = event('dossier.received', received.time, { channel: 'post' });
    expect(figuresOf([open, ready])).not.toHaveProperty(['G1-ONTIME due-date']);
  });

  it('is not returned online while the channel of return is not known', () => {
    expect(figuresOf([received, event('dossier.returned', returned.time)])['G4-ONLINE of-finished']).toBe(
      '0/1 office 2021-07 returned-by-unknown-channel',
    );
  });

  it('is in the denominator of online procedures from level 3 on only', () => {
    const at = (onlineLevel: number): KeptEvent => event('dossier.received', received.time, { channel: 'online', onlineLevel });
    expect(figuresOf([at(2), returned])).not.toHaveProperty(['G4-ONLINE of-online-procedures']);
    expect(figuresOf([at(3), returned])['G4-ONLINE of-online-procedures']).toBe('1/1 office 2021-07');
  });

  it('follows the judgement with the highest revision, whichever came last', () => {
    const late = judged(2, { processedOnline: false, reasons: ['paper-step'], paperSteps: 1 });
    const expected = '0/1 office 2021-07 paper-step';
    expect(figuresOf([late, judged(1, {})])['G6-WORK-CITY every-step-on-network']).toBe(expected);
    expect(figuresOf([judged(1, {}), late])['G6-WORK-CITY every-step-on-network']).toBe(expected);
    expect(figuresOf([late, judged(3, { state: 'open', completedAt: undefined })])).not.toHaveProperty([
      'G6-WORK-CITY every-step-on-network',
    ]);
  });

  describe('beside its process', () => {
    const trace = {
      process: 'one-stop',
      processVersion: 1,
      conforming: 3,
      skipped: 0,
      outOfOrder: 0,
      repeated: 0,
      unknown: 0,
      wrongRole: 0,
      overTime: 0,
    };
    const asProcess = 'G8-CONFORM every-step-as-process';
    const inOrder = 'G8-CONFORM every-step-in-order';

    it.each([
      ['as it says', {}, '1/1 office 2021-07', '1/1 office 2021-07'],
      ['a step over its time', { overTime: 2 }, '0/1 office 2021-07 step-over-time', '1/1 office 2021-07'],
      [
        'steps skipped and repeated',
        { skipped: 1, repeated: 4 },
        '0/1 office 2021-07 step-repeated,step-skipped',
        '0/1 office 2021-07 step-repeated,step-skipped',
      ],
      ['by another role', { wrongRole: 1 }, '0/1 office 2021-07 step-by-wrong-role', '0/1 office 2021-07 step-by-wrong-role'],
      ['out of order', { outOfOrder: 1 }, '0/1 office 2021-07 step-out-of-order', '0/1 office 2021-07 step-out-of-order'],
      ['unknown steps', { unknown: 1 }, '0/1 office 2021-07 step-unknown', '0/1 office 2021-07 step-unknown'],
    ])('%s', (_name, counts, whole, order) => {
      const figures = figuresOf([judged(1, { conformance: { ...trace, ...counts } })]);
      expect([figures[asProcess]?.split(' ').slice(0, 3), figures[asProcess]?.split(' ')[3]?.split(',').sort()]).toEqual([
        whole.split(' ').slice(0, 3),
        whole.split(' ')[3]?.split(','),
      ]);
      expect([figures[inOrder]?.split(' ').slice(0, 3), figures[inOrder]?.split(' ')[3]?.split(',').sort()]).toEqual([
        order.split(' ').slice(0, 3),
        order.split(' ')[3]?.split(','),
      ]);
    });

    it('is in no denominator without a process', () => {
      expect(figuresOf([judged(1, {})])).not.toHaveProperty([asProcess]);
    });
  });

  it('counts a ward apart from the city departments', () => {
    const inWard = { ...judged(1, {}), unit: 'ward' };
    expect(Object.keys(figuresOf([inWard]))).toEqual(['G6-WORK-WARD every-step-on-network']);
  });

  it('takes back what a correction names, also when the correction comes first', () => {
    const correction = event('dossier.corrected', '2021-07-07T00:00:00.000Z', { source: ready.source, id: ready.id, reason: 'wrong-time' });
    expect(figuresOf([correction, received, ready])).not.toHaveProperty(['G1-ONTIME due-date']);
    expect(figuresOf([ready, received, correction])).not.toHaveProperty(['G1-ONTIME due-date']);
  });

  it('keeps events apart that two front doors took in under one identity', () => {
    const one = { ...received, id: '1' };
    const other = { ...step, id: '1' };
    expect(mergeEvents([one], [other, one]).fresh).toEqual([other]);
    // A correction at one door takes back what that door took in, and nothing of the other.
    const correction = event('work-dossier.corrected', '2021-07-07T00:00:00.000Z', { source: 'urn:spec', id: '1', reason: 'sent-twice' });
    expect(foldCase([one, other, correction]).life.received).toBeDefined();
  });

  it('loses G6-NET-DOSSIER by one message over the Internet, a step included', () => {
    const outside = event('work-dossier.step-taken', '2021-07-20T00:00:00.000Z', { step: 'In', medium: 'paper' }, { network: 'internet' });
    expect(figuresOf([received, ready, outside])['G6-NET-DOSSIER every-message-on-tslcd']).toBe('0/1 office 2021-07 message-over-internet');
  });
});

describe('promise 1: any order, any duplicates', () => {
  const moments = fc.integer({ min: 0, max: 6 }).map((hours) => new Date(Date.UTC(2021, 6, 31, 14 + hours)).toISOString());
  const anyEvent = fc.record({
    kind: fc.constantFrom('received', 'ready', 'returned', 'completed', 'step', 'judged', 'corrected'),
    time: moments,
    n: fc.integer({ min: 0, max: 9 }),
    unit: fc.constantFrom('office', 'ward'),
    net: fc.constantFrom('tslcd', 'internet'),
  });

  it('gives equal facts and contributions for every permutation with repeats, folded in any batches', () => {
    fc.assert(
      fc.property(
        fc.array(anyEvent, { minLength: 1, maxLength: 14 }),
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 1, max: 5 }),
        (shapes, random, batch) => {
          const events = shapes.map(({ kind, time, n, unit, net }, index): KeptEvent => {
            const base = { unit, network: net as 'tslcd', id: `p${index}` };
            switch (kind) {
              case 'received':
                return event(
                  'dossier.received',
                  time,
                  { channel: n % 2 ? 'online' : 'post', due: new Date(Date.UTC(2021, 6, 31, 17)).toISOString() },
                  base,
                );
              case 'judged':
                return { ...judged(index + 1, { processedOnline: n % 2 === 0, completedAt: time }), id: `p${index}`, unit };
              case 'corrected':
                return event('dossier.corrected', time, { source: 'urn:spec', id: `p${n}`, reason: 'sent-twice' }, base);
              case 'step':
                return event('work-dossier.step-taken', time, { step: 'x', medium: 'paper' }, base);
              default:
                return event(
                  kind === 'ready' ? 'dossier.result-ready' : kind === 'returned' ? 'dossier.returned' : 'work-dossier.completed',
                  time,
                  {},
                  base,
                );
            }
          });
          const expected = given(events);
          const shuffled = [...events, ...events.slice(0, 3)]
            .map((each) => ({ each, at: random.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ each }) => each);
          let known: KeptEvent[] = [];
          for (let from = 0; from < shuffled.length; from += batch) known = mergeEvents(known, shuffled.slice(from, from + batch)).events;
          expect(known).toHaveLength(new Set(events.map(identityKey)).size);
          expect(foldCase(known)).toEqual(foldCase(events));
          expect(given(known)).toEqual(expected);
        },
      ),
    );
  });

  it('recounts a figure as the sum of what its cases give', () => {
    const recount = new Recount(basis);
    recount.add(`case:${CODE}`, [received, ready]);
    recount.add(`case:${CODE}`, [received, event('dossier.result-ready', '2021-07-09T00:00:00.000Z')]);
    expect(recount.figures.get('G1-ONTIME.due-date.office.2021-07')).toEqual({ numerator: 1, denominator: 2 });
    expect(recount.subjects).toBe(2);
  });
});
