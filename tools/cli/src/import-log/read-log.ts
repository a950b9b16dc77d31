import { Progress } from '../progress.ts';
import { readRows } from '../read-table/read-rows.ts';
import type { CellFault, TableFormat } from '../read-table/table.ts';
import type { Terminal } from '../terminal.ts';
import { RowMapper, type OutgoingEvent, type RowFault } from './map-rows.ts';
import { columnsOf, type Mapping } from './mapping.ts';
import { organisationEvents } from './organisation-events.ts';
import { assertColumns } from './read-mapping.ts';

export interface Log {
  file: string;
  format: TableFormat;
  sheet?: string | undefined;
  size: number;
  mapping: Mapping;
  mappingFile: string;
  mappingText: string;
}

/** What one row of a log gives. */
export interface LogItem {
  /** 0 for what comes with the mapping. */
  line: number;
  events: OutgoingEvent[];
  faults: (RowFault | CellFault)[];
}

/** One reading of a log from its beginning, through the mapping. Counts as it goes. */
export class LogReading {
  rows = 0;
  readonly byType = new Map<string, number>();
  readonly #mapper: RowMapper;
  /** Columns that the mapping reads and no row had so far. */
  readonly #unseen: Set<string>;

  constructor(
    private readonly log: Log,
    private readonly terminal: Terminal,
  ) {
    this.#mapper = new RowMapper(log.mapping);
    this.#unseen = new Set(columnsOf(log.mapping).map((use) => use.column));
  }

  get cases(): number {
    return this.#mapper.cases;
  }

  /** Columns that the mapping reads and no row had. Only XES has such: the columns of a table are checked before its first row. */
  get columnsNotSeen(): string[] {
    return this.log.format === 'xes' ? [...this.#unseen] : [];
  }

  /** The organisation that comes with the mapping, then the log, row by row. */
  async *items(label: string): AsyncGenerator<LogItem> {
    const { file, format, sheet, size, mapping, mappingFile, mappingText } = this.log;
    if (mapping.organisation.length > 0)
      yield this.#counted({ line: 0, events: organisationEvents(mapping).map(withPlainData), faults: [] });
    const progress = new Progress(this.terminal, label, size);
    const note = (): string => `${this.rows} ${this.terminal.language === 'vi' ? 'dòng' : 'rows'}`;
    const onHeader = (header: string[]): void => assertColumns(mapping, mappingText, mappingFile, header);
    try {
      for await (const read of readRows(file, { format, sheet, delimiter: mapping.csv.delimiter, onHeader })) {
        this.rows += 1;
        this.#see(read.row);
        // A row with a cell that nobody can read is left out as a whole: an event made of the rest could be another one.
        const mapped = read.faults ? { events: [], faults: read.faults } : this.#mapper.map(read.row, { caseOnly: read.caseOnly });
        yield this.#counted({ line: read.line, ...mapped });
        progress.at(Math.min(read.bytes, size - 1), note());
      }
      progress.at(size, note());
    } finally {
      progress.stop();
    }
  }

  #counted(item: LogItem): LogItem {
    for (const { type } of item.events) this.byType.set(type, (this.byType.get(type) ?? 0) + 1);
    return item;
  }

  #see(row: Readonly<Record<string, string>>): void {
    for (const column of this.#unseen) if (Object.hasOwn(row, column)) this.#unseen.delete(column);
  }
}

function withPlainData(event: ReturnType<typeof organisationEvents>[number]): OutgoingEvent {
  return { ...event, data: { ...event.data } };
}
