import { numberText, type Language } from '../language.ts';
import type { PostingCounts, RefusalCause } from './posting-report.ts';

/** The counts of a posting for people: one line, then each cause with its first lines. */
export function countsLines(counts: PostingCounts, language: Language): string[] {
  const n = (value: number): string => numberText(value, language);
  const { posted, accepted, duplicate, conflict, refused, causes } = counts;
  return [
    language === 'vi'
      ? `đã gửi ${n(posted)}  nhận ${n(accepted)}  trùng ${n(duplicate)}  mâu thuẫn ${n(conflict)}  từ chối ${n(refused)}`
      : `posted ${n(posted)}  accepted ${n(accepted)}  duplicate ${n(duplicate)}  conflict ${n(conflict)}  refused ${n(refused)}`,
    ...causeLines(causes, language),
  ];
}

export function causeLines(causes: readonly RefusalCause[], language: Language): string[] {
  return causes.flatMap(({ code, count, examples }) => [
    `  ${code}: ${numberText(count, language)}`,
    ...examples.map(({ line, id, field, text }) => {
      const place = [line === undefined ? '' : `${language === 'vi' ? 'dòng' : 'line'} ${line}`, id, field].filter(Boolean).join(', ');
      return `    ${place}${text ? `: ${text[language]}` : ''}`;
    }),
  ]);
}

/** Whether an earlier run was gone on from, and whether the figures had caught up. */
export function endLines(
  { resumedAfter, settled }: { resumedAfter: number | null; settled: boolean | null },
  waitLimit: number,
  language: Language,
): string[] {
  const say = (en: string, vi: string): string => (language === 'vi' ? vi : en);
  const lines: string[] = [];
  if (resumedAfter !== null) {
    const rows = numberText(resumedAfter, language);
    lines.push(
      say(
        `the counts include an earlier run that was broken off after ${rows} rows`,
        `số liệu gồm cả lần chạy trước, bị ngắt sau ${rows} dòng`,
      ),
    );
  }
  if (settled === true) lines.push(say('every accepted event is in the figures', 'mọi sự kiện đã nhận đều đã vào chỉ số'));
  if (settled === false) {
    lines.push(
      say(
        `after ${waitLimit} s events are still on their way to the figures; nothing is lost, par audit says where they are`,
        `sau ${waitLimit} giây vẫn còn sự kiện chưa vào chỉ số; không mất gì, chạy par audit để xem đang ở đâu`,
      ),
    );
  }
  return lines;
}
