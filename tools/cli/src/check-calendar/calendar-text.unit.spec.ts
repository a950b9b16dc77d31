import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseCalendar, VIETNAM_CALENDAR_FILE } from '@par/administration';
import { calendarText } from './calendar-text.ts';
import { reviewCalendar } from './review-calendar.ts';

const shipped = readFileSync(VIETNAM_CALENDAR_FILE, 'utf8');
const textIn = (language: 'vi' | 'en'): string[] =>
  calendarText(reviewCalendar(parseCalendar(shipped, 'vietnam.yaml'), '2026-03-01'), 'vietnam.yaml', language).split('\n');
/** The part of the text about one year. */
function yearIn(language: 'vi' | 'en', year: number): string[] {
  const lines = textIn(language);
  const start = lines.findIndex((line) => line.startsWith(`${year}:`));
  return lines.slice(start, lines.indexOf('', start));
}

describe('calendarText', () => {
  it('shows a year in Vietnamese', () => {
    expect(yearIn('vi', 2024)).toEqual([
      '2024: 251 ngày làm việc, 2.008 giờ',
      '  Ngày lễ        01/01 (T2) Tết Dương lịch; 08/02 (T5) – 12/02 (T2) Tết Giáp Thìn; 18/04 (T5) Giỗ Tổ Hùng Vương;',
      '                 30/04 (T3) Ngày Chiến thắng 30/4; 01/05 (T4) Ngày Quốc tế lao động;',
      '                 02/09 (T2) – 03/09 (T3) Quốc khánh',
      '  Nghỉ bù        13/02 (T3) – 14/02 (T4) Tết Giáp Thìn',
      '  Nghỉ hoán đổi  29/04 (T2) Ngày Chiến thắng 30/4',
      '  Làm bù         04/05 (T7) bù cho 29/04 (T2)',
      '                 Th1  Th2  Th3  Th4  Th5  Th6  Th7  Th8  Th9  Th10  Th11  Th12',
      '  ─────────────  ───  ───  ───  ───  ───  ───  ───  ───  ───  ────  ────  ────',
      '  Ngày làm việc   22   16   21   19   23   20   23   22   19    23    21    22',
      '  Giờ            176  128  168  152  184  160  184  176  152   184   168   176',
    ]);
  });

  it('shows a year in English, and no row for what there is not', () => {
    expect(yearIn('en', 2021)).toEqual([
      '2021: 250 working days, 2,000 hours',
      "  Holidays      01/01 (Fri) New Year's Day; 10/02 (Wed) – 14/02 (Sun) Lunar New Year of Tân Sửu;",
      "                21/04 (Wed) Hùng Kings' Commemoration Day; 30/04 (Fri) Reunification Day;",
      '                01/05 (Sat) Labour Day; 02/09 (Thu) – 03/09 (Fri) National Day',
      '  In lieu       15/02 (Mon) – 16/02 (Tue) Lunar New Year of Tân Sửu; 03/05 (Mon) Labour Day',
      '                Jan  Feb  Mar  Apr  May  Jun  Jul  Aug  Sep  Oct  Nov  Dec',
      '  ────────────  ───  ───  ───  ───  ───  ───  ───  ───  ───  ───  ───  ───',
      '  Working days   20   15   23   20   20   22   22   22   20   21   22   23',
      '  Hours         160  120  184  160  160  176  176  176  160  168  176  184',
    ]);
  });

  it('names the calendar first and the warnings last, with their lines', () => {
    expect(textIn('vi')[0]).toBe('Lịch làm việc của cơ quan hành chính nhà nước · vietnam.yaml · Asia/Ho_Chi_Minh');
    expect(textIn('en')[0]).toBe('Working calendar of state offices · vietnam.yaml · Asia/Ho_Chi_Minh');
    expect(textIn('vi').slice(-7, -5)).toEqual([
      'Không có lỗi. 6 cảnh báo:',
      '  vietnam.yaml:27  years.2021: chưa đối chiếu với thông báo chính thức (2): Giỗ Tổ Hùng Vương; Ngày Quốc tế lao động',
    ]);
    expect(textIn('en').slice(-7, -5)).toEqual([
      'No mistakes. 6 warnings:',
      "  vietnam.yaml:27  years.2021: not confirmed by an official notice (2): Hùng Kings' Commemoration Day; Labour Day",
    ]);
  });
});
