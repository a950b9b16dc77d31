import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { duesOf } from './due-date.ts';
import { LATENESS_CLASSES, LATENESS_THRESHOLDS, type LatenessClass, latenessOf, stoppedMs } from './lateness.ts';
import { foldLifeCycle } from './life-cycle.ts';
import { type DossierEvent, type Stop } from './life-cycle-shape.ts';
import { anyLife, told } from './spec-life-cycle.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DUE = '2021-07-20T03:00:00.000Z';
/** An instant so long after the due. */
const after = (ms: number): string => new Date(Date.parse(DUE) + ms).toISOString();

describe('the lateness of a dossier', () => {
  it.each<[string, LatenessClass, { end: number; sent?: number; stopped?: number; allowed?: number; completed?: number }]>([
    ['late when it happened', 'office', { end: HOUR, sent: HOUR }],
    ['late by a millisecond, sending not known', 'office', { end: 1 }],
    ['in time, sent late', 'message-late', { end: 0, sent: 5 * HOUR }],
    ['said to be after its sending, which was in time', 'source-clock', { end: 5 * MINUTE + 1, sent: 0 }],
    ['ahead by what is tolerated', 'office', { end: 5 * MINUTE, sent: 0 }],
    ['said to be after its sending, which was late too', 'office', { end: HOUR, sent: 1 }],
    ['stamped when sent, an hour after the work was done in time', 'message-late', { end: HOUR, sent: HOUR, completed: 0 }],
    ['stamped a minute from its sending', 'message-late', { end: HOUR, sent: HOUR + MINUTE, completed: 0 }],
    ['stamped earlier than that', 'office', { end: HOUR, sent: HOUR + MINUTE + 1, completed: 0 }],
    ['stamped when sent, soon after the work was done', 'office', { end: HOUR - 1, sent: HOUR - 1, completed: 0 }],
    ['stamped when sent, the work done late', 'office', { end: 2 * HOUR, sent: 2 * HOUR, completed: 1 }],
    ['stamped nobody knows when', 'office', { end: HOUR, completed: 0 }],
    ['in time but for the waiting', 'waiting', { end: HOUR, stopped: HOUR }],
    ['late all the same', 'office', { end: HOUR, stopped: HOUR - 1 }],
    ['waiting that the due allows for already', 'office', { end: HOUR, stopped: 3 * HOUR, allowed: 3 * HOUR }],
    ['more waiting than the due allows for', 'waiting', { end: HOUR, stopped: 3 * HOUR, allowed: 2 * HOUR }],
    ['a due that allows for more than was waited', 'office', { end: HOUR, stopped: HOUR, allowed: 9 * HOUR }],
    ['waited and the message was late: the message', 'message-late', { end: HOUR, sent: HOUR, completed: 0, stopped: 2 * HOUR }],
  ])('%s: %s', (_, expected, { end, sent, stopped = 0, allowed, completed }) => {
    const late = {
      end: { at: after(end), ...(sent === undefined ? {} : { sent: after(sent) }) },
      due: DUE,
      stopped,
      ...(allowed === undefined ? {} : { allowed }),
      ...(completed === undefined ? {} : { workCompletedAt: after(completed) }),
    };
    expect(latenessOf(late, LATENESS_THRESHOLDS)).toBe(expected);
  });

  it('has its thresholds from outside', () => {
    const late = { end: { at: after(10 * MINUTE), sent: after(0) }, due: DUE, stopped: 0 };
    expect(latenessOf(late, { ...LATENESS_THRESHOLDS, clockToleranceSeconds: 600 })).toBe('office');
    expect(latenessOf(late, { ...LATENESS_THRESHOLDS, clockToleranceSeconds: 599 })).toBe('source-clock');
  });
});

describe('the time that the clock stood still', () => {
  const stop = (from: number, to?: number): Stop => ({
    from: after(from * HOUR),
    ...(to === undefined ? {} : { to: after(to * HOUR) }),
    cause: 'other',
    by: 'pause',
  });
  const hours = (stops: Stop[], from = 0, to = 100) => stoppedMs(stops, after(from * HOUR), after(to * HOUR)) / HOUR;

  it.each<[string, Stop[], number]>([
    ['no stop', [], 0],
    ['one', [stop(3, 5)], 2],
    ['two', [stop(3, 5), stop(8, 9)], 3],
    ['overlapping', [stop(3, 6), stop(5, 8)], 5],
    ['one inside another', [stop(3, 9), stop(5, 6)], 6],
    ['in any order', [stop(8, 9), stop(3, 9), stop(5, 6)], 6],
    ['before the span', [stop(-5, -1)], 0],
    ['into the span', [stop(-5, 1)], 1],
    ['out of the span', [stop(98, 200)], 2],
    ['open', [stop(98)], 2],
    ['of no length', [stop(3, 3)], 0],
  ])('%s', (_, stops, expected) => expect(hours(stops)).toBe(expected));

  it('is nothing where the span ends before it begins', () => expect(hours([stop(3)], 100, 0)).toBe(0));

  it('is the hours in which at least one stop stood, for the stops of any life', () => {
    const first = Date.UTC(2021, 6, 1);
    const hour = fc.integer({ min: 0, max: 220 });
    fc.assert(
      fc.property(anyLife, hour, hour, (events, a, b) => {
        const { stops } = foldLifeCycle(events);
        const at = (n: number): string => new Date(first + n * HOUR).toISOString();
        let standing = 0;
        for (let n = a; n < b; n += 1) if (stops.some(({ from, to }) => from <= at(n) && (to === undefined || to > at(n)))) standing += 1;
        expect(stoppedMs(stops, at(a), at(b))).toBe(standing * HOUR);
      }),
      { numRuns: 300 },
    );
  });
});

