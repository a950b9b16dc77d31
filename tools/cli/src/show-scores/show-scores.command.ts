import { RunningCity } from '../running-city.ts';
import { getJson } from '../service-client.ts';
import type { Terminal } from '../terminal.ts';
import { textTable } from '../text-table.ts';

export interface ScoreOptions {
  year?: string;
  period?: string;
  unit?: string;
  scoring?: string;
  json?: boolean;
}

export interface ScoresAnswer {
  unit: string;
  period: string;
  scores: {
    ref: string;
    computed: boolean;
    max: number | null;
    thousandths?: number;
    reasons?: { code: string; ref: string; vi: string; en: string }[];
  }[];
}

/** `par scores`: points of the plans that are on, such as Decision 766. */
export async function showScores(options: ScoreOptions, terminal: Terminal): Promise<number> {
  const url = new RunningCity().url('index-scoring', options.scoring);
  const query = new URLSearchParams();
  const period = options.period ?? options.year;
  if (period !== undefined) query.set('period', period);
  if (options.unit !== undefined) query.set('unit', options.unit);
  const answer = await getJson<ScoresAnswer>('index-scoring', url, `/v1/scores?${query.toString()}`);
  terminal.print(options.json ? JSON.stringify(answer, null, 2) : scoresText(answer, terminal.language));
  return 0;
}

export function scoresText({ unit, period, scores }: ScoresAnswer, language: 'vi' | 'en'): string {
  const vi = language === 'vi';
  if (scores.length === 0)
    return vi ? 'Không kế hoạch nào đang bật có điểm (xem PLANS).' : 'No plan that is switched on has points (see PLANS).';
  const rows = scores.map(({ ref, max, computed, thousandths = 0, reasons = [] }) => {
    const open = [...new Set(reasons.map((reason) => reason[language]))];
    return [
      ref,
      computed ? pointsText(thousandths, vi) : vi ? 'không tính' : 'not computed',
      max === null ? '–' : String(max),
      computed ? '' : `${open[0] ?? ''}${open.length > 1 ? ` (+${open.length - 1})` : ''}`,
    ];
  });
  const table = textTable(
    [
      { title: vi ? 'Điểm' : 'Score' },
      { title: vi ? 'Đạt' : 'Points', align: 'right' },
      { title: vi ? 'Tối đa' : 'Max', align: 'right' },
      { title: vi ? 'Còn để ngỏ' : 'Open' },
    ],
    rows,
  );
  return `${unit} · ${period}\n\n${table}`;
}

/** Three decimals are published, and none is rounded away. */
function pointsText(thousandths: number, vi: boolean): string {
  const text = `${Math.trunc(thousandths / 1_000)}.${String(thousandths % 1_000).padStart(3, '0')}`;
  return vi ? text.replace('.', ',') : text;
}
