import { describe, expect, it } from '@jest/globals';
import { vietnamCalendar } from '@par/administration';
import fc from 'fast-check';
import { StepClock } from './step-clock.ts';

const HOUR = 3_600_000;
/** Local time on a day of July 2021; the 5th is a Monday. Offices work 07:00–11:30 and 13:30–17:00. */
const local = (day: number, hour: number): string => new Date(Date.UTC(2021, 6, day, 0, hour * 60 - 7 * 60)).toISOString();
const clockOf = (stops: { from: string; to?: string }[] = []): StepClock => new StepClock(vietnamCalendar(), stops);

describe('the working time of a step', () => {
  it('is that of the office', () => {
    expect(clockOf().after(local(5, 8), 4)).toBe(local(5, 14));
    expect(clockOf().after(local(9, 16), 4)).toBe(local(12, 10));
    expect(clockOf().between(local(9, 16), local(12, 10))).toBe(4 * HOUR);
  });

  it('does not run while the dossier waits', () => {
    const stops = [{ from: local(5, 9), to: local(6, 9) }];
    expect(clockOf(stops).after(local(5, 8), 2)).toBe(local(6, 10));
    expect(clockOf(stops).between(local(5, 8), local(6, 10))).toBe(2 * HOUR);
    expect(clockOf(stops).after(local(5, 10), 2)).toBe(local(6, 11));
    expect(clockOf(stops).after(local(5, 7), 2)).toBe(local(5, 9));
    expect(clockOf([...stops, { from: local(5, 10), to: local(5, 11) }]).after(local(5, 8), 2)).toBe(local(6, 10));
  });

  it('has no end while nobody knows how long it waits', () => {
    expect(clockOf([{ from: local(5, 9) }]).after(local(5, 8), 2)).toBeUndefined();
    expect(clockOf([{ from: local(5, 10) }]).after(local(5, 8), 2)).toBe(local(5, 10));
    expect(clockOf([{ from: local(5, 9) }]).between(local(5, 8), local(7, 8))).toBe(HOUR);
  });

  it('says nothing of a year without data', () => {
    expect(clockOf().after('2011-07-05T02:00:00.000Z', 2)).toBeUndefined();
    expect(clockOf().between('2011-07-05T02:00:00.000Z', '2011-07-05T03:00:00.000Z')).toBe(0);
    expect(clockOf().after('2026-12-31T09:00:00.000Z', 400)).toBeUndefined();
    expect(clockOf().between('2026-12-31T09:00:00.000Z', '2027-07-05T03:00:00.000Z')).toBe(0);
  });

  const instant = fc
    .integer({ min: 0, max: 20 * 24 * 60 })
    .map((minutes) => new Date(Date.UTC(2021, 6, 1) + minutes * 60_000).toISOString());
  const stop = fc.tuple(instant, instant).map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a }));

  it('measures what it added, whatever the stops', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 60 }), fc.array(stop, { maxLength: 4 }), (since, hours, stops) => {
        const clock = clockOf(stops);
        expect(clock.between(since, clock.after(since, hours)!)).toBe(hours * HOUR);
      }),
    );
  });
});
