import { describe, expect, it } from '@jest/globals';
import { validateData } from '@par/contracts';
import fc from 'fast-check';
import { clockOf, foldLifeCycle } from './life-cycle.ts';
import { lifeTimelineOf } from './life-cycle-timeline.ts';
import { type DossierEvent, type LifeCycle } from './life-cycle-shape.ts';
import { NATIONAL_STATES } from './national-state.ts';
import { anyLife, instant, PLAIN_DUES, reported, takeBack, told } from './spec-life-cycle.ts';

const CONTEXT = { code: 'H57.132-210701-0001', scheme: 'national', timeZone: 'Asia/Ho_Chi_Minh', dues: PLAIN_DUES } as const;

const registered = told('registered', '01T00', { channel: 'online' });
const received = told('received', '01T01', { channel: 'online', due: '2021-07-20T10:00:00+07:00', procedure: '1.005129' });
const request = told('supplement-requested', '02T01');
const supplemented = told('supplemented', '04T01');
const ready = told('result-ready', '08T01');
const returned = told('returned', '09T01', { channel: 'online', electronic: true });
const whole = [
  registered,
  received,
  told('transferred', '01T02', { to: 'unit', unit: 'hue-ward-b' }),
  request,
  supplemented,
  told('fee-requested', '05T01'),
  told('fee-paid', '05T03', { channel: 'online' }),
  told('paused', '06T01', { reason: 'site-check' }),
  told('resumed', '07T01'),
  told('extended', '07T02', { due: '2021-07-25T10:00:00+07:00', reason: 'workload' }),
  ready,
  returned,
  told('rated', '09T02', { questionSet: 'standard', answers: [{ question: 'q1', grade: 'satisfied' }] }),
  told('linked', '01T02', { to: 'H57.132-210701-0002', relation: 'part-of' }),
];

