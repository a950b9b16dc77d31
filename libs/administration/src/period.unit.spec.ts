import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  endOfPeriod,
  firstDayOf,
  instantOf,
  formattedDate,
  isTimeZone,
  lastDayOf,
  localDate,
  localTime,
  monthOf,
  monthsIn,
  parsePeriod,
  startOfPeriod,
} from './period.ts';

const hue = 'Asia/Ho_Chi_Minh';
const amsterdam = 'Europe/Amsterdam';

describe('the local date of an instant', () => {
  it.each([
    ['2021-06-30T16:59:59.999Z', hue, '2021-06-30'],
    ['2021-06-30T17:00:00.000Z', hue, '2021-07-01'],
    ['2010-12-31T22:59:59.999Z', amsterdam, '2010-12-31'],
    ['2010-12-31T23:00:00.000Z', amsterdam, '2011-01-01'],
    // Summer time: midnight is at 22:00 UTC from 27/03/2011 on and at 23:00 again from 30/10/2011.
    ['2011-03-26T22:59:59.999Z', amsterdam, '2011-03-26'],
    ['2011-03-26T23:00:00.000Z', amsterdam, '2011-03-27'],
    ['2011-03-27T21:59:59.999Z', amsterdam, '2011-03-27'],
    ['2011-03-27T22:00:00.000Z', amsterdam, '2011-03-28'],
    ['2011-10-29T22:00:00.000Z', amsterdam, '2011-10-30'],
    ['2011-10-30T22:59:59.999Z', amsterdam, '2011-10-30'],
    ['2011-10-30T23:00:00.000Z', amsterdam, '2011-10-31'],
    // Samoa left out 30/12/2011.
    ['2011-12-30T09:59:59.999Z', 'Pacific/Apia', '2011-12-29'],
    ['2011-12-30T10:00:00.000Z', 'Pacific/Apia', '2011-12-31'],
    ['0987-06-05T04:03:02.000Z', 'UTC', '0987-06-05'],
  ])('%s in %s is %s', (instant, zone, date) => {
    expect(localDate(new Date(instant), zone)).toBe(date);
    expect(monthOf(new Date(instant), zone)).toBe(date.slice(0, 7));
  });

  it('is what the formatter says, asked twice, also where clocks are set at odd minutes', () => {
    const zones = [hue, amsterdam, 'Pacific/Apia', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC'];
    const edges = ['2010-11-07T02:31:30Z', '2010-11-07T02:30:59Z', '2011-12-30T10:00:00Z', '2021-07-01T17:00:00Z'].map((text) =>
      Date.parse(text),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: Date.parse('1890-01-01'), max: Date.parse('2100-01-01') }),
          fc.tuple(fc.constantFrom(...edges), fc.integer({ min: -7_200_000, max: 7_200_000 })).map(([edge, off]) => edge + off),
        ),
        fc.constantFrom(...zones),
        (ms, zone) => {
          for (const at of [ms, ms + 1_000, ms]) expect(localDate(new Date(at), zone)).toBe(formattedDate(new Date(at), zone));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is seven hours ahead of UTC at Huế in every year of the product', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, min: new Date('1990-01-01'), max: new Date('2100-01-01') }), (instant) => {
        expect(localDate(instant, hue)).toBe(new Date(instant.getTime() + 7 * 3_600_000).toISOString().slice(0, 10));
      }),
    );
  });

  it('never runs backwards', () => {
    const instants = fc.date({ noInvalidDate: true, min: new Date('2010-01-01'), max: new Date('2013-01-01') });
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 7_200_000 }), (instant, later) => {
        expect(localDate(instant, amsterdam) <= localDate(new Date(instant.getTime() + later), amsterdam)).toBe(true);
      }),
    );
  });

  it('refuses an unknown zone and an invalid date', () => {
    expect(() => localDate(new Date(), 'Asia/Hue')).toThrow(RangeError);
    expect(() => localDate(new Date('x'), hue)).toThrow(RangeError);
    expect([isTimeZone(hue), isTimeZone('Asia/Hue'), isTimeZone('')]).toEqual([true, false, false]);
  });
});

