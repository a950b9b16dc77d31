import { createReadStream } from 'node:fs';
import { parse, type Info } from 'csv-parse';
import { Mistake } from '../mistake.ts';
import type { Row } from './map-rows.ts';

export interface ReadRow {
  row: Row;
  /** Line of the file on which the row ends. */
  line: number;
  /** Bytes read so far. */
  bytes: number;
}

/** Streams the rows of a CSV file (UTF-8, with or without byte-order mark, quoted as by RFC 4180). `onHeader` sees the columns first. */
export async function* readRows(file: string, delimiter: string, onHeader: (columns: string[]) => void): AsyncGenerator<ReadRow> {
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    skip_empty_lines: true,
    relax_column_count: false,
    columns: (header: string[]) => {
      onHeader(header);
      return header;
    },
  });
  const input = createReadStream(file);
  // A file that breaks while it is read ends the parser too, so that the loop below hears of it.
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Row; info: Info }>) {
      yield { row: record, line: info.lines, bytes: info.bytes };
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('CSV_')) throw error;
    const line = 'lines' in error ? Number(error.lines) : 0;
    throw new Mistake('import.not-csv', {
      en: `line ${line} of ${file} is not CSV as the header announces it: ${error.message}`,
      vi: `dòng ${line} của ${file} không đúng dạng CSV như tiêu đề: ${error.message}`,
    });
  } finally {
    input.destroy();
  }
}