/** A case made with a known cause. The truth is in the making; nothing here knows the rules. */
interface Injected {
  cause: LatenessClass;
  kind: string;
  events: DossierEvent[];
  workCompletedAt?: string;
}

/** A dossier in July with an appointment told on its slip, and an end at `finish` ms after it. All lengths in ms. */
interface Made {
  /** Between receipt and appointment. */
  term: number;
  /** What happened on the way: [name, ms after receipt, data]. */
  way?: ['paused' | 'resumed' | 'supplement-requested' | 'supplemented' | 'fee-requested' | 'fee-paid', number, object?][];
  /** What the source says of the end, ms after the appointment at receipt, and how long after that it sent it. */
  end: number;
  sentAfter: number | undefined;
  completed?: number;
}

function make(cause: LatenessClass, kind: string, { term, way = [], end, sentAfter, completed }: Made): Injected {
  const receipt = Date.UTC(2021, 6, 1, 1);
  const at = (ms: number): string => new Date(receipt + ms).toISOString();
  const sent = sentAfter === undefined ? undefined : at(term + end + sentAfter);
  return {
    cause,
    kind,
    events: [
      told('received', at(0), { channel: 'online', due: at(term) }),
      ...way.map(([name, ms, data]) => told(name, at(ms), data as never)),
      told('result-ready', at(term + end), {}, sent === undefined ? {} : { sent }),
    ],
    ...(completed === undefined ? {} : { workCompletedAt: at(term + completed) }),
  };
}

const between = (min: number, max: number) => fc.integer({ min, max });
const term = between(3 * DAY, 20 * DAY);
/** A healthy sender: at once, in a nightly batch, with a clock some minutes off, or saying nothing. */
const healthySending = fc.oneof(
  { weight: 4, arbitrary: between(0, 30_000) },
  { weight: 2, arbitrary: between(5 * MINUTE, 3 * DAY) },
  { weight: 1, arbitrary: between(-4 * MINUTE, 0) },
  { weight: 1, arbitrary: fc.constant(undefined) },
);
const late = fc.oneof(between(MINUTE, 12 * HOUR), between(12 * HOUR, 20 * DAY));

/** The office is late: by itself, after waits that its due allowed for, or with a wait too short to excuse it. */
const office: fc.Arbitrary<Injected> = fc.oneof(
  fc
    .record({ term, end: late, sentAfter: healthySending, worked: fc.option(between(0, 30 * MINUTE), { nil: undefined }) })
    .map(({ worked, ...made }) =>
      make('office', 'plain', { ...made, completed: worked === undefined ? undefined : made.end - Math.min(worked, made.end - 1) }),
    ),
  fc
    .record({ term, late, sentAfter: healthySending, wait: between(HOUR, 10 * DAY), name: fc.constantFrom('pause', 'supplement', 'fee') })
    .map(({ term, late, sentAfter, wait, name }) =>
      make('office', `${name} that was made good`, {
        term,
        way:
          name === 'pause'
            ? [
                ['paused', DAY, { reason: 'other-body' }],
                ['resumed', DAY + wait],
              ]
            : name === 'fee'
              ? [
                  ['fee-requested', DAY],
                  ['fee-paid', DAY + wait, { channel: 'online' }],
                ]
              : [
                  ['supplement-requested', DAY],
                  ['supplemented', DAY + wait],
                ],
        end: wait + late,
        sentAfter,
      }),
    ),
  fc
    .record({ term, late: between(2 * HOUR, 20 * DAY), sentAfter: healthySending, part: between(1, 95) })
    .map(({ term, late, sentAfter, part }) => {
      const wait = Math.floor((late * part) / 100);
      return make('office', 'a wait too short', { term, way: [['paused', term + late - wait, { reason: 'tax' }]], end: late, sentAfter });
    }),
);