describe('the instant of a local time', () => {
  it.each([
    ['2021-07-05', hue, '2021-07-04T17:00:00.000Z'],
    ['2021-07-05T10:00:01', hue, '2021-07-05T03:00:01.000Z'],
    ['2021-03-28T01:59:59', amsterdam, '2021-03-28T00:59:59.000Z'],
    ['2021-03-28T03:00:00', amsterdam, '2021-03-28T01:00:00.000Z'],
    ['2021-10-31T03:00:00', amsterdam, '2021-10-31T02:00:00.000Z'],
  ])('%s in %s is %s', (local, zone, expected) => {
    expect(instantOf(local, zone).toISOString()).toBe(expected);
    expect(localTime(new Date(expected), zone)).toBe(local.length === 10 ? `${local}T00:00:00` : local);
  });

  it('has that local date', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }), (date) => {
        const day = date.toISOString().slice(0, 10);
        expect(localDate(instantOf(day, hue), hue)).toBe(day);
        expect(localDate(new Date(instantOf(day, hue).getTime() - 1), hue) < day).toBe(true);
      }),
    );
  });
});

describe('periods', () => {
  it.each([
    ['2011', '2011-01', '2011-12', '2011-01-01', '2011-12-31'],
    ['2011-Q1', '2011-01', '2011-03', '2011-01-01', '2011-03-31'],
    ['2011-Q4', '2011-10', '2011-12', '2011-10-01', '2011-12-31'],
    ['2011-02', '2011-02', '2011-02', '2011-02-01', '2011-02-28'],
    ['2012-02', '2012-02', '2012-02', '2012-02-01', '2012-02-29'],
    ['2021-06', '2021-06', '2021-06', '2021-06-01', '2021-06-30'],
    ['0031-Q2', '0031-04', '0031-06', '0031-04-01', '0031-06-30'],
  ])('%s: months %s to %s, days %s to %s', (period, from, to, first, last) => {
    expect(parsePeriod(period)).toBe(period);
    expect(monthsIn(period)).toEqual({ from, to });
    expect([firstDayOf(period), lastDayOf(period)]).toEqual([first, last]);
  });

  it('"all" has every month and no ends', () => {
    expect(parsePeriod('all')).toBe('all');
    expect([monthsIn('all'), firstDayOf('all'), lastDayOf('all')]).toEqual([undefined, undefined, undefined]);
  });

  it.each(['', '11', '2011-13', '2011-00', '2011-Q0', '2011-Q5', '2011-q1', '2011-1', '2011-10-01', 'All', 'now', ' 2011'])(
    '%j is none',
    (text) => {
      expect(parsePeriod(text)).toBeUndefined();
      expect(() => monthsIn(text)).toThrow('not a period');
    },
  );

  it('a month lies in its own month, quarter and year and in no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1990, max: 2100 }), fc.integer({ min: 1, max: 12 }), (year, number) => {
        const month = `${year}-${String(number).padStart(2, '0')}`;
        const quarter = Math.ceil(number / 3);
        const containsMonth = (period: string, one: string): boolean => monthsIn(period)!.from <= one && one <= monthsIn(period)!.to;
        expect(containsMonth(month, month) && containsMonth(String(year), month)).toBe(true);
        expect([1, 2, 3, 4].filter((q) => containsMonth(`${year}-Q${q}`, month))).toEqual([quarter]);
        expect(containsMonth(String(year + 1), month) || containsMonth(String(year - 1), month)).toBe(false);
      }),
    );
  });
});

describe('the start of a period', () => {
  it.each(['2011', '2011-10', '2021-Q2', '2021-03'])(
    '%s begins a millisecond after the period before it ends, in zones with and without daylight saving',
    (period) => {
      for (const zone of ['Europe/Amsterdam', 'Asia/Ho_Chi_Minh', 'Pacific/Apia']) {
        const start = startOfPeriod(period, zone)!;
        expect(localDate(start, zone)).toBe(firstDayOf(period));
        expect(localDate(new Date(start.getTime() - 1), zone) < firstDayOf(period)!).toBe(true);
      }
      expect(startOfPeriod('all', 'Asia/Ho_Chi_Minh')).toBeUndefined();
    },
  );
});

describe('the end of a period', () => {
  it.each([
    ['2011', 'Europe/Amsterdam', '2011-12-31T22:59:59.999Z'],
    ['2011-10', 'Europe/Amsterdam', '2011-10-31T22:59:59.999Z'],
    ['2021-Q2', 'Asia/Ho_Chi_Minh', '2021-06-30T16:59:59.999Z'],
    ['2011-12', 'Pacific/Apia', '2011-12-31T09:59:59.999Z'],
  ])('%s in %s is %s', (period, zone, expected) => {
    const end = endOfPeriod(period, zone)!;
    expect(end.toISOString()).toBe(expected);
    expect(localDate(end, zone)).not.toBe(localDate(new Date(end.getTime() + 1), zone));
  });
});