describe('the state of a dossier', () => {
  it.each<[string, number | undefined, DossierEvent[]]>([
    ['nothing', undefined, []],
    ['registered', 1, [registered]],
    ['received', 2, [registered, received]],
    ['received, nothing else known', 2, [received]],
    ['refused at intake', 3, [registered, told('intake-refused', '01T05', { reason: 'incomplete' })]],
    ['transferred', 4, [received, told('transferred', '01T02', { to: 'authority' })]],
    ['transferred at the instant of its receipt', 4, [received, told('transferred', '01T01', { to: 'authority' })]],
    ['transferred before its receipt only', 2, [received, told('transferred', '01T00', { to: 'authority' })]],
    ['transferred, the receipt not known', 4, [told('transferred', '01T02', { to: 'authority' })]],
    ['extended', 4, [received, told('extended', '02T01', { due: '2021-07-25T00:00:00Z', reason: 'other' })]],
    ['waiting for a supplement', 5, [received, request]],
    ['supplemented', 4, [received, request, supplemented]],
    ['asked again', 5, [received, request, supplemented, told('supplement-requested', '05T01')]],
    ['waiting for payment', 6, [received, told('fee-requested', '02T01')]],
    ['paid', 4, [received, told('fee-requested', '02T01'), told('fee-paid', '03T01', { channel: 'counter' })]],
    ['paused', 8, [received, told('paused', '02T01', { reason: 'other-body' })]],
    ['resumed', 4, [received, told('paused', '02T01', { reason: 'tax' }), told('resumed', '03T01')]],
    ['waiting for a supplement and for payment', 5, [received, told('fee-requested', '01T05'), request]],
    ['withdrawn', 7, [received, told('withdrawn', '03T01')]],
    ['withdrawn before it was received', 7, [registered, told('withdrawn', '01T00:30')]],
    ['refused', 8, [received, told('refused', '03T01', { reason: 'other' })]],
    ['result ready', 9, [received, ready]],
    ['returned', 10, [received, ready, returned]],
    ['returned, nothing else known', 10, [returned]],
    ['ended while it waited', 9, [received, request, ready]],
    ['asked for a supplement after its end', 9, [received, ready, told('supplement-requested', '09T01')]],
    ['refused, later ready', 8, [received, told('refused', '07T01', { reason: 'other' }), ready]],
    ['only rated', undefined, [whole[12]!]],
    ['its only event taken back', undefined, [received, takeBack(received.id, '05T01')]],
    ['its end taken back', 9, [received, ready, returned, takeBack(returned.id, '10T01')]],
    ['its correction taken back', 10, [received, ready, returned, takeBack(returned.id, '10T01', { id: 'c' }), takeBack('c', '10T02')]],
  ])('%s: %p', (_, state, events) => {
    expect(foldLifeCycle(events).state).toBe(state);
  });

  it.each([
    ['1', 1],
    ['2', 2],
    ['3', 3],
    ['4', 4],
    ['5', 5],
    ['6', 6],
    ['7', 7],
    ['8', 8],
    ['9', 9],
    ['10', 10],
    ['11', undefined],
    ['02', undefined],
  ])('reported as %s is %p', (code, state) => {
    expect(foldLifeCycle([reported(code, '01T01')]).state).toBe(state);
  });

  it('is waiting still when a source says no more than "in process": that code resumes nothing', () => {
    const life = foldLifeCycle([reported('2', '01T01'), reported('5', '02T01'), reported('4', '03T01')]);
    expect(life).toMatchObject({ state: 5, stops: [{ from: instant('02T01'), by: 'supplement', cause: 'applicant' }] });
  });

  it('takes a receipt reported by code for one at the counter, with the appointment told', () => {
    expect(foldLifeCycle([reported('2', '01T01', { due: '09T01' })]).received).toMatchObject({ channel: 'counter', due: instant('09T01') });
  });

  it('knows what its clock does: a pause goes on, a refusal does not', () => {
    const clock = (...events: DossierEvent[]) => clockOf(foldLifeCycle(events));
    expect(clock(received, told('paused', '02T01', { reason: 'tax' }))).toBe('stops');
    expect(clock(received, told('refused', '02T01', { reason: 'other' }))).toBe('stopped');
    expect(clock(received, request)).toBe('stops-then-from-zero');
    expect(clock()).toBeUndefined();
  });
});

describe('the moments of a dossier', () => {
  it('has all that was told, and no finding in a life without fault', () => {
    expect(foldLifeCycle(whole, CONTEXT)).toMatchObject({
      state: 10,
      registered: { at: instant('01T00') },
      received: { at: instant('01T01'), channel: 'online', due: '2021-07-20T03:00:00.000Z', procedure: '1.005129' },
      supplementRequests: [{ at: instant('02T01') }],
      supplements: [{ at: instant('04T01') }],
      feesPaid: [{ at: instant('05T03'), channel: 'online' }],
      resumptions: [{ at: instant('07T01') }],
      extension: { due: '2021-07-25T03:00:00.000Z' },
      resultReady: { at: instant('08T01') },
      returned: { at: instant('09T01'), channel: 'online', electronic: true },
      transfers: [{ to: 'unit', toUnit: 'hue-ward-b' }],
      ratings: [{ questionSet: 'standard', answers: [{ question: 'q1', grade: 'satisfied' }] }],
      links: [{ to: 'H57.132-210701-0002', relation: 'part-of' }],
      ended: { at: instant('08T01'), as: 'result', event: { source: 'urn:one-stop', id: ready.id } },
      findings: [],
    });
  });

  it('keeps the earliest telling of a moment, with its sender', () => {
    const early = told('result-ready', '07T01', {}, { id: 'z', source: 'urn:other', sent: '07T02', unit: 'hue-ward-b' });
    expect(foldLifeCycle([ready, early]).resultReady).toEqual({
      at: instant('07T01'),
      unit: 'hue-ward-b',
      sent: instant('07T02'),
      event: { source: 'urn:other', id: 'z' },
    });
  });

  it.each<[string, 'result' | 'refused' | 'withdrawn', DossierEvent[]]>([
    ['result', 'result', [ready, returned]],
    ['result where nobody said that it was ready', 'result', [returned]],
    ['refusal before result', 'refused', [ready, told('refused', '07T01', { reason: 'other' })]],
    ['result before refusal', 'result', [ready, told('refused', '08T02', { reason: 'other' })]],
    ['result where they tie', 'result', [ready, told('refused', '08T01', { reason: 'other' }), told('withdrawn', '08T01')]],
    ['withdrawal first', 'withdrawn', [told('withdrawn', '02T01'), ready]],
    ['a return before the result was ready does not count', 'result', [told('returned', '07T01'), ready]],
  ])('ends by %s', (_, as, events) => {
    const { ended, resultReady } = foldLifeCycle(events);
    expect(ended?.as).toBe(as);
    if (ended?.as === 'result' && resultReady) expect(ended.at).toBe(resultReady.at);
  });

  it('puts an appointment beyond all years at the last instant there is', () => {
    const life = foldLifeCycle([told('received', '01T01', { channel: 'post', due: '9999-12-31T23:59:59-07:00' })]);
    expect(life.received?.due).toBe('9999-12-31T23:59:59.999Z');
  });
});

