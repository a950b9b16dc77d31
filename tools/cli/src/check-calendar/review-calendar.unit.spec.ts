import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseCalendar, VIETNAM_CALENDAR_FILE } from '@par/administration';
import { type CalendarReview, reviewCalendar } from './review-calendar.ts';

const shipped = readFileSync(VIETNAM_CALENDAR_FILE, 'utf8');
const review = (text: string, today = '2026-03-01'): CalendarReview => reviewCalendar(parseCalendar(text, 'vietnam.yaml'), today);
/** Warnings that a change to the shipped file brings, with their lines. */
function warningsAfter(old: string, changed: string): string[] {
  const text = shipped.replace(old, changed);
  expect(text).not.toBe(shipped);
  const before = new Set(review(shipped).warnings.map(({ code, key }) => `${code} ${key}`));
  return review(text)
    .warnings.filter(({ code, key }) => !before.has(`${code} ${key}`))
    .map(({ code, line, key }) => `${code} ${key} | ${text.split('\n')[line - 1]!.trim()}`);
}

describe('reviewCalendar', () => {
  it('counts working days and hours by year and month', () => {
    const [first] = review(shipped).years;
    expect(review(shipped).years.map(({ year, workingDays, hours }) => [year, workingDays, hours])).toEqual([
      [2021, 250, 2000],
      [2022, 249, 1992],
      [2023, 249, 1992],
      [2024, 251, 2008],
      [2025, 250, 2000],
      [2026, 250, 2000],
    ]);
    expect(first!.months.map(({ workingDays }) => workingDays)).toEqual([20, 15, 23, 20, 20, 22, 22, 22, 20, 21, 22, 23]);
    expect(first!.months[1]).toEqual({ month: '2021-02', workingDays: 15, hours: 120 });
  });

  it('lists each day under the year in which it lies', () => {
    const last = review(shipped.replace('work: 2026-01-10', 'work: 2025-12-27')).years;
    expect(last[4]!.makeUp.map(({ day, for: off }) => [day, off])).toEqual([
      ['2025-04-26', '2025-05-02'],
      ['2025-12-27', '2026-01-02'],
    ]);
    expect(last[5]!.makeUp.map(({ day }) => day)).toEqual(['2026-08-22']);
    expect(last[5]!.exchanged.map(({ day }) => day)).toEqual(['2026-01-02', '2026-08-31']);
    expect(last[5]!.inLieu).toEqual([{ day: '2026-04-27', name: { vi: 'Giỗ Tổ Hùng Vương', en: "Hùng Kings' Commemoration Day" } }]);
  });

  it('says of the shipped file only what is open in it', () => {
    expect(review(shipped).warnings.map(({ code, key }) => `${code} ${key}`)).toEqual([
      'unconfirmed years.2021',
      'unconfirmed years.2022',
      'unconfirmed years.2023',
      'unconfirmed years.2025',
      'culture-day years.2026',
      'unconfirmed years.2026',
    ]);
    expect(review(shipped).warnings[0]!.text).toEqual({
      vi: 'chưa đối chiếu với thông báo chính thức (2): Giỗ Tổ Hùng Vương; Ngày Quốc tế lao động',
      en: "not confirmed by an official notice (2): Hùng Kings' Commemoration Day; Labour Day",
    });
  });

  it.each<[string, string, string, string[]]>([
    [
      'a make-up day that is not a weekend day',
      'work: 2024-05-04',
      'work: 2024-05-06',
      ['make-up-on-weekday years.2024[3].exchanged[0].work | exchanged: [{ off: 2024-04-29, work: 2024-05-06 }]'],
    ],
    [
      'a day in exchange that was free anyway',
      'off: 2024-04-29',
      'off: 2024-04-28',
      ['off-on-rest-day years.2024[3].exchanged[0].off | exchanged: [{ off: 2024-04-28, work: 2024-05-04 }]'],
    ],
    [
      'a holiday on a weekend without a day in lieu',
      '      inLieu: [2023-09-04]\n',
      '',
      ['holiday-without-lieu years.2023[5] | - occasion: national-day'],
    ],
    [
      'a day in lieu of no holiday',
      'holidays: [2024-09-02, 2024-09-03]',
      'holidays: [2024-09-02, 2024-09-03]\n      inLieu: [2024-09-04]',
      ['lieu-without-holiday years.2024[5] | - occasion: national-day'],
    ],
    ['a Tết that is too short', 'holidays: [2025-01-27, ', 'holidays: [', ['holiday-count years.2025 | 2025:']],
    [
      'a year without Tết',
      '- occasion: tet\n      name: { vi: Tết Ất Tỵ',
      '- occasion: other\n      name: { vi: Tết Ất Tỵ',
      ['occasion-missing years.2025 | 2025:'],
    ],
    [
      'an office day of other than eight hours',
      'friday: [07:00-11:30, 13:30-17:00]',
      'friday: [07:00-11:30, 13:30-17:30]',
      ['other-full-day officeHours[0] | - from: 2021-01-01'],
    ],
    [
      'an office of its own with short days',
      '\nyears:\n',
      '\noffices:\n  hue-a:\n    officeHours:\n      - from: 2021-01-01\n        monday: [08:00-12:00]\nyears:\n',
      ['other-full-day offices.hue-a.officeHours[0] | - from: 2021-01-01'],
    ],
  ])('warns of %s, by line and key', (_, old, changed, expected) => {
    expect(warningsAfter(old, changed)).toEqual(expected);
  });

  it('warns of a year left out', () => {
    const without = `${shipped.slice(0, shipped.indexOf('  2023:\n'))}${shipped.slice(shipped.indexOf('  2024:\n'))}`;
    expect(review(without).warnings.find(({ code }) => code === 'year-missing')!.text).toEqual({
      vi: 'chưa có năm 2023; không tính được thời hạn nào trong năm đó',
      en: 'the year 2023 is missing; no term can be computed in it',
    });
  });

  it('warns of the present year, and from November on of the next', () => {
    const missing = (today: string): string[] =>
      review(shipped, today)
        .warnings.filter(({ code }) => code === 'year-missing')
        .map(({ text }) => text.vi.slice(0, 17));
    expect(missing('2026-10-31')).toEqual([]);
    expect(missing('2026-11-01')).toEqual(['chưa có năm 2027;']);
    expect(missing('2028-02-01')).toEqual(['chưa có năm 2028;']);
  });

  it('takes the culture day once it is entered', () => {
    const entered = shipped.replace(
      / {4}# - occasion: culture-day\n {4}# {3}holidays: (.*)\n[^]*$/,
      '    - occasion: culture-day\n      holidays: $1\n      source: law\n      confirmed: true\n',
    );
    expect(review(entered).warnings.map(({ code }) => code)).not.toContain('culture-day');
    expect(review(entered).years[5]!.workingDays).toBe(249);
  });
});
