import { numberText, type Language } from '../language.ts';
import { Mistake } from '../mistake.ts';
import { countsLines, endLines } from '../post-events/counts-text.ts';
import { postItems, type PostItem } from '../post-events/posting.ts';
import type { PostingCounts } from '../post-events/posting-report.ts';
import { targetCity, type TargetOptions } from '../post-events/target-city.ts';
import { waitForFigures } from '../post-events/wait-for-figures.ts';
import type { TableFormat } from '../read-table/table.ts';
import { RunningCity } from '../running-city.ts';
import type { Terminal } from '../terminal.ts';
import { DECLARATION_KINDS } from './declaration-kinds.ts';
import type { KindName } from './kind-names.ts';
import { makeEvents, type DeclaredEvent } from './make-events.ts';
import { readCell } from './read-cell.ts';
import { readDeclarations, type BadCell } from './read-declarations.ts';
import { UnitDirectory } from './unit-directory.ts';

export interface DeclareOptions extends TargetOptions {
  kind: KindName;
  file: string;
  source?: string;
  asOf?: string;
  format?: TableFormat;
  sheet?: string;
  city?: string;
  skipBad?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

interface DeclareSummary {
  kind: KindName;
  rows: number;
  events: number;
  byType: Record<string, number>;
  bad: BadCell[];
  /** Identity of each event, by which it can be taken back. */
  declared: { line: number; type: string; source: string; id: string }[];
  /** Null where nothing was posted. */
  posted: (PostingCounts & { settled: boolean | null }) | null;
}

/** `par declare`: exit 1 when a row is bad, or anything was refused or in conflict. Nothing is posted while a row is bad, unless told so. */
export async function declare(options: DeclareOptions, terminal: Terminal): Promise<number> {
  const kind = DECLARATION_KINDS[options.kind];
  const source = options.source ?? `urn:par:declared:${kind.name}`;
  const asOf = checkedDay(options.asOf);
  const running = new RunningCity();
  const units = await UnitDirectory.of(running.url('dossier-intake', options.intake), options.city);
  const { rows, bad } = await readDeclarations(kind, { ...options, asOf }, units);
  const made = makeEvents(kind, rows, { units: units.all, source, now: new Date() });
  const allBad = [...bad, ...made.bad].sort((a, b) => a.line - b.line);

  const mayPost = options.dryRun !== true && (allBad.length === 0 || options.skipBad === true);
  const posted = mayPost && made.events.length > 0 ? await post(made.events, running, options, terminal) : null;
  const summary: DeclareSummary = {
    kind: options.kind,
    rows: rows.length + new Set(bad.map(({ line }) => line)).size,
    events: made.events.length,
    byType: countedByType(made.events),
    bad: allBad,
    declared: made.events.map(({ line, event: { type, id } }) => ({ line, type, source, id })),
    posted: posted && { ...posted.counts, settled: posted.settled },
  };
  terminal.print(options.json ? JSON.stringify(summary, null, 2) : summaryText(summary, options, terminal.language));
  return allBad.length === 0 && (posted?.clean ?? true) ? 0 : 1;
}

async function post(
  events: readonly DeclaredEvent[],
  running: RunningCity,
  options: DeclareOptions,
  terminal: Terminal,
): Promise<{ counts: PostingCounts; clean: boolean; settled: boolean | null }> {
  const city = targetCity(running, options);
  const { clean, resumedAfter: _, ...counts } = await postItems(() => itemsOf(events), { city, batch: options.batch, terminal });
  const settled = options.wait ? await waitForFigures(city.services, options.waitLimit, terminal) : null;
  return { counts, clean, settled };
}

async function* itemsOf(events: readonly DeclaredEvent[]): AsyncGenerator<PostItem> {
  for (const { line, event } of events) {
    yield await Promise.resolve({ line, faults: [], events: [{ ...event, json: () => JSON.stringify(event) }] });
  }
}

function checkedDay(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const read = readCell(text, { kind: 'date' });
  if (read.ok) return String(read.value);
  throw new Mistake('option.bad-day', { en: `--as-of ${read.text.en}`, vi: `--as-of ${read.text.vi}` });
}

function countedByType(events: readonly DeclaredEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { event } of events) counts[event.type] = (counts[event.type] ?? 0) + 1;
  return counts;
}

function summaryText(summary: DeclareSummary, options: DeclareOptions, language: Language): string {
  const say = (en: string, vi: string): string => (language === 'vi' ? vi : en);
  const n = (value: number): string => numberText(value, language);
  const { rows, events, byType, bad, posted } = summary;
  const lines = [
    say(`${options.file}: ${n(rows)} rows, ${n(events)} events`, `${options.file}: ${n(rows)} dòng, ${n(events)} sự kiện`),
    ...Object.entries(byType).map(([type, count]) => `  ${type}: ${n(count)}`),
    ...bad.map(({ line, column, text }) => `${say('row', 'dòng')} ${line}${column ? `, ${column}` : ''}: ${text[language]}`),
  ];
  if (bad.length > 0) {
    lines.push(
      options.skipBad
        ? say('bad rows were left out', 'đã bỏ qua các dòng sai')
        : say(
            'nothing was posted: put these right, or leave them out with --skip-bad',
            'chưa gửi gì: hãy sửa các dòng trên, hoặc bỏ qua bằng --skip-bad',
          ),
    );
  } else if (options.dryRun) {
    lines.push(say('dry run: every row is good, nothing was posted', 'chạy thử: mọi dòng đều đúng, chưa gửi gì'));
  }
  if (posted)
    lines.push(...countsLines(posted, language), ...endLines({ resumedAfter: null, settled: posted.settled }, options.waitLimit, language));
  return lines.join('\n');
}
