import { Controller, Get, Query } from '@nestjs/common';
import { type Label } from '@par/administration';
import { Database, Problem } from '@par/service-kit';
import { RECIPIENT_LABELS, STATE_LABELS } from '../document-labels.ts';
import { DIRECTIONS, type Direction } from '../register-book.ts';

const MOST_AT_ONCE = 1_000;
const USUAL = 100;
const LABELS: Readonly<Record<string, Label>> = { ...STATE_LABELS, ...RECIPIENT_LABELS };

interface Asked {
  unit?: string;
  direction?: string;
  state?: string;
  after?: string;
  limit?: string;
}

interface ListedDocument {
  document: string;
  direction: Direction;
  state: string;
  label: Label;
  updatedAt: Date;
}

interface DocumentPage {
  documents: ListedDocument[];
  /** Give as `after` for the next page; null on the last one. */
  next: string | null;
}

/** `GET /v1/documents?unit=&direction=&state=&after=&limit=`: the documents of a unit, a page at a time by their identity. */
@Controller('v1/documents')
export class ListDocumentsController {
  constructor(private readonly database: Database) {}

  @Get()
  async list(@Query() { unit, direction, state, after = '', limit = String(USUAL) }: Asked): Promise<DocumentPage> {
    if (unit === undefined) throw bad('unit', { en: 'Name the unit.', vi: 'Phải nêu đơn vị.' });
    if (direction !== undefined && !DIRECTIONS.some((known) => known === direction)) {
      throw bad('direction', { en: 'A direction is incoming or outgoing.', vi: 'Chiều văn bản là incoming (đến) hoặc outgoing (đi).' });
    }
    if (state !== undefined && !Object.hasOwn(LABELS, state)) {
      throw bad('state', {
        en: 'There is no such state; docs/documents.md lists them.',
        vi: 'Không có trạng thái này; xem docs/documents.md.',
      });
    }
    const most = /^\d{1,9}$/.test(limit) ? Math.min(Math.max(Number(limit), 1), MOST_AT_ONCE) : undefined;
    if (most === undefined) throw bad('limit', { en: 'The limit is a whole number.', vi: 'Giới hạn phải là số nguyên.' });
    const values: unknown[] = [after, most + 1];
    const filters = Object.entries({ unit, ...(direction !== undefined && { direction }), ...(state !== undefined && { state }) });
    const wanted = filters.map(([column, value]) => `${column} = $${values.push(value)}`).join(' AND ');
    const rows = await this.database.query<Omit<ListedDocument, 'label'>>(
      `SELECT document, direction, state, updated_at AS "updatedAt" FROM document_of_unit
        WHERE ${wanted} AND document > $1 ORDER BY document LIMIT $2`,
      values,
    );
    const documents = rows.slice(0, most).map((row) => ({ ...row, label: LABELS[row.state]! }));
    return { documents, next: rows.length > most ? documents.at(-1)!.document : null };
  }
}

function bad(field: string, title: Label): Problem {
  return new Problem({ status: 400, code: 'request.bad-parameter', field, title });
}
