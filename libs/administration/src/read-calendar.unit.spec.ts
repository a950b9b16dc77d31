import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseCalendar } from './read-calendar.ts';
import { loadCalendar, VIETNAM_CALENDAR_FILE } from './working-calendar.ts';
import { type CalendarFault, CalendarMistake, keyText } from './working-calendar-data.ts';

const SMALL = `name: { vi: Thử, en: Test }
timeZone: Asia/Ho_Chi_Minh
officeHours:
  - from: 2026-01-01
    monday: [07:00-11:30, 13:30-17:00]
    saturday: [07:00-11:30]
offices:
  hue-a:
    note: Mở cửa cả tuần
    officeHours:
      - from: 2027-03-01
        sunday: [08:00-24:00]
years:
  2026:
    - occasion: tet
      holidays: [2026-02-16, 2026-02-17]
      source: Thông báo
      confirmed: false
  2027: []
`;

function mistakeOf(text: string): CalendarMistake {
  try {
    parseCalendar(text, 'small.yaml');
  } catch (error) {
    if (error instanceof CalendarMistake) return error;
    throw error;
  }
  throw new Error('no mistake was found');
}
const faultsOf = (text: string): readonly CalendarFault[] => mistakeOf(text).faults;
const told = (text: string): string[] => faultsOf(text).map(({ line, path, code }) => `${line} ${keyText(path)} ${code}`);

