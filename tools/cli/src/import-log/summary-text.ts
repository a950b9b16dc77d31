import { numberText, type Language } from '../language.ts';
import type { ImportSummary } from './import-report.ts';

/** The summary of an import for people. */
export function summaryText(summary: ImportSummary, { file, waitLimit }: { file: string; waitLimit: number }, language: Language): string {
  const say = (en: string, vi: string): string => (language === 'vi' ? vi : en);
  const n = (value: number): string => numberText(value, language);
  const lines = [
    say(
      `${file}: ${n(summary.rows)} rows, ${n(summary.cases)} cases, ${n(summary.seconds)} s`,
      `${file}: ${n(summary.rows)} dòng, ${n(summary.cases)} hồ sơ, ${n(summary.seconds)} giây`,
    ),
    say(
      `posted ${n(summary.posted)}  accepted ${n(summary.accepted)}  duplicate ${n(summary.duplicate)}  conflict ${n(summary.conflict)}  refused ${n(summary.refused)}`,
      `đã gửi ${n(summary.posted)}  nhận ${n(summary.accepted)}  trùng ${n(summary.duplicate)}  mâu thuẫn ${n(summary.conflict)}  từ chối ${n(summary.refused)}`,
    ),
  ];
  for (const { code, count, examples } of summary.causes) {
    lines.push(`  ${code}: ${n(count)}`);
    for (const { line, id, field, text } of examples) {
      const place = [line === undefined ? '' : say(`line ${line}`, `dòng ${line}`), id, field].filter(Boolean).join(', ');
      lines.push(`    ${place}${text ? `: ${text[language]}` : ''}`);
    }
  }
  if (summary.settled === true) lines.push(say('every accepted event is in the figures', 'mọi sự kiện đã nhận đều đã vào chỉ số'));
  if (summary.settled === false) {
    lines.push(
      say(
        `after ${waitLimit} s events are still on their way to the figures; nothing is lost, par audit says where they are`,
        `sau ${waitLimit} giây vẫn còn sự kiện chưa vào chỉ số; không mất gì, chạy par audit để xem đang ở đâu`,
      ),
    );
  }
  return lines.join('\n');
}
