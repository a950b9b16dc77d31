import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readInstant } from './instant.ts';

describe('an instant', () => {
  it.each([
    ['2021-07-01T08:00:00+07:00', '2021-07-01T01:00:00.000Z'],
    ['2020-02-29T23:59:59.9999Z', '2020-02-29T23:59:59.999Z'],
    ['2010-10-02T00:00:00.5+02:00', '2010-10-01T22:00:00.500Z'],
  ])('%s is %s', (text, iso) => expect(readInstant(text)).toEqual({ ok: true, ms: Date.parse(iso), iso }));

  it.each([
    ['2021-02-30T08:00:00+07:00', 'time.impossible'],
    ['2021-02-29T08:00:00Z', 'time.impossible'],
    ['2021-13-01T08:00:00Z', 'time.impossible'],
    ['2021-04-31T08:00:00Z', 'time.impossible'],
    ['2021-07-01T24:00:00Z', 'time.impossible'],
    ['2021-07-01T08:61:00Z', 'time.impossible'],
    ['2021-07-01T08:00:00+25:00', 'time.impossible'],
    ['2021-07-01T08:00:00', 'time.no-offset'],
    ['2021-07-01', 'time.malformed'],
    ['20210701080000', 'time.malformed'],
    ['2021-07-01 08:00:00+07:00', 'time.malformed'],
    ['2021-07-01T08:00+07:00', 'time.malformed'],
    ['1625101200', 'time.malformed'],
    ['', 'time.malformed'],
  ])('%s is refused as %s', (text, code) => expect(readInstant(text)).toEqual({ ok: false, code }));

  it('is the one that Date means, whatever the offset', () => {
    const day = fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, minutes) => {
        const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
        const offset = `${minutes < 0 ? '-' : '+'}${String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0')}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`;
        expect(readInstant(local + offset)).toEqual({ ok: true, ms: date.getTime(), iso: date.toISOString() });
      }),
    );
  });
});
