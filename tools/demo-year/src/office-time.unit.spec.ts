import { describe, expect, it } from '@jest/globals';
import {
  afterOfficeTime,
  appointmentOf,
  HOUR,
  instantOf,
  isWorkingDay,
  localText,
  officeInstant,
  utcText,
  YEAR_FROM,
  YEAR_TO,
} from './office-time.ts';

const local = (at: number): string => localText(at).slice(0, 16).replace('T', ' ');

describe('office time of the demo', () => {
  it('is closed at weekends, at Tết and on holidays', () => {
    expect(['2021-02-09', '2021-02-17', '2021-04-22'].every(isWorkingDay)).toBe(true);
    expect(['2021-02-10', '2021-02-13', '2021-02-16', '2021-04-21', '2021-09-02', '2021-03-06'].some(isWorkingDay)).toBe(false);
  });

  it.each([
    ['2021-03-01', '06:10', '2021-03-01 07:00'],
    ['2021-03-01', '12:00', '2021-03-01 13:30'],
    ['2021-03-05', '18:00', '2021-03-08 07:00'],
    ['2021-02-09', '17:00', '2021-02-17 07:00'],
    ['2021-03-01', '10:00', '2021-03-01 10:00'],
  ])('somebody is next at work after %s %s at %s', (date, clock, expected) => {
    expect(local(officeInstant(instantOf(date, clock)))).toBe(expected);
  });

  it('counts office time only', () => {
    expect(local(afterOfficeTime(instantOf('2021-03-01', '10:30'), 2 * HOUR))).toBe('2021-03-01 14:30');
    expect(local(appointmentOf(instantOf('2021-03-04', '16:00'), { amount: 2, unit: 'working-day' }))).toBe('2021-03-08 16:00');
    expect(local(appointmentOf(instantOf('2021-03-01', '16:00'), { amount: 4, unit: 'working-hour' }))).toBe('2021-03-02 10:00');
  });

  it('writes instants with their offset, or in UTC', () => {
    expect(localText(YEAR_FROM)).toBe('2021-01-01T00:00:00+07:00');
    expect(utcText(YEAR_TO)).toBe('2021-12-31T16:59:59.000Z');
  });
});
