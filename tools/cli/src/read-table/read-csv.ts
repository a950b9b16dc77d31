import { Readable } from 'node:stream';
import { parse, type Info } from 'csv-parse';
import { codeOf, Mistake } from '../mistake.ts';
import { openInput, utf8Text } from './input-file.ts';
import type { ReadRow, Row } from './table.ts';

/** A quote that is never closed must not take the rest of a large file into memory. */
const LONGEST_ROW = 4 * 1024 * 1024;

/**
 * Streams the rows of a CSV file (UTF-8, with or without byte-order mark, quoted as by RFC 4180). `onHeader` sees the columns first. A row shorter than
 * the header is a mistake, unless `mayEndEarly`: what people type by hand often ends at the last filled cell.
 */
export async function* readCsv(
  file: string,
  {
    delimiter,
    mayEndEarly = false,
    onHeader,
  }: { delimiter: string; mayEndEarly?: boolean | undefined; onHeader: (columns: string[]) => void },
): AsyncGenerator<ReadRow> {
  const parser = parse({
    delimiter,
    info: true,
    skip_empty_lines: true,
    relax_column_count_less: mayEndEarly,
    max_record_size: LONGEST_ROW,
    columns: (header: string[]) => {
      onHeader(header);
      return header;
    },
  });
  const input = openInput(file);
  const text = Readable.from(utf8Text(input, file));
  // A file that breaks while it is read ends the parser too, so that the loop below hears of it.
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Row; info: Info }>) {
      yield { row: record, line: info.lines, bytes: input.bytesRead() };
    }
  } catch (error) {
    if (!(error instanceof Error) || !codeOf(error).startsWith('CSV_')) throw error;
    const line = 'lines' in error ? Number(error.lines) : 0;
    throw new Mistake('import.not-csv', {
      en: `line ${line} of ${file} is not CSV as the header announces it: ${error.message}`,
      vi: `dòng ${line} của ${file} không đúng dạng CSV như tiêu đề: ${error.message}`,
    });
  } finally {
    text.destroy();
    input.close();
  }
}
