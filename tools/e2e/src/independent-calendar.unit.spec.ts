import { describe, expect, it } from '@jest/globals';
import { endOf, endOfTerm, isWorkingDay, monthOf, startOf } from './independent-calendar.ts';

const local = (at: number): string => new Date(at + 7 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
const instant = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+07:00`);

describe('the independent calendar', () => {
  it('knows the 250 working days of 2021', () => {
    let working = 0;
    for (let day = Date.parse('2021-01-01T00:00:00Z'); day <= Date.parse('2021-12-31T00:00:00Z'); day += 86_400_000)
      if (isWorkingDay(new Date(day).toISOString().slice(0, 10))) working += 1;
    expect(working).toBe(250);
  });

  it.each([
    // Monday morning, three days on; over a weekend; over Tết (10 to 16 February).
    ['2021-03-01 08:30', 3, '2021-03-04 08:30'],
    ['2021-03-04 16:00', 2, '2021-03-08 16:00'],
    ['2021-02-09 10:00', 1, '2021-02-17 10:00'],
    // Before hours from 07:00, in the lunch break from 13:30.
    ['2021-03-01 06:30', 1, '2021-03-02 07:00'],
    ['2021-03-01 12:00', 1, '2021-03-02 13:30'],
    // After hours and on a day off the day is not counted, and the office closes at 17:00.
    ['2021-03-05 20:00', 2, '2021-03-09 17:00'],
    ['2021-03-06 09:00', 2, '2021-03-09 17:00'],
    ['2021-03-01 17:00', 1, '2021-03-02 17:00'],
  ])('%s and %i working days is %s', (from, amount, end) => {
    expect(local(endOfTerm(instant(from), { amount, unit: 'working-day' }))).toBe(end);
  });

  it.each([
    ['2021-03-01 08:00', 2, '2021-03-01 10:00'],
    ['2021-03-01 10:30', 2, '2021-03-01 14:30'],
    ['2021-03-01 16:30', 2, '2021-03-02 08:30'],
    ['2021-03-05 20:00', 8, '2021-03-08 17:00'],
    ['2021-03-01 07:00', 12, '2021-03-02 11:00'],
  ])('%s and %i working hours is %s', (from, amount, end) => {
    expect(local(endOfTerm(instant(from), { amount, unit: 'working-hour' }))).toBe(end);
  });

  it('begins and ends periods on the clocks of Huế', () => {
    expect(local(startOf('2021'))).toBe('2021-01-01 00:00');
    expect(new Date(endOf('2021')).toISOString()).toBe('2021-12-31T16:59:59.999Z');
    expect(new Date(endOf('2021-02')).toISOString()).toBe('2021-02-28T16:59:59.999Z');
    expect(monthOf(Date.parse('2021-06-30T17:00:00Z'))).toBe('2021-07');
  });
});
