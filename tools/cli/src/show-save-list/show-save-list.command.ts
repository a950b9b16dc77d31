import { type Language, numberText } from '../language.ts';
import { RunningCity } from '../running-city.ts';
import { getJson } from '../service-client.ts';
import type { Terminal } from '../terminal.ts';
import { textTable } from '../text-table.ts';

export interface SaveListOptions {
  unit: string;
  asOf?: string;
  limit: number;
  workflow?: string;
  json?: boolean;
}

interface Text {
  vi: string;
  en: string;
}

/** What edocument-workflow answers, as far as it is shown. Times are working milliseconds. */
export interface SaveListAnswer {
  unit: string;
  asOf: string;
  timeZone: string;
  text: Text;
  items: {
    id: string;
    dueAt: string;
    state: string;
    leftMs: number;
    usualMs: number;
    moveBy: string;
    samples: number;
    longer: number;
    of: 'unit' | 'all-units';
  }[];
  unknownItems: { id: string; text: Text }[];
  next: string | null;
}

const HOUR_MS = 3_600_000;

/** `par save-list`: the open work dossiers of a unit that miss their due date unless they move today. */
export async function showSaveList(options: SaveListOptions, terminal: Terminal): Promise<number> {
  const url = new RunningCity().url('edocument-workflow', options.workflow);
  const query = new URLSearchParams({ unit: options.unit, limit: String(options.limit) });
  if (options.asOf !== undefined) query.set('as-of', options.asOf);
  const answer = await getJson<SaveListAnswer>('edocument-workflow', url, `/v1/save-list?${query.toString()}`);
  terminal.print(options.json ? JSON.stringify(answer, null, 2) : saveListText(answer, terminal.language));
  return 0;
}

export function saveListText({ items, unknownItems, text, next, timeZone }: SaveListAnswer, language: Language): string {
  const vi = language === 'vi';
  const opened = vi ? '(mới mở)' : '(opened)';
  const others = vi ? ' (mọi đơn vị)' : ' (all units)';
  const hours = (ms: number): string => numberText(ms / HOUR_MS, language);
  const moment = (at: string): string =>
    new Intl.DateTimeFormat(vi ? 'vi-VN' : 'en-GB', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(new Date(at));
  const lines = [text[language]];
  if (items.length > 0) {
    const table = textTable(
      [
        { title: vi ? 'Hồ sơ' : 'Dossier' },
        { title: vi ? 'Bước gần nhất' : 'Last step' },
        { title: vi ? 'Hạn' : 'Due' },
        { title: vi ? 'Phải chuyển trước' : 'Move by' },
        { title: vi ? 'Giờ còn' : 'Hours left', align: 'right' },
        { title: vi ? 'Giờ thường cần' : 'Hours usual', align: 'right' },
        { title: vi ? 'Lâu hơn / số lần' : 'Longer / times', align: 'right' },
      ],
      items.map(({ id, state, dueAt, moveBy, leftMs, usualMs, longer, samples, of }) => [
        id,
        state === '' ? opened : state,
        moment(dueAt),
        moment(moveBy),
        hours(leftMs),
        hours(usualMs),
        `${longer} / ${samples}${of === 'unit' ? '' : others}`,
      ]),
    );
    lines.push('', table);
  }
  if (next !== null) lines.push(vi ? '… còn nữa (--limit)' : '… and more (--limit)');
  if (unknownItems.length > 0) lines.push('', ...unknownItems.map(({ id, text: why }) => `${id}: ${why[language]}`));
  return lines.join('\n');
}