describe('stops', () => {
  const stopsOf = (...events: DossierEvent[]) =>
    foldLifeCycle(events).stops.map(({ from, to, cause, by }) => [from.slice(8, 16), to?.slice(8, 16), cause, by]);

  it('are closed by their answer or by the end, and say whom the dossier waited for', () => {
    expect(stopsOf(...whole)).toEqual([
      ['02T01:00', '04T01:00', 'applicant', 'supplement'],
      ['05T01:00', '05T03:00', 'tax', 'fee'],
      ['06T01:00', '07T01:00', 'other-body', 'pause'],
    ]);
    expect(stopsOf(received, request)).toEqual([['02T01:00', undefined, 'applicant', 'supplement']]);
    expect(stopsOf(received, request, told('withdrawn', '03T01'), supplemented)).toEqual([
      ['02T01:00', '03T01:00', 'applicant', 'supplement'],
    ]);
    expect(stopsOf(received, request, told('intake-refused', '03T01', { reason: 'other' }))[0]?.[1]).toBe('03T01:00');
  });

  it.each([
    ['applicant', 'applicant'],
    ['tax', 'tax'],
    ['other-body', 'other-body'],
    ['site-check', 'other-body'],
    ['other', 'other'],
  ] as const)('a pause for %s waits for %s', (reason, cause) => {
    expect(stopsOf(told('paused', '02T01', { reason }))).toEqual([['02T01:00', undefined, cause, 'pause']]);
  });

  it('begin once while they are open', () => {
    expect(
      stopsOf(told('paused', '02T01', { reason: 'tax' }), told('paused', '03T01', { reason: 'other' }), told('resumed', '04T01')),
    ).toEqual([['02T01:00', '04T01:00', 'tax', 'pause']]);
  });

  it('may have no length where a source knows days only, in whatever order its ids stand', () => {
    for (const [first, second] of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const life = foldLifeCycle([
        told('supplement-requested', '02T01', {}, { id: first }),
        told('supplemented', '02T01', {}, { id: second }),
      ]);
      expect(life).toMatchObject({ state: 4, stops: [{ from: instant('02T01'), to: instant('02T01') }], findings: [] });
    }
  });

  it('do not begin after the end', () => {
    expect(stopsOf(received, ready, told('paused', '09T01', { reason: 'other' }))).toEqual([]);
  });
});

