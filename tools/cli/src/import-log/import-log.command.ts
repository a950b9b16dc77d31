import { readFile, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { DOOR_OF, type Door, type ServiceName } from '@par/contracts';
import { waitUntilSettled } from '../settling.ts';
import { Mistake } from '../mistake.ts';
import { Progress } from '../progress.ts';
import { RunningCity } from '../running-city.ts';
import { getJson } from '../service-client.ts';
import { ImportReport } from './import-report.ts';
import { RowMapper } from './map-rows.ts';
import type { Mapping } from './mapping.ts';
import { organisationEvents } from './organisation-events.ts';
import { EventPoster, type PostableEvent } from './post-events.ts';
import { assertColumns, parseMapping } from './read-mapping.ts';
import { readRows } from './read-rows.ts';
import { summaryText } from './summary-text.ts';
import type { Terminal } from '../terminal.ts';

export interface ImportOptions {
  file: string;
  mapping: string;
  intake?: string;
  workflow?: string;
  scoring?: string;
  key?: string;
  batch: number;
  wait: boolean;
  waitLimit: number;
  json?: boolean;
}

const UNITS_PATIENCE_MS = 60_000;
const UNITS_POLL_MS = 200;

/** `par import`: exit 1 when anything was refused or in conflict. */
export async function importLog(options: ImportOptions, terminal: Terminal): Promise<number> {
  const startedAt = performance.now();
  const mappingText = await readText(options.mapping);
  const mapping = parseMapping(mappingText, options.mapping);
  const size = await sizeOf(options.file);
  const city = new RunningCity();
  const key = city.producerKey(options.key);
  const doors: Record<Door, string> = {
    'dossier-intake': city.url('dossier-intake', options.intake),
    'edocument-workflow': city.url('edocument-workflow', options.workflow),
  };
  const services: Record<Door | 'index-scoring', string> = { ...doors, 'index-scoring': city.url('index-scoring', options.scoring) };
  const report = new ImportReport();
  const posterFor = (door: Door): EventPoster => new EventPoster({ door, url: doors[door], key, batch: options.batch }, report);

  await postOrganisation(mapping, posterFor('dossier-intake'), services);
  const mapper = new RowMapper(mapping);
  const rows = await postRows(
    { options, mapping, mappingText, mapper, report, size, terminal },
    {
      'dossier-intake': posterFor('dossier-intake'),
      'edocument-workflow': posterFor('edocument-workflow'),
    },
  );
  const settled = options.wait ? await waitForFigures(services, options.waitLimit, terminal) : null;

  const summary = report.summary({ rows, cases: mapper.cases, settled, seconds: Math.round((performance.now() - startedAt) / 100) / 10 });
  terminal.print(options.json ? JSON.stringify(summary, null, 2) : summaryText(summary, options, terminal.language));
  return report.clean ? 0 : 1;
}

/** Posts the units that the mapping brings and waits until every service that has to know them does. */
async function postOrganisation(
  mapping: Mapping,
  poster: EventPoster,
  services: Readonly<Partial<Record<ServiceName, string>>>,
): Promise<void> {
  if (mapping.organisation.length === 0) return;
  for (const event of organisationEvents(mapping)) await poster.add({ event: { ...event, data: { ...event.data } } });
  await poster.finish();
  const giveUpAt = Date.now() + UNITS_PATIENCE_MS;
  for (const [service, url] of Object.entries(services) as [ServiceName, string][]) {
    for (;;) {
      const known = new Set((await getJson<{ units: { id: string }[] }>(service, url, '/v1/units')).units.map((unit) => unit.id));
      const unknown = mapping.organisation.filter((unit) => !known.has(unit.id)).map((unit) => unit.id);
      if (unknown.length === 0) break;
      if (Date.now() >= giveUpAt) {
        throw new Mistake('import.units-not-known', {
          en: `${service} has not heard of ${unknown.join(', ')} after ${UNITS_PATIENCE_MS / 1000} s; par audit says where the events are`,
          vi: `sau ${UNITS_PATIENCE_MS / 1000} giây ${service} vẫn chưa biết ${unknown.join(', ')}; chạy par audit để xem sự kiện đang ở đâu`,
        });
      }
      await pause(UNITS_POLL_MS);
    }
  }
}

interface Posting {
  options: ImportOptions;
  mapping: Mapping;
  mappingText: string;
  mapper: RowMapper;
  report: ImportReport;
  size: number;
  terminal: Terminal;
}

/** Streams the log through the mapping to the doors; returns the number of rows. */
async function postRows(
  { options, mapping, mappingText, mapper, report, size, terminal }: Posting,
  posters: Record<Door, EventPoster>,
): Promise<number> {
  const progress = new Progress(terminal, terminal.language === 'vi' ? 'Gửi sự kiện' : 'Posting events', size);
  const note = (): string => `${report.posted} ${terminal.language === 'vi' ? 'sự kiện đã gửi' : 'events posted'}`;
  let rows = 0;
  try {
    const checkHeader = (header: string[]): void => assertColumns(mapping, mappingText, options.mapping, header);
    for await (const { row, line, bytes } of readRows(options.file, mapping.csv.delimiter, checkHeader)) {
      rows += 1;
      const { events, faults } = mapper.map(row);
      for (const fault of faults) {
        report.refused += 1;
        report.fault(fault.code, { line, field: fault.column, text: fault.text });
      }
      for (const event of events) await posters[doorOf(event)].add({ event, line });
      progress.at(Math.min(bytes, size - 1), note());
    }
    await Promise.all(Object.values(posters).map((poster) => poster.finish()));
    progress.at(size, note());
  } finally {
    progress.stop();
  }
  return rows;
}

function doorOf(event: PostableEvent['event']): Door {
  // A mapping is refused when no door takes one of its types.
  return DOOR_OF[event.type]!;
}

/** Waits until what was accepted has reached the figures; false when the time was over before. */
async function waitForFigures(
  services: Readonly<Partial<Record<ServiceName, string>>>,
  limitSeconds: number,
  terminal: Terminal,
): Promise<boolean> {
  const label = terminal.language === 'vi' ? 'Tính chỉ số' : 'Counting';
  let progress: Progress | undefined;
  let most = 0;
  const { settled } = await waitUntilSettled(services, {
    limitMs: limitSeconds * 1_000,
    withDoors: false,
    onReading: (amount) => {
      if (amount > most) {
        progress?.stop();
        most = amount;
        progress = new Progress(terminal, label, most);
      }
      progress?.at(most - amount, `${amount} ${terminal.language === 'vi' ? 'sự kiện đang xử lý' : 'events on their way'}`);
    },
  });
  if (settled) progress?.at(most, '');
  progress?.stop();
  return settled;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw fileMistake(file, error);
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isFile()) return found.size;
  } catch (error) {
    throw fileMistake(file, error);
  }
  throw new Mistake('option.no-file', { en: `${file} is not a file`, vi: `${file} không phải là tệp` });
}

function fileMistake(file: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR'].includes(code)) return error;
  return new Mistake('option.no-file', { en: `cannot read ${file} (${code})`, vi: `không đọc được ${file} (${code})` });
}
