import type { Bilingual } from '@par/service-kit';

export const TABLE_FORMATS = ['csv', 'xlsx', 'xes'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** A row of a table: column → text. */
export type Row = Readonly<Record<string, string>>;

/** Something in a row that the reader itself cannot give as text. */
export interface CellFault {
  code: 'cell.error' | 'cell.formula-without-value';
  column: string;
  text: Bilingual;
}

export interface ReadRow {
  row: Row;
  /** Line of a text file on which the row ends; row of the sheet. */
  line: number;
  /** Bytes of the file read so far; a little ahead of the row. */
  bytes: number;
  /** Set where the row speaks of a case alone: a trace of an XES log without events. */
  caseOnly?: true;
  /** Cells without a value; the row is not to be used. */
  faults?: CellFault[];
}
