import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CalendarYearMissing, vietnamCalendar, WorkingCalendar } from './working-calendar.ts';
import { type CalendarData, CalendarMistake } from './working-calendar-data.ts';

const HOUR = 3_600_000;
const DAY = 86_400_000;
const hue = vietnamCalendar();

/** An instant by the clocks of Huế: `2021-03-01 08:30`. */
const at = (text: string): Date => new Date(`${text.replace(' ', 'T')}+07:00`);
const clockOfHue = (instant: Date): string => new Date(instant.getTime() + 7 * HOUR).toISOString().slice(0, 16).replace('T', ' ');
const days = (amount: number) => ({ amount, unit: 'working-day' as const });
const hours = (amount: number) => ({ amount, unit: 'working-hour' as const });
const daysOf = (year: number): string[] => {
  const all: string[] = [];
  for (let time = Date.UTC(year, 0, 1); time < Date.UTC(year + 1, 0, 1); time += DAY) all.push(new Date(time).toISOString().slice(0, 10));
  return all;
};

const FULL = ['07:00-11:30', '13:30-17:00'];
const WEEK = { monday: FULL, tuesday: FULL, wednesday: FULL, thursday: FULL, friday: FULL };
/** A calendar of its own: by default the hours of Huế, no holidays, 2021 to 2023. */
function calendar(changes: Partial<CalendarData> = {}): WorkingCalendar {
  return WorkingCalendar.of({
    name: { vi: 'Thử', en: 'Test' },
    timeZone: 'Asia/Ho_Chi_Minh',
    officeHours: [{ from: '2000-01-01', ...WEEK }],
    years: { 2021: [], 2022: [], 2023: [] },
    ...changes,
  });
}

describe('the shipped calendar', () => {
  it.each([
    [2021, 250],
    [2022, 249],
    [2023, 249],
    [2024, 251],
    [2025, 250],
    [2026, 250],
  ])('%i has %i working days of eight hours', (year, expected) => {
    expect(daysOf(year).filter((day) => hue.isWorkingDay(day))).toHaveLength(expected);
    expect(hue.workingMsBetween(at(`${year}-01-01 00:00`), at(`${year + 1}-01-01 00:00`))).toBe(expected * 8 * HOUR);
  });

  // Counted by hand from the notices: every weekday that is not worked, and every weekend day that is.
  it.each([
    [2021, '01-01 02-10 02-11 02-12 02-15 02-16 04-21 04-30 05-03 09-02 09-03', ''],
    [2022, '01-03 01-31 02-01 02-02 02-03 02-04 04-11 05-02 05-03 09-01 09-02', ''],
    [2023, '01-02 01-20 01-23 01-24 01-25 01-26 05-01 05-02 05-03 09-01 09-04', ''],
    [2024, '01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03', '05-04'],
    [2025, '01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02', '04-26'],
    [2026, '01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02', '01-10 08-22'],
  ])('%i is closed on %s and works on %j', (year, off, work) => {
    const isWeekend = (day: string): boolean => [0, 6].includes(new Date(day).getUTCDay());
    const short = (day: string): string => day.slice(5);
    const list = daysOf(year);
    expect(list.filter((day) => !isWeekend(day) && !hue.isWorkingDay(day)).map(short)).toEqual(off.split(' '));
    expect(list.filter((day) => isWeekend(day) && hue.isWorkingDay(day)).map(short)).toEqual(work === '' ? [] : work.split(' '));
    for (const day of work === '' ? [] : work.split(' ')) expect(hue.hoursOn(`${year}-${day}`)).toEqual(hue.hoursOn('2021-03-01'));
  });

  it('is closed on the days of the moon: the first three of the year and the tenth of the third month', () => {
    // The Chinese calendar of ICU has the same months as the Vietnamese in these years.
    const moon = new Intl.DateTimeFormat('en-u-ca-chinese', { timeZone: 'UTC', month: 'numeric', day: 'numeric' });
    const moonDays = new Set(['1/1', '1/2', '1/3', '3/10']);
    for (const year of hue.years()) {
      const closed = daysOf(year).filter((day) => moonDays.has(moon.format(new Date(day))));
      expect(closed).toHaveLength(4);
      expect(closed.filter((day) => hue.isWorkingDay(day))).toEqual([]);
    }
  });

  it('knows its years and no other', () => {
    expect(hue.years()).toEqual([2021, 2022, 2023, 2024, 2025, 2026]);
    expect([2020, 2021, 2026, 2027].map((year) => hue.hasYear(year))).toEqual([false, true, true, false]);
  });
});

