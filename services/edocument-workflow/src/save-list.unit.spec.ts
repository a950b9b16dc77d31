import { describe, expect, it } from '@jest/globals';
import { WorkingCalendar } from '@par/administration';
import fc from 'fast-check';
import { endOfDay, type OpenDossier, type SaveList, saveList } from './save-list.ts';
import { countAbove, LEAST_SAMPLES, type PastCourse, quantile, samplesOf, type SettlingSample, SettlingTimes } from './settling-times.ts';

const HOUR = 3_600_000;
const day = ['07:00-11:00', '13:00-17:00'];
const calendar = WorkingCalendar.of({
  name: { vi: 'Lịch mẫu', en: 'Sample' },
  timeZone: 'Asia/Ho_Chi_Minh',
  officeHours: [{ from: '2020-01-01', monday: day, tuesday: day, wednesday: day, thursday: day, friday: day }],
  years: { 2021: [] },
});
/** Local time of Việt Nam in July 2021; the 5th is a Monday. */
const at = (date: number, hour: number): string => new Date(Date.UTC(2021, 6, date, hour - 7)).toISOString();
const NOW = new Date(at(7, 8));

const times = (hours: readonly number[], state: string, unit = 'A'): SettlingSample[] =>
  hours.map((each) => ({ unit, state, remainingMs: each * HOUR, closedAt: at(1, 8) }));
const oneTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);
const open = (given: Partial<OpenDossier>): OpenDossier => ({
  id: 'W-1',
  unit: 'A',
  openedAt: at(5, 8),
  dueAt: at(9, 8),
  steps: [],
  ...given,
});
const listOf = (dossiers: readonly OpenDossier[], samples: readonly SettlingSample[], percent = 30): SaveList =>
  saveList(dossiers, { now: NOW, calendar, times: SettlingTimes.of(samples), percent });

describe('samples of a settled work dossier', () => {
  const past: PastCourse = {
    unit: 'A',
    openedAt: at(5, 8),
    steps: [
      { step: 'check', at: at(5, 10) },
      { step: 'sign', at: at(6, 10) },
      { step: 'file', at: at(8, 10) },
    ],
    closedAt: at(7, 8),
  };

  it('are the working time from its opening and from each step to its closing, and nothing of what came after', () => {
    expect(samplesOf(past, calendar).map(({ state, remainingMs }) => [state, remainingMs / HOUR])).toEqual([
      ['', 16],
      ['check', 14],
      ['sign', 6],
    ]);
  });

  it('are none where the calendar does not know the year', () => {
    expect(samplesOf({ ...past, openedAt: '2019-07-05T01:00:00.000Z' }, calendar)).toEqual([]);
  });
});

describe('quantiles', () => {
  it.each([
    [1, 1],
    [10, 1],
    [11, 2],
    [30, 3],
    [50, 5],
    [100, 10],
  ])('%i %% of 1 … 10 is %i', (percent, value) => expect(quantile(oneTo(10), percent)).toBe(value));

  it('count what is above as a plain filter does', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.nat(20), (numbers, bound) => {
        expect(
          countAbove(
            numbers.toSorted((a, b) => a - b),
            bound,
          ),
        ).toBe(numbers.filter((each) => each > bound).length);
      }),
    );
  });

  it('of a state rest on the latest closings only', () => {
    const old = oneTo(1_000).map((n) => ({
      unit: 'A',
      state: 's',
      remainingMs: 1,
      closedAt: `2020-01-01T00:00:${String(n % 60).padStart(2, '0')}.000Z`,
    }));
    const recent = oneTo(1_000).map(() => ({ unit: 'A', state: 's', remainingMs: 2, closedAt: '2021-01-01T00:00:00.000Z' }));
    expect(SettlingTimes.of([...old, ...recent]).usual('A', 's')!.remaining).toEqual(recent.map(() => 2));
  });
});

