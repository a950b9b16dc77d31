import { readFile } from 'node:fs/promises';
import { Journal } from '../post-events/journal.ts';
import { postItems, type PostItem } from '../post-events/posting.ts';
import { targetCity, type ResumeOptions, type TargetOptions } from '../post-events/target-city.ts';
import { waitForFigures } from '../post-events/wait-for-figures.ts';
import { readMistake, sizeOf } from '../read-table/input-file.ts';
import { formatOf } from '../read-table/read-rows.ts';
import type { TableFormat } from '../read-table/table.ts';
import { RunningCity } from '../running-city.ts';
import type { Terminal } from '../terminal.ts';
import { dryRun } from './dry-run.ts';
import { parseMapping } from './read-mapping.ts';
import { LogReading, type Log, type LogItem } from './read-log.ts';
import { dryRunText, summaryText, type DryRunSummary, type ImportSummary } from './summary-text.ts';

export interface ImportOptions extends TargetOptions, ResumeOptions {
  file: string;
  mapping: string;
  format?: TableFormat;
  sheet?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** `par import`: exit 1 when anything was (or would be) refused or in conflict. */
export async function importLog(options: ImportOptions, terminal: Terminal): Promise<number> {
  const startedAt = performance.now();
  const log = await openLog(options);
  if (options.dryRun) return tryLog(log, options, terminal, startedAt);

  const city = targetCity(new RunningCity(), options);
  const rules = [log.mappingText, log.format, log.sheet ?? ''];
  const journal = await Journal.of({ file: log.file, rules, target: Object.values(city.doors) }, options.journal);
  if (!options.resume) journal.remove();
  let reading = new LogReading(log, terminal);
  const items = (): AsyncGenerator<PostItem> => {
    reading = new LogReading(log, terminal);
    return postable(reading.items(terminal.language === 'vi' ? 'Gửi sự kiện' : 'Posting events'));
  };
  const { clean, ...counts } = await postItems(items, { city, batch: options.batch, journal, terminal });
  const settled = options.wait ? await waitForFigures(city.services, options.waitLimit, terminal) : null;

  const summary: ImportSummary = { ...told(reading), ...counts, settled, seconds: secondsSince(startedAt) };
  terminal.print(options.json ? JSON.stringify(summary, null, 2) : summaryText(summary, options, terminal.language));
  return clean ? 0 : 1;
}

/** `par import --dry-run`: posts nothing and needs no running city. */
async function tryLog(log: Log, options: ImportOptions, terminal: Terminal, startedAt: number): Promise<number> {
  const reading = new LogReading(log, terminal);
  const items = reading.items(terminal.language === 'vi' ? 'Kiểm tra' : 'Checking');
  const { report, unitsChecked } = await dryRun(items, { now: new Date(), hasOrganisation: log.mapping.organisation.length > 0 });
  const { refused, causes } = report.counts();
  const summary: DryRunSummary = { dryRun: true, ...told(reading), refused, causes, unitsChecked, seconds: secondsSince(startedAt) };
  terminal.print(options.json ? JSON.stringify(summary, null, 2) : dryRunText(summary, options.file, terminal.language));
  return report.clean ? 0 : 1;
}

/** Reads the mapping and looks at the log. @throws Mistake where one of them cannot be read */
export async function openLog(options: Pick<ImportOptions, 'file' | 'mapping' | 'format' | 'sheet'>): Promise<Log> {
  const { file, mapping: mappingFile, sheet } = options;
  const mappingText = await readText(mappingFile);
  const mapping = parseMapping(mappingText, mappingFile);
  const size = await sizeOf(file);
  return { file, format: formatOf(file, options.format), sheet, size, mapping, mappingFile, mappingText };
}

async function* postable(items: AsyncIterable<LogItem>): AsyncGenerator<PostItem> {
  for await (const { line, events, faults } of items) {
    yield {
      line,
      events: events.map((event) => ({ ...event, json: () => JSON.stringify(event) })),
      faults: faults.map(({ code, column, text }) => ({ code, field: column, text })),
    };
  }
}

function told(reading: LogReading): Pick<ImportSummary, 'rows' | 'cases' | 'byType' | 'columnsNotSeen'> {
  const { rows, cases, columnsNotSeen } = reading;
  return { rows, cases, byType: Object.fromEntries([...reading.byType].sort(([a], [b]) => (a < b ? -1 : 1))), columnsNotSeen };
}

function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 100) / 10;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw readMistake(file, error);
  }
}