describe('any set of events', () => {
  it('is one that the schemas take', () => {
    fc.assert(
      fc.property(anyLife, (events) => {
        for (const event of events) expect([event.type, validateData(event.type, event.data)]).toEqual([event.type, []]);
      }),
      { numRuns: 100 },
    );
  });

  it('folds the same in any order and with any duplicates', () => {
    const mixed = anyLife.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length })),
    );
    fc.assert(
      fc.property(mixed, ([events, some]) => {
        const known = new Set(some.map((event) => `${event.source} ${event.id}`));
        const each = events.filter((event) => known.has(`${event.source} ${event.id}`));
        expect(foldLifeCycle(some, CONTEXT)).toEqual(foldLifeCycle(each, CONTEXT));
        expect(lifeTimelineOf(some)).toEqual(lifeTimelineOf(each));
      }),
      { numRuns: 500 },
    );
  });

  it('is as if an event had never been where a correction takes it back, wherever the correction stands', () => {
    const corrected = anyLife
      .filter((events) => events.length > 0)
      .chain((events) => fc.tuple(fc.constant(events), fc.nat({ max: events.length - 1 }), fc.integer({ min: 0, max: 3_000 })));
    const comparable = (life: LifeCycle) => ({
      ...life,
      findings: life.findings.filter(({ code }) => code !== 'correction-without-target'),
    });
    fc.assert(
      fc.property(corrected, ([events, at, hour]) => {
        const { source, id } = events[at]!;
        const time = new Date(Date.UTC(2021, 5, 1) + hour * 3_600_000).toISOString();
        const correction = told('corrected', time, { source, id, reason: 'wrong-content' }, { id: 'correction', source });
        expect(comparable(foldLifeCycle([...events, correction], CONTEXT))).toEqual(
          comparable(
            foldLifeCycle(
              events.filter((_, i) => i !== at),
              CONTEXT,
            ),
          ),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('has a state of the list, stops that end after they begin, and none open once it is over', () => {
    fc.assert(
      fc.property(anyLife, (events) => {
        const life = foldLifeCycle(events, CONTEXT);
        if (life.state !== undefined) expect(NATIONAL_STATES).toHaveProperty(String(life.state));
        for (const stop of life.stops) {
          if (stop.to !== undefined) expect(stop.to >= stop.from).toBe(true);
          if (life.ended || life.intakeRefused) expect(stop.to).toBeDefined();
        }
        const kinds = life.stops.filter(({ to }) => to === undefined).map(({ by }) => by);
        expect(new Set(kinds).size).toBe(kinds.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('corrections', () => {
  const timeline = (...events: DossierEvent[]) => lifeTimelineOf(events).map(({ event, takenBack }) => [event.id, takenBack?.id]);

  it('take back by identity, are named with what they took back, and hold unless taken back', () => {
    const [c, d] = [takeBack(ready.id, '05T01', { id: 'c' }), takeBack('c', '06T01', { id: 'd' })];
    expect(timeline(received, ready, c)).toEqual([
      [received.id, undefined],
      ['c', undefined],
      [ready.id, 'c'],
    ]);
    expect(timeline(received, ready, c, d).map(([, by]) => by)).toEqual([undefined, 'd', undefined, undefined]);
  });

  it('cannot take back themselves', () => {
    expect(timeline(takeBack('c', '05T01', { id: 'c' }))).toEqual([['c', undefined]]);
  });

  it('in a ring take back each other and nothing else', () => {
    expect(timeline(takeBack('b', '05T01', { id: 'a' }), takeBack('a', '06T01', { id: 'b' }))).toEqual([
      ['a', 'b'],
      ['b', 'a'],
    ]);
  });

  it('may be a chain as long as a dossier can get', () => {
    const length = 20_001;
    const chain = Array.from({ length }, (_, i) => takeBack(i === length - 1 ? received.id : `c${i + 1}`, '05T01', { id: `c${i}` }));
    // Every second one from the first on holds: the last of them too where their number is odd.
    expect(foldLifeCycle([received, ...chain]).received).toBeUndefined();
    expect(foldLifeCycle([received, ...chain.slice(1)]).received).toBeDefined();
  });

  it('of another source take back nothing of this one', () => {
    const other = told('corrected', '05T01', { source: 'urn:other', id: ready.id, reason: 'wrong-time' });
    expect(foldLifeCycle([received, ready, other])).toMatchObject({ state: 9, findings: [{ code: 'correction-without-target' }] });
  });
});
