import { RunningCity } from '../running-city.ts';
import { getJson } from '../service-client.ts';
import type { Terminal } from '../terminal.ts';
import { textTable } from '../text-table.ts';

export interface FindingOptions {
  year?: string;
  period?: string;
  unit?: string;
  source?: string;
  /** List the dossiers of one kind instead of counting. */
  code?: string;
  limit: number;
  scoring?: string;
  json?: boolean;
}

interface FindingCount {
  source: string | null;
  unit: string;
  code: string;
  label: { vi: string; en: string } | null;
  count: number;
}

interface FindingItem {
  number: number;
  subject: string;
  code: string;
  source: string | null;
  id: string | null;
  unit: string;
  month: string | null;
  raw: string | null;
}

/** `par findings`: data that contradict each other, counted per source, unit and kind, or listed dossier by dossier. */
export async function showFindings(options: FindingOptions, terminal: Terminal): Promise<number> {
  const url = new RunningCity().url('index-scoring', options.scoring);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ period: options.period ?? options.year, unit: options.unit, source: options.source }))
    if (value !== undefined) query.set(name, value);
  if (options.code !== undefined) {
    query.set('code', options.code);
    query.set('limit', String(options.limit));
    const page = await getJson<{ items: FindingItem[]; next: number | null }>(
      'index-scoring',
      url,
      `/v1/findings/items?${query.toString()}`,
    );
    terminal.print(options.json ? JSON.stringify(page, null, 2) : itemsText(page.items, page.next !== null, terminal.language));
    return 0;
  }
  const counts = await getJson<FindingCount[]>('index-scoring', url, `/v1/findings?${query.toString()}`);
  terminal.print(options.json ? JSON.stringify(counts, null, 2) : countsText(counts, terminal.language));
  return 0;
}

export function countsText(counts: readonly FindingCount[], language: 'vi' | 'en'): string {
  const vi = language === 'vi';
  if (counts.length === 0) return vi ? 'Không có phát hiện nào về chất lượng dữ liệu.' : 'No data-quality findings.';
  return textTable(
    [
      { title: vi ? 'Nguồn' : 'Source' },
      { title: vi ? 'Đơn vị' : 'Unit' },
      { title: vi ? 'Mã' : 'Code' },
      { title: vi ? 'Nội dung' : 'What' },
      { title: vi ? 'Số lượng' : 'Count', align: 'right' },
    ],
    counts.map(({ source, unit, code, label, count }) => [source ?? '–', unit, code, label?.[language] ?? '', String(count)]),
  );
}

function itemsText(items: readonly FindingItem[], more: boolean, language: 'vi' | 'en'): string {
  const vi = language === 'vi';
  if (items.length === 0) return vi ? 'Không có hồ sơ nào.' : 'No dossiers.';
  const table = textTable(
    [
      { title: vi ? 'Hồ sơ' : 'Dossier' },
      { title: vi ? 'Đơn vị' : 'Unit' },
      { title: vi ? 'Tháng' : 'Month' },
      { title: vi ? 'Sự kiện' : 'Event' },
    ],
    items.map(({ subject, unit, month, source, id, raw }) => [
      subject,
      unit,
      month ?? '–',
      `${source === null ? '–' : `${source} ${id ?? ''}`}${raw === null ? '' : ` (${raw})`}`,
    ]),
  );
  return more ? `${table}\n${vi ? '… còn nữa (--limit)' : '… and more (--limit)'}` : table;
}
