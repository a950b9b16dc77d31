import { describe, expect, it } from '@jest/globals';
import { vietnamCalendar } from '@par/administration';
import { Environment } from '@par/service-kit';
import { configuredCalendar } from './working-calendar.ts';

describe('the working calendar of the process', () => {
  it.each([undefined, ''])('is the shipped one where CALENDAR_FILE is %p', (file) => {
    expect(configuredCalendar(new Environment({ CALENDAR_FILE: file }))).toBe(vietnamCalendar());
  });

  it('is refused where its file cannot be read', () => {
    expect(() => configuredCalendar(new Environment({ CALENDAR_FILE: '/nowhere/calendar.yaml' }))).toThrow('ENOENT');
  });
});