/** It waited for somebody, and the appointment was not moved for it: the answer was never told, or the old appointment was told again. */
const waiting: fc.Arbitrary<Injected> = fc.oneof(
  fc
    .record({
      term,
      end: late,
      sentAfter: healthySending,
      since: between(0, 2 * DAY),
      name: fc.constantFrom('paused', 'supplement-requested', 'fee-requested'),
    })
    .map(({ term, end, sentAfter, since, name }) =>
      make('waiting', `${name} until the end`, {
        term,
        way: [[name as 'paused', term - since, name === 'paused' ? { reason: 'other-body' } : {}]],
        end,
        sentAfter,
      }),
    ),
  fc
    .record({ term, wait: between(3 * HOUR, 15 * DAY), part: between(1, 99), sentAfter: healthySending, bySupplement: fc.boolean() })
    .map(({ term, wait, part, sentAfter, bySupplement }) => {
      const due = new Date(Date.UTC(2021, 6, 1, 1) + term).toISOString();
      const end = Math.max(Math.floor((wait * part) / 100), MINUTE);
      // The wait is over before the end, and longer than the dossier was late.
      const until = term + end - MINUTE;
      const begun = Math.max(until - wait, HOUR);
      return make('waiting', 'appointment not moved', {
        term,
        way: bySupplement
          ? [
              ['supplement-requested', begun],
              ['supplemented', until, { due }],
            ]
          : [
              ['paused', begun, { reason: 'applicant' }],
              ['resumed', until, { due }],
            ],
        end: Math.min(end, until - begun),
        sentAfter,
      });
    }),
);

/** Done in time; the message was late: told with its own time, or stamped with the time of its sending. */
const messageLate: fc.Arbitrary<Injected> = fc.oneof(
  fc
    .record({ term, early: between(0, 3 * DAY), delay: between(MINUTE, 20 * DAY) })
    .map(({ term, early, delay }) => make('message-late', 'sent late', { term, end: -early, sentAfter: early + delay })),
  fc
    .record({
      term,
      early: between(0, 2 * DAY),
      overdue: between(1, 20 * DAY),
      sentAfter: between(-5_000, 20_000),
      jitter: between(-30_000, 30_000),
    })
    .map(({ term, early, overdue, sentAfter, jitter }) => {
      // A queue that was down for an hour at least.
      const end = Math.max(overdue, HOUR - early + MINUTE);
      return make('message-late', 'stamped when sent', { term, end, sentAfter, completed: Math.min(-early + jitter, 0) });
    }),
);

/** Done and sent in time; the source's clock is six minutes to three days ahead. */
const sourceClock: fc.Arbitrary<Injected> = fc
  .record({ term, skew: between(6 * MINUTE, 3 * DAY), part: between(0, 98), lag: between(0, 10_000), known: fc.boolean() })
  .map(({ term, skew, part, lag, known }) => {
    const early = Math.max(Math.floor((skew * part) / 100), lag);
    return make('source-clock', 'clock ahead', { term, end: skew - early, sentAfter: lag - skew, completed: known ? -early : undefined });
  });

describe('injected lateness', () => {
  it('is put down to its cause in at least 99 of 100 cases of each class, from events in any order and doubled', () => {
    const each = 700;
    const cases = [office, waiting, messageLate, sourceClock].flatMap((made, i) => fc.sample(made, { numRuns: each, seed: 11 + i }));
    expect(cases.length).toBeGreaterThanOrEqual(2_000);

    const table = new Map<string, number>();
    const wrong = new Map<string, number>();
    for (const { cause, kind, events, workCompletedAt } of cases) {
      const life = foldLifeCycle([...events.toReversed(), ...events]);
      const dues = duesOf(life);
      const end = life.ended!;
      const due = dues.inForce!.at;
      // What is injected is late by when it happened or by when it was sent.
      expect([kind, end.at > due || (end.sent ?? '') > due]).toEqual([kind, true]);
      const found = latenessOf(
        {
          end,
          due,
          stopped: stoppedMs(life.stops, life.received!.at, end.at),
          allowed: dues.allowedMs,
          ...(workCompletedAt === undefined ? {} : { workCompletedAt }),
        },
        LATENESS_THRESHOLDS,
      );
      table.set(`${cause}>${found}`, (table.get(`${cause}>${found}`) ?? 0) + 1);
      if (found !== cause)
        wrong.set(`${cause} (${kind}) taken for ${found}`, (wrong.get(`${cause} (${kind}) taken for ${found}`) ?? 0) + 1);
    }

    const cell = (cause: LatenessClass, found: LatenessClass) => table.get(`${cause}>${found}`) ?? 0;
    const right = LATENESS_CLASSES.map((cause) => cell(cause, cause) / each);
    if (right.some((share) => share < 0.99)) {
      const lines = LATENESS_CLASSES.map((cause) =>
        [cause.padEnd(14), ...LATENESS_CLASSES.map((found) => String(cell(cause, found)).padStart(14))].join(''),
      );
      const head = ['cause \\ found '.padEnd(14), ...LATENESS_CLASSES.map((found) => found.padStart(14))].join('');
      throw new Error([head, ...lines, ...[...wrong].map(([what, count]) => `${count} × ${what}`)].join('\n'));
    }
  });
});
