import { describe, expect, it } from '@jest/globals';
import { vietnamCalendar, WorkingCalendar } from '@par/administration';
import fc from 'fast-check';
import { apologyDue, reminderTime } from './deadline-times.ts';

const HOUR = 3_600_000;
const HUE = '+07:00';
const office = 'spec-office';
const calendar = vietnamCalendar();
const at = (local: string): Date => new Date(`${local.replace(' ', 'T')}:00${HUE}`);
/** Local date and hour of Huế. */
const clockOf = (date: Date | undefined): string | undefined =>
  date && new Date(date.getTime() + 7 * HOUR).toISOString().slice(0, 16).replace('T', ' ');

describe('when a deadline is reminded of', () => {
  it.each([
    ['the lunch break between', '2026-03-12 16:00', 3, '2026-03-12 11:00'],
    ['due as the afternoon opens', '2026-03-12 13:30', 3, '2026-03-12 08:30'],
    ['due in the lunch break', '2026-03-12 12:10', 3, '2026-03-12 08:30'],
    ['a weekend between', '2026-03-16 08:00', 3, '2026-03-13 15:00'],
    ['due on a Sunday', '2026-03-15 12:00', 3, '2026-03-13 14:00'],
    ['Tết between', '2026-02-23 08:00', 3, '2026-02-13 15:00'],
    ['a whole working day before, Tết between', '2026-02-23 10:00', 8, '2026-02-13 10:00'],
    ['a make-up Saturday between', '2025-04-28 08:00', 3, '2025-04-26 15:00'],
    ['New Year and an exchanged Friday between', '2026-01-05 09:00', 3, '2025-12-31 16:00'],
    ['the last midnight that the calendar knows', '2027-01-01 00:00', 3, '2026-12-31 14:00'],
  ])('%s: due %s, %i hours before is %s', (_, due, hours, expected) => {
    const { at: found, workingTime } = reminderTime(calendar, at(due), hours * HOUR, { office });
    expect([clockOf(found), workingTime]).toEqual([expected, true]);
  });

  it.each([
    ['it began less than that before', '2026-03-12 09:00', '2026-03-12 08:00', '2026-03-12 08:00'],
    ['it began the evening before', '2026-03-12 08:00', '2026-03-11 20:00', '2026-03-12 07:00'],
    ['it began in the lunch break', '2026-03-12 15:00', '2026-03-12 11:45', '2026-03-12 13:30'],
    ['it began long before', '2026-03-12 16:00', '2026-03-01 08:00', '2026-03-12 11:00'],
    ['it is due before an office opens: no reminder', '2026-03-15 12:00', '2026-03-14 09:00', '2026-03-15 12:00'],
    ['it was due before it began: no reminder', '2026-03-12 09:00', '2026-03-13 08:00', '2026-03-12 09:00'],
    ['it began in a year that the calendar does not know, after it was due', '2026-03-12 09:00', '2027-03-13 08:00', '2026-03-12 09:00'],
  ])('never before it began: %s', (_, due, since, expected) => {
    expect(clockOf(reminderTime(calendar, at(due), 3 * HOUR, { office, since: at(since) }).at)).toBe(expected);
  });

  it.each([
    ['a year without data', '2027-01-05 10:00', undefined, '2027-01-05 07:00'],
    ['a year without data, and it began later', '2027-01-05 10:00', '2027-01-05 09:00', '2027-01-05 09:00'],
    ['hours that would begin before the first year', '2021-01-04 08:00', undefined, '2021-01-04 05:00'],
    ['a year beyond all', '9999-12-31 10:00', undefined, '9999-12-31 07:00'],
  ])('in plain hours, and says so: %s', (_, due, since, expected) => {
    const found = reminderTime(calendar, at(due), 3 * HOUR, since === undefined ? { office } : { office, since: at(since) });
    expect([clockOf(found.at), found.workingTime]).toEqual([expected, false]);
  });

  it('goes by the hours of the office', () => {
    const early = WorkingCalendar.of({
      name: { vi: 'Thử', en: 'Spec' },
      timeZone: 'Asia/Ho_Chi_Minh',
      officeHours: [{ from: '2000-01-01', thursday: ['07:00-17:00'] }],
      offices: { [office]: { officeHours: [{ from: '2000-01-01', thursday: ['07:00-12:00'] }] } },
      years: { 2026: [] },
    });
    expect(clockOf(reminderTime(early, at('2026-03-12 16:00'), 3 * HOUR, { office }).at)).toBe('2026-03-12 09:00');
    expect(clockOf(reminderTime(early, at('2026-03-12 16:00'), 3 * HOUR, { office: 'another' }).at)).toBe('2026-03-12 13:00');
  });

  it('is never where no time before is asked for', () => {
    expect(reminderTime(calendar, at('2026-03-15 12:00'), 0, { office }).at).toEqual(at('2026-03-15 12:00'));
  });

  it('lies within office hours, not after the deadline, and leaves no more than the time asked for', () => {
    const instant = fc.date({ min: at('2021-02-01 00:00'), max: at('2026-12-31 17:00'), noInvalidDate: true });
    const minutes = fc.integer({ min: 1, max: 40 * 60 });
    fc.assert(
      fc.property(instant, minutes, fc.option(instant, { nil: undefined }), (due, length, since) => {
        const leadMs = length * 60_000;
        const { at: found, workingTime } = reminderTime(calendar, due, leadMs, since ? { office, since } : { office });
        expect(workingTime).toBe(true);
        expect(found.getTime()).toBeLessThanOrEqual(due.getTime());
        if (since && since <= due) expect(found.getTime()).toBeGreaterThanOrEqual(since.getTime());
        // The deadline itself is no reminder and may lie anywhere.
        if (found < due) expect(calendar.addWorkingMs(found, 0)).toEqual(found);
        const left = calendar.workingMsBetween(found, due);
        expect(left).toBeLessThanOrEqual(leadMs);
        if (!since) expect(left).toBe(leadMs);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('until when an apology slip has to be sent (Decree 61/2018 art. 19.9)', () => {
  it.each([
    ['a working day before', '2026-03-12 08:30', '2026-03-11 08:30'],
    ['due as the week opens', '2026-03-16 07:00', '2026-03-13 07:00'],
    ['Tết between', '2026-02-23 10:00', '2026-02-13 10:00'],
    ['a make-up Saturday between', '2025-04-28 10:00', '2025-04-26 10:00'],
    ['the holidays of September 2025 between', '2025-09-03 09:00', '2025-08-29 09:00'],
    ['a year without data: a plain day before', '2027-01-05 10:00', '2027-01-04 10:00'],
  ])('%s: the term ends %s, at latest %s', (_, due, expected) => {
    expect(clockOf(apologyDue(calendar, at(due), { office }))).toBe(expected);
  });

  it.each([
    ['2026-03-12 10:00', '2026-03-12 08:00'],
    ['2026-03-12 08:30', '2026-03-11 08:30'],
  ])('is never where the term that ends %s began %s', (due, since) => {
    expect(apologyDue(calendar, at(due), { office, since: at(since) })).toBeUndefined();
  });

  it('leaves a working day before the term ends', () => {
    const instant = fc.date({ min: at('2021-02-01 00:00'), max: at('2026-12-31 23:59'), noInvalidDate: true });
    fc.assert(
      fc.property(instant, (due) => {
        expect(calendar.workingMsBetween(apologyDue(calendar, due, { office })!, due)).toBe(8 * HOUR);
      }),
      { numRuns: 300 },
    );
  });
});
