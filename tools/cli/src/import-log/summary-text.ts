import { numberText, type Language } from '../language.ts';
import { causeLines, countsLines, endLines } from '../post-events/counts-text.ts';
import type { PostingCounts, RefusalCause } from '../post-events/posting-report.ts';

interface LogSummary {
  rows: number;
  cases: number;
  /** Events made of the log, by type. */
  byType: Record<string, number>;
  /** Columns that the mapping reads and no row of an XES log had. */
  columnsNotSeen: string[];
  seconds: number;
}

/** What became of the events of an import. */
export interface ImportSummary extends LogSummary, PostingCounts {
  /** Rows that an earlier, broken-off run was answered for; the counts include it. Null where there was none. */
  resumedAfter: number | null;
  /** Whether the figures had caught up at the end; null where nobody waited. */
  settled: boolean | null;
}

/** What would become of them. */
export interface DryRunSummary extends LogSummary {
  dryRun: true;
  refused: number;
  causes: RefusalCause[];
  /** Whether units and dossier codes could be judged; without an organisation in the mapping only a city knows. */
  unitsChecked: boolean;
}

/** The summary of an import for people. */
export function summaryText(summary: ImportSummary, { file, waitLimit }: { file: string; waitLimit: number }, language: Language): string {
  return [
    headLine(summary, file, language),
    ...countsLines(summary, language),
    ...unseenLines(summary, language),
    ...endLines(summary, waitLimit, language),
  ].join('\n');
}

/** The summary of a dry run for people. */
export function dryRunText(summary: DryRunSummary, file: string, language: Language): string {
  const say = (en: string, vi: string): string => (language === 'vi' ? vi : en);
  const n = (value: number): string => numberText(value, language);
  const types = Object.entries(summary.byType);
  const lines = [
    headLine(summary, file, language),
    say('dry run: nothing was posted', 'chạy thử: chưa gửi gì'),
    ...types.map(([type, count]) => `  ${type}: ${n(count)}`),
    summary.refused === 0
      ? say('nothing would be refused', 'không có gì bị từ chối')
      : say(`${n(summary.refused)} would be refused`, `${n(summary.refused)} sẽ bị từ chối`),
    ...causeLines(summary.causes, language),
    ...unseenLines(summary, language),
  ];
  if (!summary.unitsChecked) {
    lines.push(
      say(
        'the mapping brings no organisation: units and dossier codes are judged by the city only',
        'ánh xạ không kèm cơ cấu tổ chức: đơn vị và mã hồ sơ chỉ được kiểm tra khi gửi',
      ),
    );
  }
  return lines.join('\n');
}

function headLine({ rows, cases, seconds }: LogSummary, file: string, language: Language): string {
  const n = (value: number): string => numberText(value, language);
  return language === 'vi'
    ? `${file}: ${n(rows)} dòng, ${n(cases)} hồ sơ, ${n(seconds)} giây`
    : `${file}: ${n(rows)} rows, ${n(cases)} cases, ${n(seconds)} s`;
}

function unseenLines({ columnsNotSeen }: LogSummary, language: Language): string[] {
  if (columnsNotSeen.length === 0) return [];
  const names = columnsNotSeen.join(', ');
  return [
    language === 'vi'
      ? `không dòng nào có cột ${names}; hãy kiểm tra tên trong ánh xạ`
      : `no row has ${names}: check the names in the mapping`,
  ];
}
