import { describe, expect, it } from '@jest/globals';
import { endOfDay, endOfPeriod } from './cut-off.ts';

describe('the end of a period', () => {
  it.each([
    ['2011', 'Asia/Ho_Chi_Minh', '2011-12-31T17:00:00.000Z'],
    ['2021-Q2', 'Asia/Ho_Chi_Minh', '2021-06-30T17:00:00.000Z'],
    ['2011-10', 'Europe/Amsterdam', '2011-10-31T23:00:00.000Z'],
    ['2011-02', 'UTC', '2011-03-01T00:00:00.000Z'],
  ])('%s in %s is %s', (period, timeZone, end) => {
    expect(endOfPeriod(period, timeZone)?.toISOString()).toBe(end);
  });

  it('is none for all time', () => {
    expect(endOfPeriod('all', 'UTC')).toBeUndefined();
  });

  it('knows the nights on which the clocks change', () => {
    expect(endOfDay('2011-03-26', 'Europe/Amsterdam').toISOString()).toBe('2011-03-26T23:00:00.000Z');
    expect(endOfDay('2011-03-27', 'Europe/Amsterdam').toISOString()).toBe('2011-03-27T22:00:00.000Z');
    expect(endOfDay('2011-10-30', 'Europe/Amsterdam').toISOString()).toBe('2011-10-30T23:00:00.000Z');
  });
});
