import { setTimeout as pause } from 'node:timers/promises';
import { figureId } from '@par/administration';
import { Mistake } from '../mistake.ts';
import { Progress } from '../progress.ts';
import { RunningCity } from '../running-city.ts';
import { getJson, postJson } from '../service-client.ts';
import type { Terminal } from '../terminal.ts';
import { textTable } from '../text-table.ts';

export interface RebuildOptions {
  /** The operator key; not needed on the machine of a service that has none. */
  key?: string;
  scoring?: string;
  json?: boolean;
  /** How many moved figures to print. */
  limit: number;
}

interface Pair {
  numerator: number;
  denominator: number;
}

export interface RebuildReport {
  state: 'running' | 'done' | 'failed';
  plan: string;
  startedAt: string;
  finishedAt?: string;
  subjects: number;
  done: number;
  moved: { indicator: string; rule: string; unit: string; month: string; before: Pair; after: Pair }[];
  error?: string;
}

const POLL_MS = 300;

/** `par rebuild`: recomputes every figure from the facts by the plan of the files, beside the running ones, and says what moved. */
export async function rebuildFigures(options: RebuildOptions, terminal: Terminal): Promise<number> {
  const url = new RunningCity().url('index-scoring', options.scoring);
  const vi = terminal.language === 'vi';
  let report = await postJson<RebuildReport>('index-scoring', url, '/v1/rebuild', options.key ?? (process.env.OPERATOR_KEY || undefined));
  const { startedAt } = report;
  let progress: Progress | undefined;
  try {
    while (report.state === 'running') {
      await pause(POLL_MS);
      report = await getJson<RebuildReport>('index-scoring', url, '/v1/rebuild');
      if (report.startedAt !== startedAt) throw replaced();
      // How many there are is known once it has begun.
      if (report.subjects > 0) progress ??= new Progress(terminal, vi ? 'Tính lại' : 'Rebuilding', report.subjects);
      progress?.at(Math.min(report.done, report.subjects), vi ? `${report.done} hồ sơ` : `${report.done} subjects`);
    }
  } finally {
    progress?.stop();
  }
  if (options.json) terminal.print(JSON.stringify(report, null, 2));
  else terminal.print(rebuildText(report, options.limit, terminal.language));
  return report.state === 'done' ? 0 : 1;
}

function replaced(): Mistake {
  return new Mistake('rebuild.replaced', {
    en: 'another rebuild was started meanwhile; ask again with par rebuild',
    vi: 'đã có một lần tính lại khác bắt đầu; hãy chạy lại par rebuild',
  });
}

export function rebuildText(report: RebuildReport, limit: number, language: 'vi' | 'en'): string {
  const vi = language === 'vi';
  if (report.state === 'failed') {
    return vi
      ? `Tính lại không thành: ${report.error ?? ''}\nSố liệu đang chạy giữ nguyên.`
      : `The rebuild failed: ${report.error ?? ''}\nThe running figures are as they were.`;
  }
  const head = vi
    ? `Đã tính lại ${report.done} chủ thể theo kế hoạch ${report.plan}; ${report.moved.length} số liệu thay đổi.`
    : `Rebuilt ${report.done} subjects by plan ${report.plan}; ${report.moved.length} figures moved.`;
  if (report.moved.length === 0) return head;
  const rows = report.moved
    .slice(0, limit)
    .map(({ indicator, rule, unit, month, before, after }) => [
      figureId({ indicator, rule, unit, period: month }),
      `${before.numerator}/${before.denominator}`,
      `${after.numerator}/${after.denominator}`,
    ]);
  const table = textTable(
    [
      { title: vi ? 'Số liệu' : 'Figure' },
      { title: vi ? 'Trước' : 'Before', align: 'right' },
      { title: vi ? 'Sau' : 'After', align: 'right' },
    ],
    rows,
  );
  const rest = report.moved.length - rows.length;
  const more = rest > 0 ? (vi ? `\n… và ${rest} số liệu nữa (--limit, --json)` : `\n… and ${rest} more (--limit, --json)`) : '';
  return `${head}\n\n${table}${more}`;
}
