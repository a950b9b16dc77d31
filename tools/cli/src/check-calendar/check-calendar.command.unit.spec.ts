import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { VIETNAM_CALENDAR_FILE } from '@par/administration';
import { Mistake } from '../mistake.ts';
import { checkCalendar } from './check-calendar.command.ts';

const folder = mkdtempSync(join(tmpdir(), 'par-calendar-'));
afterAll(() => rmSync(folder, { recursive: true }));
const broken = join(folder, 'broken.yaml');
writeFileSync(broken, readFileSync(VIETNAM_CALENDAR_FILE, 'utf8').replace('2021-02-13', '2021-02-31'));

function runWith(options: Parameters<typeof checkCalendar>[0]): { exitCode: number; printed: string } {
  const printed: string[] = [];
  const exitCode = checkCalendar(options, { language: 'vi', print: (text) => void printed.push(text), note: () => undefined });
  return { exitCode, printed: printed.join('\n') };
}
function mistakeOf(options: Parameters<typeof checkCalendar>[0]): Mistake {
  try {
    runWith(options);
  } catch (error) {
    if (error instanceof Mistake) return error;
    throw error;
  }
  throw new Error('there was no mistake');
}

describe('par calendar check', () => {
  it('checks the shipped calendar where no file is given', () => {
    const { exitCode, printed } = runWith({});
    expect(exitCode).toBe(0);
    expect(printed).toContain('libs/administration/data/calendars/vietnam.yaml · Asia/Ho_Chi_Minh');
    expect(printed).toContain('2021: 250 ngày làm việc, 2.000 giờ');
    expect(printed).toContain('Không có lỗi.');
  });

  it('gives the same as JSON', () => {
    const { exitCode, printed } = runWith({ json: true });
    const review = JSON.parse(printed);
    expect(exitCode).toBe(0);
    expect(review).toMatchObject({ timeZone: 'Asia/Ho_Chi_Minh', mistakes: [] });
    expect(review.years[0]).toMatchObject({ year: 2021, workingDays: 250, hours: 2000 });
    expect(review.warnings[0]).toMatchObject({ line: expect.any(Number), text: { vi: expect.any(String), en: expect.any(String) } });
  });

  it('ends with 1 and names line and key of a mistake, in both languages', () => {
    const mistake = mistakeOf({ file: broken });
    expect(mistake).toMatchObject({ code: 'calendar.invalid', exitCode: 1 });
    expect(mistake.text.vi).toContain(`${broken}:34  years.2021[1].holidays[3]: ngày 2021-02-31 không tồn tại`);
    expect(mistake.text.en).toContain(`${broken}:34  years.2021[1].holidays[3]: there is no day 2021-02-31`);
    const { exitCode, printed } = runWith({ file: broken, json: true });
    expect(exitCode).toBe(1);
    expect(JSON.parse(printed).mistakes).toEqual([
      {
        code: 'calendar.no-such-day',
        line: 34,
        key: 'years.2021[1].holidays[3]',
        text: { vi: 'ngày 2021-02-31 không tồn tại', en: 'there is no day 2021-02-31' },
      },
    ]);
  });

  it('ends with 2 where the file cannot be read', () => {
    expect(mistakeOf({ file: join(folder, 'none.yaml') })).toMatchObject({ code: 'calendar.unreadable', exitCode: 2 });
  });
});
