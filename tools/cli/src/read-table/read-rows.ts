import { Mistake } from '../mistake.ts';
import { readCsv } from './read-csv.ts';
import { readXes } from './read-xes.ts';
import { readXlsx } from './read-xlsx.ts';
import { TABLE_FORMATS, type ReadRow, type TableFormat } from './table.ts';

export interface TableOptions {
  format: TableFormat;
  /** Of CSV. */
  delimiter: string;
  /** Whether a row of CSV may be shorter than the header. */
  mayEndEarly?: boolean | undefined;
  /** Name of the sheet of a workbook; its first where absent. */
  sheet?: string | undefined;
  /** Sees the columns before the first row; never called for XES, whose columns are known at its end only. */
  onHeader: (columns: string[]) => void;
}

/** The format asked for, else the one that the file's name ends in. */
export function formatOf(file: string, asked?: TableFormat): TableFormat {
  if (asked !== undefined) return asked;
  const ending = /\.([a-z]+)(?:\.gz)?$/.exec(file.toLowerCase())?.[1];
  const format = TABLE_FORMATS.find((one) => one === ending);
  if (format) return format;
  throw new Mistake('option.unknown-format', {
    en: `what ${file} is does not show in its name: say --format ${TABLE_FORMATS.join(', ')}`,
    vi: `không biết định dạng của ${file} qua tên tệp: hãy nêu --format ${TABLE_FORMATS.join(', ')}`,
  });
}

/** Streams the rows of a table in memory that does not grow with it, the texts of a workbook apart. */
export function readRows(file: string, { format, delimiter, mayEndEarly, sheet, onHeader }: TableOptions): AsyncGenerator<ReadRow> {
  switch (format) {
    case 'csv':
      return readCsv(file, { delimiter, mayEndEarly, onHeader });
    case 'xlsx':
      return readXlsx(file, sheet, onHeader);
    case 'xes':
      return readXes(file);
  }
}
