import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CalendarFile, CalendarMistake, keyText, localDate, parseCalendar, VIETNAM_CALENDAR_FILE } from '@par/administration';
import { Mistake } from '../mistake.ts';
import type { Terminal } from '../terminal.ts';
import { calendarText } from './calendar-text.ts';
import { reviewCalendar } from './review-calendar.ts';

export interface CheckCalendarOptions {
  /** The shipped calendar where absent. */
  file?: string;
  json?: boolean;
}

/** `par calendar check`: 0 for a calendar without mistakes, with or without warnings; 1 with every mistake named by line and key. */
export function checkCalendar(options: CheckCalendarOptions, terminal: Terminal): number {
  const file = options.file ?? relative(process.cwd(), fileURLToPath(VIETNAM_CALENDAR_FILE));
  let calendar: CalendarFile;
  try {
    calendar = parseCalendar(textOf(options.file ?? VIETNAM_CALENDAR_FILE, file), file);
  } catch (error) {
    if (!(error instanceof CalendarMistake)) throw error;
    if (!options.json) throw new Mistake(error.code, error.text, 1);
    const mistakes = error.faults.map(({ line, path, code, text }) => ({ code, line, key: keyText(path), text }));
    terminal.print(JSON.stringify({ file, mistakes }, null, 2));
    return 1;
  }
  const review = reviewCalendar(calendar, localDate(new Date(), calendar.data.timeZone));
  terminal.print(options.json ? JSON.stringify({ file, mistakes: [], ...review }, null, 2) : calendarText(review, file, terminal.language));
  return 0;
}

function textOf(place: string | URL, name: string): string {
  try {
    return readFileSync(place, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Mistake('calendar.unreadable', { en: `${name} cannot be read (${reason})`, vi: `không đọc được ${name} (${reason})` });
  }
}