describe('parseCalendar', () => {
  it('reads the shipped file, every entry of which names its source and whether it is confirmed', () => {
    const { data } = parseCalendar(readFileSync(VIETNAM_CALENDAR_FILE, 'utf8'), 'vietnam.yaml');
    expect(Object.keys(data.years)).toEqual(['2021', '2022', '2023', '2024', '2025', '2026']);
    const occasions = Object.values(data.years).flat();
    expect(occasions).toHaveLength(36);
    expect(occasions.filter(({ source, confirmed }) => source.length < 10 || typeof confirmed !== 'boolean')).toEqual([]);
    // What the file itself calls general knowledge may not be called confirmed.
    expect(occasions.filter(({ source, confirmed }) => confirmed && source.includes('general knowledge'))).toEqual([]);
  });

  it('keeps dates and hours as they are written, and lists by year', () => {
    const { data } = parseCalendar(SMALL, 'small.yaml');
    expect(data.officeHours[0]).toEqual({ from: '2026-01-01', monday: ['07:00-11:30', '13:30-17:00'], saturday: ['07:00-11:30'] });
    expect(data.offices).toEqual({
      'hue-a': { note: 'Mở cửa cả tuần', officeHours: [{ from: '2027-03-01', sunday: ['08:00-24:00'] }] },
    });
    expect(data.years['2026']![0]!.holidays).toEqual(['2026-02-16', '2026-02-17']);
    expect(data.years['2027']).toEqual([]);
  });

  it('knows the line of every place', () => {
    const { lineOf } = parseCalendar(SMALL, 'small.yaml');
    expect(lineOf(['years', '2026', 0, 'holidays', 1])).toBe(16);
    expect(lineOf(['years', '2026', 0])).toBe(15);
    expect(lineOf(['years', '2027'])).toBe(19);
    expect(lineOf(['offices', 'hue-a', 'officeHours', 0, 'sunday'])).toBe(12);
    // The deepest part that the file has.
    expect(lineOf(['years', '2026', 0, 'inLieu', 3])).toBe(15);
    expect(lineOf(['years', '2031'])).toBe(13);
    expect(lineOf([])).toBe(1);
  });

  it.each([
    ['a word that is not known', ['    monday: [07', '    mondays: [07'], ['5 officeHours[0].mondays calendar.unknown-key']],
    ['an hour that is none', ['07:00-11:30, 13', '7:00-11:30, 13'], ['5 officeHours[0].monday[0] calendar.misshapen']],
    ['hours out of order', ['07:00-11:30, 13:30', '07:00-14:30, 13:30'], ['5 officeHours[0].monday[1] calendar.hours-order']],
    ['a day that does not exist', ['2026-02-17]', '2026-02-29]'], ['16 years.2026[0].holidays[1] calendar.no-such-day']],
    ['a day that is no day', ['2026-02-17]', '17/02/2026]'], ['16 years.2026[0].holidays[1] calendar.misshapen']],
    ['a day twice', ['2026-02-17]', '2026-02-16]'], ['16 years.2026[0].holidays[1] calendar.day-twice']],
    ['a day of another year', ['2026-02-17]', '2027-02-17]'], ['16 years.2026[0].holidays[1] calendar.wrong-year']],
    ['an occasion that is not known', ['occasion: tet', 'occasion: christmas'], ['15 years.2026[0].occasion calendar.misshapen']],
    ['an occasion without a name', ['occasion: tet', 'occasion: other'], ['15 years.2026[0].occasion calendar.nameless']],
    ['no source', ['      source: Thông báo\n', ''], ['15 years.2026[0] calendar.missing-key']],
    ['an empty list', ['[2026-02-16, 2026-02-17]', '[]'], ['16 years.2026[0].holidays calendar.misshapen']],
    ['neither true nor false', ['confirmed: false', 'confirmed: maybe'], ['18 years.2026[0].confirmed calendar.misshapen']],
    ['a year that is none', ['  2027: []', '  next: []'], ['19 years.next calendar.misshapen']],
    ['a year twice', ['  2027: []', '  2026: []'], ['19  calendar.not-yaml']],
    ['an unknown zone', ['Asia/Ho_Chi_Minh', 'Asia/Hue'], ['2 timeZone calendar.unknown-zone']],
    ['a unit id that is none', ['  hue-a:', '  Phường A:'], ['8 offices.Phường A calendar.misshapen']],
    ['hours that begin after the first day', ['from: 2026-01-01', 'from: 2026-02-01'], ['4 officeHours[0].from calendar.hours-missing']],
    ['no YAML', ['name: {', 'name: {{'], undefined],
  ])('names line and key of %s', (_, [old, changed], expected) => {
    const text = SMALL.replace(old!, changed!);
    expect(text).not.toBe(SMALL);
    if (expected) expect(told(text)).toEqual(expected);
    else expect(faultsOf(text)[0]!.code).toBe('calendar.not-yaml');
  });

  it('names all mistakes at once, in both languages', () => {
    const mistake = mistakeOf(
      SMALL.replace('occasion: tet', 'occasion: xmas').replace('2026-02-16', '16-02').replace('confirmed: false', 'confirmed: 1'),
    );
    expect(mistake.code).toBe('calendar.invalid');
    expect(mistake.text.vi.split('\n')).toEqual([
      'lịch làm việc không hợp lệ',
      '  small.yaml:15  years.2026[0].occasion: phải là một trong: new-year, tet, hung-kings, reunification-day, labour-day, national-day, culture-day, other',
      '  small.yaml:16  years.2026[0].holidays[0]: phải có dạng YYYY-MM-DD',
      '  small.yaml:18  years.2026[0].confirmed: phải là true hoặc false',
    ]);
    expect(mistake.text.en.split('\n').slice(2)).toEqual([
      '  small.yaml:16  years.2026[0].holidays[0]: must be written YYYY-MM-DD',
      '  small.yaml:18  years.2026[0].confirmed: must be true or false',
    ]);
  });

  it('refuses an empty file', () => {
    expect(told('')).toEqual(['1  calendar.misshapen']);
    expect(told('years: {}')).toEqual([
      '1  calendar.missing-key',
      '1  calendar.missing-key',
      '1  calendar.missing-key',
      '1 years calendar.misshapen',
    ]);
  });
});

describe('loadCalendar', () => {
  it('reads the shipped file where no other is given, and fails where there is none', () => {
    expect(loadCalendar().years()).toEqual(loadCalendar(VIETNAM_CALENDAR_FILE).years());
    expect(() => loadCalendar('no-such-file.yaml')).toThrow('ENOENT');
  });
});
