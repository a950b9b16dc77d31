import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instantOf, isTimeZone, type TimeFormat } from './time-text.ts';

const AMSTERDAM = 'Europe/Amsterdam';
const HUE = 'Asia/Ho_Chi_Minh';

describe('instantOf', () => {
  it.each<[string, TimeFormat, string, string | undefined]>([
    ['2011-10-11 13:42:22.688000+02:00', 'iso', AMSTERDAM, '2011-10-11T11:42:22.688Z'],
    ['2011-12-06T13:41:31.7889999+01:00', 'iso', AMSTERDAM, '2011-12-06T12:41:31.788Z'],
    ['2011-12-06 13:41:31 +0100', 'iso', AMSTERDAM, '2011-12-06T12:41:31.000Z'],
    ['2021-03-01T08:30:00Z', 'iso', HUE, '2021-03-01T08:30:00.000Z'],
    ['2021-03-01 08:30', 'iso', HUE, '2021-03-01T01:30:00.000Z'],
    ['2021-03-01', 'iso', HUE, '2021-02-28T17:00:00.000Z'],
    ['2011-07-01 12:00', 'iso', AMSTERDAM, '2011-07-01T10:00:00.000Z'],
    // The clocks go back: 02:30 comes twice, the first is meant. They go forward: 02:30 does not exist.
    ['2011-10-30 02:30', 'iso', AMSTERDAM, '2011-10-30T00:30:00.000Z'],
    ['2011-03-27 02:30', 'iso', AMSTERDAM, '2011-03-27T01:30:00.000Z'],
    ['01/03/2021 08:30:05', 'day-first', HUE, '2021-03-01T01:30:05.000Z'],
    ['1-3-2021', 'day-first', HUE, '2021-02-28T17:00:00.000Z'],
    ['20210301083005', 'compact', HUE, '2021-03-01T01:30:05.000Z'],
    ['20210301', 'compact', HUE, '2021-02-28T17:00:00.000Z'],
    ['2021-02-29', 'iso', HUE, undefined],
    ['2021-13-01', 'iso', HUE, undefined],
    ['2021-03-01 24:00', 'iso', HUE, undefined],
    ['01/03/2021', 'iso', HUE, undefined],
    ['soon', 'iso', HUE, undefined],
    ['', 'iso', HUE, undefined],
  ])('reads %s (%s, %s)', (text, format, timeZone, expected) => {
    expect(instantOf(text, format, timeZone)).toBe(expected);
  });

  it('reads back every instant that is written with an offset', () => {
    const zones = ['Z', '+07:00', '-0330', '+02'];
    const minutes: Record<string, number> = { Z: 0, '+07:00': 420, '-0330': -210, '+02': 120 };
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
        fc.constantFrom(...zones),
        (date, zone) => {
          const local = new Date(date.getTime() + minutes[zone]! * 60_000).toISOString().slice(0, -1);
          expect(instantOf(`${local.replace('T', ' ')}000${zone}`, 'iso', HUE)).toBe(date.toISOString());
        },
      ),
    );
  });
});

it('knows time zones', () => {
  expect(isTimeZone(HUE)).toBe(true);
  expect(isTimeZone('Asia/Hue')).toBe(false);
});
