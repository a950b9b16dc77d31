import { RunningCity } from '../running-city.ts';
import { getJson } from '../service-client.ts';
import type { Terminal } from '../terminal.ts';
import { textTable } from '../text-table.ts';

export interface BoundaryOptions {
  indicator: string;
  rule?: string;
  year?: string;
  period?: string;
  boundaries: string;
  scoring?: string;
  json?: boolean;
}

export interface BoundaryAnswer {
  indicator: string;
  rule: string;
  period: string;
  on: string;
  rows: {
    key: string;
    kind: string;
    name: { vi: string; en: string };
    absorbs: { unit: string; from: string; whole: boolean }[];
    numerator: number;
    denominator: number;
    value: number | null;
  }[];
  total: { numerator: number; denominator: number };
}

/** `par boundaries`: the same figure in old or in new boundaries. */
export async function showBoundaries(options: BoundaryOptions, terminal: Terminal): Promise<number> {
  const url = new RunningCity().url('index-scoring', options.scoring);
  const query = new URLSearchParams({ indicator: options.indicator, boundaries: options.boundaries });
  if (options.rule !== undefined) query.set('rule', options.rule);
  const period = options.period ?? options.year;
  if (period !== undefined) query.set('period', period);
  const answer = await getJson<BoundaryAnswer>('index-scoring', url, `/v1/boundaries?${query.toString()}`);
  terminal.print(options.json ? JSON.stringify(answer, null, 2) : boundariesText(answer, terminal.language));
  return 0;
}

export function boundariesText(answer: BoundaryAnswer, language: 'vi' | 'en'): string {
  const vi = language === 'vi';
  const rows = answer.rows.map(({ name, absorbs, numerator, denominator }) => [
    name[language],
    String(numerator),
    String(denominator),
    // What the unit took in later is in its own figures from then on.
    absorbs
      .map(({ unit, from, whole }) => `+ ${unit}${whole ? '' : vi ? ' (một phần)' : ' (part)'} ${vi ? 'từ' : 'from'} ${from}`)
      .join('; '),
  ]);
  rows.push([vi ? 'Tổng' : 'Total', String(answer.total.numerator), String(answer.total.denominator), '']);
  const title = `${answer.indicator} · ${answer.rule} · ${answer.period} · ${vi ? 'địa giới ngày' : 'boundaries of'} ${answer.on}`;
  const table = textTable(
    [
      { title: vi ? 'Đơn vị' : 'Unit' },
      { title: vi ? 'Tử số' : 'Numerator', align: 'right' },
      { title: vi ? 'Mẫu số' : 'Denominator', align: 'right' },
      { title: vi ? 'Ghi chú' : 'Note' },
    ],
    rows,
  );
  return `${title}\n\n${table}`;
}
