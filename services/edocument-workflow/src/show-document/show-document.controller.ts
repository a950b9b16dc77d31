import { Controller, Get, Param } from '@nestjs/common';
import { Database, Problem } from '@par/service-kit';
import { type DocumentEvent } from '../document-event.ts';
import { foldDocument } from '../document.ts';
import { numbersOf } from '../register-book.ts';
import { shownDocument, type ShownDocument } from './shown-document.ts';

/**
 * `GET /v1/documents/{id}`: the whole of a document, folded from its events. Its id may hold slashes and commas, percent-encoded; it is the rest of the path, since a
 * parameter of Fastify's has at most 100 characters.
 */
@Controller('v1/documents')
export class ShowDocumentController {
  constructor(private readonly database: Database) {}

  /** Throws problem 404 `document.unknown` where no event is about this document. */
  @Get('*')
  async show(@Param('*') document: string): Promise<ShownDocument> {
    const [[row], numbers] = await Promise.all([
      this.database.query<{ events: DocumentEvent[] }>('SELECT events FROM document WHERE id = $1', [document]),
      numbersOf(this.database, document),
    ]);
    if (!row) {
      throw new Problem({
        status: 404,
        code: 'document.unknown',
        field: 'id',
        title: { en: 'No event about this document has come in.', vi: 'Chưa nhận sự kiện nào về văn bản này.' },
      });
    }
    return shownDocument(document, foldDocument(row.events), numbers);
  }
}