describe('the save-list', () => {
  it('names a dossier with the numbers behind it', () => {
    const steps = [{ step: 'check', at: at(6, 9) }];
    // Left: Wednesday 08:00–17:00 seven hours, Thursday eight, Friday one. Usual: the 12th of 1 … 40 hours.
    const found = listOf([open({ steps })], times(oneTo(40), 'check'));
    expect(found).toEqual({
      listed: [
        {
          id: 'W-1',
          unit: 'A',
          dueAt: at(9, 8),
          state: 'check',
          since: at(6, 9),
          leftMs: 16 * HOUR,
          usualMs: 12 * HOUR,
          moveBy: at(7, 14),
          samples: 40,
          longer: 24,
          of: 'unit',
        },
      ],
      inTime: 0,
      unknown: [],
      overdue: 0,
    });
  });

  it.each([
    ['needs usually as much as is left after today', 9, false],
    ['needs usually an hour more', 10, true],
  ])('a dossier that %s', (_name, hours, isNamed) => {
    const found = listOf([open({})], times(Array<number>(LEAST_SAMPLES).fill(hours), ''));
    expect([found.listed.length, found.inTime]).toEqual(isNamed ? [1, 0] : [0, 1]);
  });

  it('judges by the state at the moment of asking, not by what was entered for later', () => {
    const steps = [{ step: 'check', at: at(8, 9) }];
    const found = listOf([open({ steps })], [...times(Array<number>(20).fill(40), ''), ...times(Array<number>(20).fill(1), 'check')]);
    expect(found.listed).toMatchObject([{ state: '', since: at(5, 8) }]);
  });

  it('has no verdict where history is too small, and says how small', () => {
    const found = listOf([open({})], [...times(oneTo(LEAST_SAMPLES - 3), ''), ...times([1, 2], '', 'B')]);
    expect(found.listed).toEqual([]);
    expect(found.unknown).toEqual([
      { id: 'W-1', unit: 'A', dueAt: at(9, 8), state: '', since: at(5, 8), why: 'no-history', samples: LEAST_SAMPLES - 1 },
    ]);
  });

  it('falls back to all units where the unit has too little, and says so', () => {
    const found = listOf([open({})], [...times([1], ''), ...times(Array<number>(20).fill(30), '', 'B')]);
    expect(found.listed).toMatchObject([{ of: 'all-units', samples: 21, usualMs: 30 * HOUR }]);
  });

  it('has no verdict where the calendar does not know the years', () => {
    const found = listOf([open({ dueAt: '2022-03-01T01:00:00.000Z' })], times(oneTo(40), ''));
    expect(found.unknown).toMatchObject([{ id: 'W-1', why: 'no-calendar' }]);
  });

  it('counts what is late already, and does not name it', () => {
    expect(listOf([open({ dueAt: NOW.toISOString() })], times(oneTo(40), ''))).toEqual({ listed: [], inTime: 0, unknown: [], overdue: 1 });
  });

  it('puts the most urgent first, whatever order they come in', () => {
    const dossiers = [open({ id: 'c', dueAt: at(9, 9) }), open({ id: 'b', dueAt: at(8, 9) }), open({ id: 'a', dueAt: at(9, 9) })];
    const history = times(Array<number>(20).fill(40), '');
    for (const order of [dossiers, dossiers.toReversed()])
      expect(listOf(order, history).listed.map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  });

  const hours = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 60 });
  const dueAfter = fc.integer({ min: 1, max: 400 }).map((quarters) => new Date(NOW.getTime() + quarters * (HOUR / 4)).toISOString());

  it('never lets a dossier go because less time is left', () => {
    fc.assert(
      fc.property(hours, dueAfter, dueAfter, fc.integer({ min: 1, max: 100 }), (history, one, other, percent) => {
        const [sooner, later] = one < other ? [one, other] : [other, one];
        const isNamed = (dueAt: string): boolean => listOf([open({ dueAt })], times(history, ''), percent).listed.length === 1;
        expect(isNamed(sooner) || !isNamed(later)).toBe(true);
      }),
    );
  });

  it('names more, never fewer, the higher the quantile', () => {
    fc.assert(
      fc.property(hours, dueAfter, fc.integer({ min: 1, max: 99 }), (history, dueAt, percent) => {
        const named = (which: number): number => listOf([open({ dueAt })], times(history, ''), which).listed.length;
        expect(named(percent + 1)).toBeGreaterThanOrEqual(named(percent));
      }),
    );
  });

  it('is not changed by what other units do, nor by the order of history, where the unit has enough of its own', () => {
    const enough = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: LEAST_SAMPLES, maxLength: 60 });
    fc.assert(
      fc.property(enough, hours, dueAfter, (own, others, dueAt) => {
        const alone = listOf([open({ dueAt })], times(own, ''));
        expect(listOf([open({ dueAt })], [...times(others, '', 'B'), ...times(own.toReversed(), '')])).toEqual(alone);
      }),
    );
  });

  it('names exactly those that have to move before the day is over', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), dueAfter, (usual, dueAt) => {
        const found = listOf([open({ dueAt })], times(Array<number>(20).fill(usual), ''));
        const moveBy = calendar.subtractWorkingMs(new Date(dueAt), usual * HOUR).toISOString();
        expect(found.listed.map((each) => each.moveBy)).toEqual(moveBy < endOfDay(NOW, calendar.timeZone).toISOString() ? [moveBy] : []);
      }),
    );
  });
});

describe('the end of a day', () => {
  it.each([
    ['2021-07-07T00:00:00.000Z', 'Asia/Ho_Chi_Minh', '2021-07-07T17:00:00.000Z'],
    ['2021-07-07T17:00:00.000Z', 'Asia/Ho_Chi_Minh', '2021-07-08T17:00:00.000Z'],
    ['2011-03-27T00:30:00.000Z', 'Europe/Amsterdam', '2011-03-27T22:00:00.000Z'],
    ['2021-07-07T00:00:00.000Z', 'Asia/Kathmandu', '2021-07-07T18:15:00.000Z'],
  ])('of %s in %s is %s', (instant, zone, midnight) => expect(endOfDay(new Date(instant), zone).toISOString()).toBe(midnight));
});