describe('a term in working days', () => {
  it.each([
    ['the slip of the brief: same hour, three days on', '2021-03-01 08:30', 3, '2021-03-04 08:30'],
    ['over a weekend', '2021-03-05 16:00', 2, '2021-03-09 16:00'],
    ['over Tết Tân Sửu', '2021-02-09 10:15', 1, '2021-02-17 10:15'],
    ['over Tết Nhâm Dần', '2022-01-28 10:15', 1, '2022-02-07 10:15'],
    ['over Tết Quý Mão', '2023-01-19 10:15', 1, '2023-01-27 10:15'],
    ['over Tết Giáp Thìn', '2024-02-07 10:15', 1, '2024-02-15 10:15'],
    ['over Tết Ất Tỵ', '2025-01-24 10:15', 1, '2025-02-03 10:15'],
    ['over Tết Bính Ngọ', '2026-02-13 10:15', 1, '2026-02-23 10:15'],
    ['received in the middle of Tết: the 17th is its first day', '2021-02-12 09:00', 1, '2021-02-17 17:00'],
    ['over 30/4 and 1/5, with the make-up Saturday 4 May', '2024-04-26 14:00', 2, '2024-05-03 14:00'],
    ['due on the make-up Saturday itself', '2024-05-03 14:00', 1, '2024-05-04 14:00'],
    ['the make-up Saturday 26 April counts', '2025-04-25 09:00', 3, '2025-04-29 09:00'],
    ['and 2 May 2025 does not', '2025-04-29 09:00', 1, '2025-05-05 09:00'],
    ['the make-up Saturday 10 January 2026', '2026-01-09 15:00', 1, '2026-01-10 15:00'],
    ['over National Day 2026 with its exchange', '2026-08-21 15:00', 6, '2026-08-28 15:00'],
    ['and past it', '2026-08-28 15:00', 1, '2026-09-03 15:00'],
    ['at the end of a month', '2021-05-31 11:00', 1, '2021-06-01 11:00'],
    ['at the end of a year', '2021-12-31 11:00', 1, '2022-01-04 11:00'],
    ['the whole of 2021 from its first working hour', '2021-01-04 07:00', 250, '2022-01-04 07:00'],
    ['in the lunch break, from the afternoon', '2021-03-01 12:10', 2, '2021-03-03 13:30'],
    ['at the start of the break, from the afternoon', '2021-03-01 11:30', 2, '2021-03-03 13:30'],
    ['at the end of the break', '2021-03-01 13:30', 2, '2021-03-03 13:30'],
    ['before the morning, from its start: Monday is not counted (Civil Code 147)', '2021-03-01 05:45', 3, '2021-03-04 07:00'],
    ['at the opening', '2021-03-01 07:00', 3, '2021-03-04 07:00'],
    ['just before the closing, at the same hour', '2021-03-01 16:59', 3, '2021-03-04 16:59'],
    ['at the closing, at the closing', '2021-03-01 17:00', 3, '2021-03-04 17:00'],
    ['after hours: Monday is not counted, three days are over at the closing', '2021-03-01 22:01', 3, '2021-03-04 17:00'],
    ['on a day off: Monday to Wednesday', '2021-03-06 20:00', 3, '2021-03-10 17:00'],
    ['due Monday and not Saturday', '2021-03-05 06:00', 6, '2021-03-15 07:00'],
  ])('%s', (_, from, amount, due) => {
    expect(clockOfHue(hue.addTerm(at(from), days(amount)))).toBe(due);
  });

  it('ends on the n-th working day after the day of receipt (Civil Code 147.2-3, 148.5), at the hour from which it counts or at the closing', () => {
    const working = [2021, 2022, 2023, 2024, 2025, 2026].flatMap(daysOf).filter((day) => hue.isWorkingDay(day));
    const receipt = fc.integer({ min: at('2021-01-01 00:00').getTime() / 60_000, max: at('2026-06-30 00:00').getTime() / 60_000 });
    fc.assert(
      fc.property(receipt, fc.integer({ min: 1, max: 60 }), (minute, amount) => {
        const [day = '', clock = ''] = clockOfHue(new Date(minute * 60_000)).split(' ');
        const due = working.filter((other) => other > day)[amount - 1];
        let hour = clock;
        if (clock >= '17:00' || !working.includes(day)) hour = '17:00';
        else if (clock < '07:00') hour = '07:00';
        else if (clock >= '11:30' && clock < '13:30') hour = '13:30';
        expect(clockOfHue(hue.addTerm(new Date(minute * 60_000), days(amount)))).toBe(`${due} ${hour}`);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a term in working hours', () => {
  it.each([
    ['2021-03-01 08:30', 8, '2021-03-02 08:30'],
    ['2021-03-01 07:00', 4, '2021-03-01 11:00'],
    ['2021-03-01 09:30', 2, '2021-03-01 11:30'],
    ['2021-03-01 09:31', 2, '2021-03-01 13:31'],
    ['2021-03-01 07:00', 8, '2021-03-01 17:00'],
    ['2021-03-01 17:00', 8, '2021-03-02 17:00'],
    ['2021-03-01 19:00', 8, '2021-03-02 17:00'],
    ['2021-03-05 16:00', 8, '2021-03-08 16:00'],
    ['2021-12-31 16:00', 2, '2022-01-04 08:00'],
  ])('from %s, %i hours end at %s', (from, amount, due) => {
    expect(clockOfHue(hue.addTerm(at(from), hours(amount)))).toBe(due);
  });
});

describe('the hand-over to the unit (Decree 61/2018 art. 18)', () => {
  it.each([
    ['in the morning: the same day', '2021-03-01 08:30', '2021-03-01 17:00'],
    ['before the morning', '2021-03-01 05:00', '2021-03-01 17:00'],
    ['in the break', '2021-03-01 12:00', '2021-03-01 17:00'],
    ['at 15:00 sharp', '2021-03-01 15:00', '2021-03-01 17:00'],
    ['after 15:00: the first hour of the next working day', '2021-03-01 15:01', '2021-03-02 08:00'],
    ['after hours', '2021-03-01 21:00', '2021-03-02 08:00'],
    ['after 15:00 on a Friday', '2021-03-05 15:30', '2021-03-08 08:00'],
    ['on a Saturday: in the course of Monday', '2021-03-06 10:00', '2021-03-08 17:00'],
    ['after 15:00 on the eve of Tết', '2021-02-09 16:00', '2021-02-17 08:00'],
    ['during Tết', '2021-02-12 16:00', '2021-02-17 17:00'],
    ['on a make-up Saturday', '2024-05-04 09:00', '2024-05-04 17:00'],
  ])('%s', (_, received, until) => {
    expect(clockOfHue(hue.transferDeadline(at(received)))).toBe(until);
  });

  it('follows the hours of the office and the settings of the file', () => {
    const own = calendar({
      officeHours: [{ from: '2000-01-01', ...WEEK, saturday: ['07:00-11:30'] }],
      transfer: { cutOff: '10:00', firstHours: 2 },
    });
    expect(clockOfHue(own.transferDeadline(at('2021-03-06 09:00')))).toBe('2021-03-06 11:30');
    expect(clockOfHue(own.transferDeadline(at('2021-03-06 10:30')))).toBe('2021-03-08 09:00');
    const late = calendar({ officeHours: [{ from: '2000-01-01', ...WEEK, saturday: ['07:00-11:30'] }] });
    expect(clockOfHue(late.transferDeadline(at('2021-03-06 11:30')))).toBe('2021-03-08 08:00');
  });
});

describe('years without data', () => {
  const missing = (work: () => unknown): number | undefined => {
    try {
      work();
    } catch (error) {
      if (error instanceof CalendarYearMissing) return error.year;
      throw error;
    }
    return undefined;
  };

  it.each<[string, () => unknown, number]>([
    ['a log of 2011', () => hue.addTerm(at('2011-03-01 08:30'), days(3)), 2011],
    ['an end in the next year', () => hue.addTerm(at('2026-12-31 08:30'), days(1)), 2027],
    ['an end that the Civil Code puts into the next year', () => hue.addTerm(at('2026-12-31 07:00'), days(1)), 2027],
    ['what counts from the next year', () => hue.addWorkingMs(at('2026-12-31 18:00'), 0), 2027],
    ['measuring out of it', () => hue.workingMsBetween(at('2026-12-31 08:30'), at('2027-01-01 00:01')), 2027],
    ['measuring into it', () => hue.workingMsBetween(at('2020-12-31 23:59'), at('2021-01-04 09:00')), 2020],
    ['taking away', () => hue.subtractWorkingMs(at('2021-01-04 09:00'), 3 * HOUR), 2020],
    ['a hand-over', () => hue.transferDeadline(at('2026-12-31 16:00')), 2027],
    ['a day', () => hue.isWorkingDay('2027-01-01'), 2027],
    ['hours', () => hue.hoursOn('2012-12-31'), 2012],
  ])('%s', (_, work, year) => {
    expect(missing(work)).toBe(year);
  });

  it('are named in both languages and under a code', () => {
    expect(() => hue.addTerm(at('2027-03-01 08:30'), days(3))).toThrow('calendar.no-year');
    expect(new CalendarYearMissing(2027)).toMatchObject({
      code: 'calendar.no-year',
      text: { vi: 'lịch làm việc chưa có dữ liệu năm 2027', en: 'the working calendar has no data for the year 2027' },
    });
  });

  it('does not need the next year for what ends with the last hour, or the midnight, of this one', () => {
    expect(clockOfHue(hue.addWorkingMs(at('2026-12-31 16:00'), HOUR))).toBe('2026-12-31 17:00');
    expect(hue.workingMsBetween(at('2026-12-31 16:00'), at('2027-01-01 00:00'))).toBe(HOUR);
    expect(clockOfHue(hue.subtractWorkingMs(at('2027-01-01 00:00'), HOUR))).toBe('2026-12-31 16:00');
    expect(hue.workingMsBetween(at('2030-01-02 00:00'), at('2030-01-01 00:00'))).toBe(0);
  });

  it('a gap is a gap: nothing reaches over it', () => {
    const gap = calendar({ years: { 2021: [], 2023: [] } });
    expect(missing(() => gap.addTerm(at('2021-12-31 08:30'), days(1)))).toBe(2022);
    expect(missing(() => gap.workingMsBetween(at('2021-12-31 08:30'), at('2023-01-10 08:30')))).toBe(2022);
    expect(missing(() => gap.subtractWorkingMs(at('2023-01-02 08:30'), 2 * HOUR))).toBe(2022);
    expect(clockOfHue(gap.addTerm(at('2023-01-02 08:30'), days(1)))).toBe('2023-01-03 08:30');
  });
});

describe('hours other than eight a day', () => {
  const offices = calendar({
    offices: {
      'half-saturday': { officeHours: [{ from: '2000-01-01', ...WEEK, saturday: ['07:00-11:30'] }] },
      seven: { officeHours: [{ from: '2000-01-01', monday: ['08:00-15:00'], tuesday: ['08:00-15:00'], wednesday: ['08:00-15:00'] }] },
      seasons: {
        officeHours: [
          { from: '2021-04-16', ...WEEK },
          { from: '2021-10-16', monday: ['08:00-16:00'], tuesday: ['08:00-16:00'], friday: ['08:00-16:00'] },
        ],
      },
    },
  });

  it.each([
    ['half-saturday', '2021-03-05 08:30', 1, '2021-03-06 08:30'],
    ['half-saturday', '2021-03-05 08:30', 2, '2021-03-08 14:00'],
    ['half-saturday', '2021-03-05 07:00', 1, '2021-03-06 07:00'],
    ['half-saturday', '2021-03-05 13:30', 1, '2021-03-06 11:30'],
    ['seven', '2021-03-01 08:30', 2, '2021-03-03 08:30'],
    ['seven', '2021-03-02 08:30', 2, '2021-03-08 08:30'],
    ['seven', '2021-03-05 08:30', 1, '2021-03-08 15:00'],
    ['seasons', '2021-10-15 09:00', 1, '2021-10-18 10:00'],
    ['unknown-office', '2021-03-05 08:30', 1, '2021-03-08 08:30'],
  ])('%s: from %s, %i working days end at %s', (office, from, amount, due) => {
    expect(clockOfHue(offices.addTerm(at(from), days(amount), { office }))).toBe(due);
  });

  it('gives each date the hours in force', () => {
    expect(offices.isWorkingDay('2021-03-06')).toBe(false);
    expect(offices.isWorkingDay('2021-03-06', { office: 'half-saturday' })).toBe(true);
    expect(offices.hoursOn('2021-04-15', { office: 'seasons' })).toHaveLength(2);
    expect(offices.hoursOn('2021-10-18', { office: 'seasons' })).toEqual([{ from: 480, to: 960 }]);
    expect(offices.isWorkingDay('2021-10-20', { office: 'seasons' })).toBe(false);
  });

  it('a make-up day has the hours of the day that it makes up for', () => {
    const swapped = calendar({
      officeHours: [{ from: '2000-01-01', ...WEEK, friday: ['07:00-11:00'], saturday: ['09:00-10:00'] }],
      offices: { 'no-friday': { officeHours: [{ from: '2000-01-01', monday: FULL, saturday: ['09:00-10:00'] }] } },
      years: {
        2021: [
          {
            occasion: 'other',
            name: { vi: 'Hoán đổi', en: 'Exchange' },
            exchanged: [{ off: '2021-12-31', work: '2022-01-08' }],
            source: 'test',
            confirmed: true,
          },
        ],
        2022: [],
      },
    });
    expect(swapped.isWorkingDay('2021-12-31')).toBe(false);
    expect(swapped.hoursOn('2022-01-08')).toEqual([{ from: 420, to: 660 }]);
    expect(swapped.hoursOn('2022-01-08', { office: 'no-friday' })).toEqual([{ from: 540, to: 600 }]);
    expect(swapped.hoursOn('2022-01-15')).toEqual([{ from: 540, to: 600 }]);
  });
});

describe('clocks that change', () => {
  const night = { monday: ['22:00-24:00'], sunday: ['00:00-02:30', '03:00-06:00'], saturday: ['02:00-03:00'] };
  const zoned = (timeZone: string, years: CalendarData['years'] = { 2011: [], 2012: [], 2021: [], 2022: [] }): WorkingCalendar =>
    calendar({ timeZone, years, offices: { night: { officeHours: [{ from: '2000-01-01', ...night }] } } });
  const amsterdam = zoned('Europe/Amsterdam');

  it('keeps the hour of the clocks over the change', () => {
    expect(amsterdam.addTerm(new Date('2021-03-26T08:30+01:00'), days(1))).toEqual(new Date('2021-03-29T08:30+02:00'));
    expect(amsterdam.addTerm(new Date('2021-10-29T08:30+02:00'), days(1))).toEqual(new Date('2021-11-01T08:30+01:00'));
    expect(zoned('Australia/Lord_Howe').addTerm(new Date('2021-10-01T08:30+10:30'), days(1))).toEqual(new Date('2021-10-04T08:30+11:00'));
  });

  it('counts real time in a night with the change in it, and no time that the clocks skip', () => {
    const nights = (from: string, to: string): number =>
      amsterdam.workingMsBetween(new Date(from), new Date(to), { office: 'night' }) / HOUR;
    expect(nights('2021-03-21T00:00+01:00', '2021-03-21T12:00+01:00')).toBe(5.5);
    // 28/03/2021: 02:00 to 03:00 does not exist.
    expect(nights('2021-03-28T00:00+01:00', '2021-03-28T12:00+02:00')).toBe(5);
    // 31/10/2021: 02:00 to 03:00 comes twice. A time that comes twice is its first: closed from 02:30 to 03:00 takes an hour and a half.
    expect(nights('2021-10-31T00:00+02:00', '2021-10-31T12:00+01:00')).toBe(5.5);
    expect(amsterdam.workingMsBetween(new Date('2021-10-31T00:30Z'), new Date('2021-10-31T02:00Z'), { office: 'night' })).toBe(0);
    // Open until midnight, on the day on which there is one.
    expect(amsterdam.addTerm(new Date('2021-03-29T22:00+02:00'), hours(2), { office: 'night' })).toEqual(
      new Date('2021-03-30T00:00+02:00'),
    );
  });

  it('does not work on a day that a zone left out', () => {
    const apia = zoned('Pacific/Apia');
    // Samoa went from Thursday 29/12/2011 to Saturday 31/12/2011.
    expect(apia.addTerm(new Date('2011-12-29T08:30-10:00'), days(1))).toEqual(new Date('2012-01-02T08:30+14:00'));
    expect(apia.workingMsBetween(new Date('2011-12-29T08:30-10:00'), new Date('2012-01-02T08:30+14:00'))).toBe(8 * HOUR);
  });
});

describe('adding, measuring and taking away', () => {
  const calendars: [string, WorkingCalendar, string | undefined][] = [
    ['Huế', hue, undefined],
    [
      'half Saturdays at Amsterdam',
      calendar({
        timeZone: 'Europe/Amsterdam',
        officeHours: [{ from: '2000-01-01', ...WEEK, saturday: ['07:00-11:30'] }],
        years: { 2021: [], 2022: [], 2023: [], 2024: [], 2025: [], 2026: [] },
      }),
      undefined,
    ],
    [
      'nights at New York',
      calendar({
        timeZone: 'America/New_York',
        offices: {
          night: { officeHours: [{ from: '2000-01-01', sunday: ['01:15-04:00'], monday: ['22:00-24:00'], friday: ['00:00-08:00'] }] },
        },
        years: { 2021: [], 2022: [], 2023: [], 2024: [], 2025: [], 2026: [] },
      }),
      'night',
    ],
  ];
  const instant = fc
    .integer({ min: at('2022-01-01 00:00').getTime(), max: at('2025-06-30 00:00').getTime() })
    .chain((time) => fc.constantFrom(time, Math.round(time / 1_800_000) * 1_800_000))
    .map((time) => new Date(time));
  const length = fc.oneof(
    fc.integer({ min: 0, max: 200 * HOUR }),
    fc.integer({ min: 0, max: 400 }).map((half) => (half * HOUR) / 2),
  );
  const term = fc.record({
    amount: fc.integer({ min: 1, max: 40 }),
    unit: fc.constantFrom('working-day' as const, 'working-hour' as const),
  });

  describe.each(calendars)('%s', (_, subject, office) => {
    const options = office === undefined ? {} : { office };
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: subject.timeZone, dateStyle: 'short', timeStyle: 'medium' });
    /** Judged by the clocks on the wall, not by the calendar's own arrays; both ends of a span are inside, and midnight is also 24:00. */
    const isInside = (moment: Date): boolean => {
      const on = (time: number): { date: string; minute: number } => {
        const [date = '', clock = ''] = format.format(time).split(' ');
        const [hour = 0, minute = 0, second = 0] = clock.split(':').map(Number);
        return { date, minute: hour * 60 + minute + second / 60 };
      };
      const { date, minute } = on(moment.getTime());
      const exact = minute + (moment.getTime() % 1000) / 60_000;
      const spans = subject.hoursOn(date, options);
      if (spans.some((span) => span.from <= exact && exact <= span.to)) return true;
      // In an hour that the clocks show twice, what opened in its first pass stays open through the second.
      const anHourBefore = on(moment.getTime() - HOUR);
      const isSecondPass = anHourBefore.date === date && anHourBefore.minute === minute;
      if (isSecondPass && spans.some((span) => span.from < (Math.floor(exact / 60) + 1) * 60 && exact <= span.to)) return true;
      const before = on(moment.getTime() - 60_000);
      return exact === 0 && subject.hoursOn(before.date, options).some((span) => span.to === 1440);
    };
    const later = (moment: Date, ms: number): Date => subject.addWorkingMs(moment, ms, options);
    const earlier = (moment: Date, ms: number): Date => subject.subtractWorkingMs(moment, ms, options);
    const between = (from: Date, to: Date): number => subject.workingMsBetween(from, to, options);

    it('measures what was added, and never ends outside office hours', () => {
      fc.assert(
        fc.property(instant, length, (from, ms) => {
          const end = later(from, ms);
          expect(between(from, end)).toBe(ms);
          expect(end >= from && isInside(end)).toBe(true);
        }),
        { numRuns: 300 },
      );
    });

    it('does so for terms, whose length is a whole number of full days or hours', () => {
      fc.assert(
        fc.property(instant, term, (from, { amount, unit }) => {
          const due = subject.addTerm(from, { amount, unit }, options);
          expect(between(from, due)).toBe(amount * (unit === 'working-day' ? 8 : 1) * HOUR);
          expect(isInside(due)).toBe(true);
        }),
        { numRuns: 300 },
      );
    });

    it('is monotone in its start and in its length', () => {
      fc.assert(
        fc.property(instant, fc.integer({ min: 0, max: 3 * DAY }), length, length, term, (from, wait, ms, more, { amount, unit }) => {
          const after = new Date(from.getTime() + wait);
          expect(later(after, ms) >= later(from, ms)).toBe(true);
          expect(later(from, ms + more) >= later(from, ms)).toBe(true);
          expect(earlier(after, ms) >= earlier(from, ms)).toBe(true);
          expect(subject.addTerm(after, { amount, unit }, options) >= subject.addTerm(from, { amount, unit }, options)).toBe(true);
          expect(subject.addTerm(from, { amount: amount + 1, unit }, options) > subject.addTerm(from, { amount, unit }, options)).toBe(
            true,
          );
          expect(subject.transferDeadline(after, options) >= subject.transferDeadline(from, options)).toBe(true);
        }),
        { numRuns: 200 },
      );
    });

    it('adds up: in two steps as in one, and over any moment between', () => {
      fc.assert(
        fc.property(instant, length, length, (from, first, second) => {
          const halfway = later(from, first);
          const end = later(halfway, second);
          expect(end).toEqual(later(from, first + second));
          expect(between(from, halfway) + between(halfway, end)).toBe(between(from, end));
          expect(earlier(earlier(end, second), first)).toEqual(earlier(end, first + second));
        }),
        { numRuns: 300 },
      );
    });

    it('takes away what was added: the latest moment from which as much remains', () => {
      fc.assert(
        fc.property(instant, length, (to, ms) => {
          const from = earlier(to, ms);
          expect(from <= to && isInside(from)).toBe(true);
          expect(between(from, to)).toBe(ms);
          // A millisecond later, less remains; where nothing was taken away, `from` is the last moment of work before `to`.
          if (ms > 0) expect(between(new Date(from.getTime() + 1), to)).toBe(ms - 1);
          // Back and forth: to the last moment of work that is not after `to`.
          expect(later(from, ms)).toEqual(ms > 0 ? later(earlier(to, 1), 1) : from);
          // Forth and back: to where counting began.
          if (ms > 0) expect(earlier(later(to, ms), ms)).toEqual(earlier(later(to, 1), 1));
        }),
        { numRuns: 300 },
      );
    });
  });

  it('stays open through an hour that the clocks show twice, which a run of the property above once found', () => {
    const [, nights, office] = calendars[2]!;
    const from = nights.subtractWorkingMs(new Date('2025-01-05T09:00:00.000Z'), 423_000_001, { office: office! });
    expect(nights.workingMsBetween(from, new Date('2025-01-05T09:00:00.000Z'), { office: office! })).toBe(423_000_001);
    // 01:15 was at 05:15 UTC that Sunday, before the clocks went back at 06:00 UTC; this is after, when they showed less than 01:15 again.
    expect(from >= new Date('2024-11-03T06:00:00.000Z') && from < new Date('2024-11-03T06:15:00.000Z')).toBe(true);
  });

  it('two terms of days one after the other are one term of their sum', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 15 }), (from, first, second) => {
        expect(hue.addTerm(hue.addTerm(from, days(first)), days(second))).toEqual(hue.addTerm(from, days(first + second)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('what it refuses', () => {
  it('is an invalid date, and a length that is none', () => {
    const from = at('2021-03-01 08:30');
    expect(() => hue.addWorkingMs(new Date('x'), 1)).toThrow(RangeError);
    expect(() => hue.workingMsBetween(from, new Date('x'))).toThrow(RangeError);
    expect(() => hue.addWorkingMs(from, -1)).toThrow(RangeError);
    expect(() => hue.addWorkingMs(from, 0.5)).toThrow(RangeError);
    expect(() => hue.subtractWorkingMs(from, Number.NaN)).toThrow(RangeError);
    expect(() => hue.addTerm(from, days(-1))).toThrow(RangeError);
    expect(() => hue.isWorkingDay('2021-02-29')).toThrow(RangeError);
    expect(() => hue.isWorkingDay('01/03/2021')).toThrow(RangeError);
  });

  it('is a calendar with mistakes, all of them named', () => {
    const wrong = (): WorkingCalendar =>
      calendar({
        timeZone: 'Asia/Hue',
        officeHours: [{ from: '2021-06-01', monday: ['08:00-07:00'] }, { from: '2021-01-01' }],
        years: {
          2021: [
            { occasion: 'tet', holidays: ['2021-02-30', '2022-02-01'], source: 's', confirmed: true },
            { occasion: 'other', exchanged: [{ off: '2021-03-01', work: '2021-03-01' }], source: 's', confirmed: true },
          ],
        },
      });
    let mistake: unknown;
    try {
      wrong();
    } catch (error) {
      mistake = error;
    }
    expect(mistake).toBeInstanceOf(CalendarMistake);
    const { faults, text } = mistake as CalendarMistake;
    expect(faults.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual([
      'calendar.unknown-zone timeZone',
      'calendar.hours-order officeHours.0.monday.0',
      'calendar.hours-order officeHours.1.from',
      'calendar.hours-missing officeHours.1',
      'calendar.hours-missing officeHours.0.from',
      'calendar.no-such-day years.2021.0.holidays.0',
      'calendar.wrong-year years.2021.0.holidays.1',
      'calendar.day-twice years.2021.1.exchanged.0.work',
      'calendar.nameless years.2021.1.occasion',
    ]);
    expect(text.vi).toContain('years.2021[0].holidays[0]: ngày 2021-02-30 không tồn tại');
    expect(text.en).toContain('years.2021[0].holidays[0]: there is no day 2021-02-30');
  });
});
