import { RunningCity } from '../running-city.ts';
import { getJson } from '../service-client.ts';
import { textTable } from '../text-table.ts';
import type { Terminal } from '../terminal.ts';

export interface ExplainOptions {
  figure: string;
  part: 'numerator' | 'rest';
  limit: number;
  scoring?: string;
  json?: boolean;
}

interface Item {
  subject: string;
  unit: string;
  month: string;
  reasons: string[];
}

interface Page {
  figure: unknown;
  part: 'numerator' | 'rest';
  items: Item[];
  next: string | null;
}

const LARGEST_PAGE = 200;
const TITLES = { en: ['Dossier', 'Unit', 'Month', 'Why'], vi: ['Hồ sơ', 'Đơn vị', 'Tháng', 'Lý do'] } as const;

/** `par why`: the dossiers in the numerator of a figure, or those that its denominator has beside them. */
export async function explainFigure(options: ExplainOptions, terminal: Terminal): Promise<number> {
  const url = new RunningCity().url('index-scoring', options.scoring);
  const items: Item[] = [];
  let next: string | null = null;
  do {
    const query = new URLSearchParams({ part: options.part, limit: String(Math.min(LARGEST_PAGE, options.limit - items.length)) });
    if (next !== null) query.set('after', next);
    const page: Page = await getJson<Page>(
      'index-scoring',
      url,
      `/v1/figures/${encodeURIComponent(options.figure)}/why?${query.toString()}`,
    );
    items.push(...page.items);
    next = page.next;
  } while (next !== null && items.length < options.limit);

  if (options.json) {
    terminal.print(JSON.stringify({ figure: options.figure, part: options.part, items, more: next !== null }, null, 2));
    return 0;
  }
  const columns = TITLES[terminal.language].map((title) => ({ title }));
  terminal.print(
    textTable(
      columns,
      items.map((item) => [item.subject, item.unit, item.month, item.reasons.join(', ')]),
    ),
  );
  if (next !== null) terminal.note(terminal.language === 'vi' ? 'còn nữa: dùng --limit' : 'there are more: --limit');
  return 0;
}
