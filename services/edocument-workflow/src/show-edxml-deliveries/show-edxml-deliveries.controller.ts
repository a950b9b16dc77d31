import { Controller, Get, Query } from '@nestjs/common';
import { Database, Problem } from '@par/service-kit';

/** One message on its way to one organisation; never its text. */
export interface DeliveryView {
  id: number;
  document: string;
  /** A business type (`new`, `recall`, `update`, `replace`) or a status code (`03`). */
  says: string;
  /** Identifiers of the organisations that send and receive it. */
  sender: string;
  destination: string;
  bytes: number;
  state: 'waiting' | 'delivered' | 'given-up';
  attempts: number;
  since: string;
  /** When it is tried next, while it waits. */
  nextAt: string | null;
  deliveredAt: string | null;
  gaveUpAt: string | null;
  /** Stable code of what went wrong last. */
  error: string | null;
}

interface Row extends Omit<DeliveryView, 'since' | 'nextAt' | 'deliveredAt' | 'gaveUpAt' | 'state'> {
  since: Date;
  next_at: Date;
  delivered_at: Date | null;
  gave_up_at: Date | null;
}

const USUAL_LIMIT = 100;
const MOST = 500;

/** `GET /v1/edxml/deliveries?document=&after=&limit=`: what is sent and what became of it, page by page by id. */
@Controller('v1/edxml/deliveries')
export class ShowEdxmlDeliveriesController {
  constructor(private readonly database: Database) {}

  @Get()
  async show(
    @Query('document') document?: string,
    @Query('after') after?: string,
    @Query('limit') limit?: string,
  ): Promise<{ deliveries: DeliveryView[]; next: number | null }> {
    const most = wholeNumber('limit', limit, USUAL_LIMIT, MOST);
    const rows = await this.database.query<Row>(
      `SELECT d.id, d.document, m.says, m.sender, d.destination, m.bytes, d.attempts, d.since, d.next_at, d.delivered_at, d.gave_up_at, d.error
         FROM edxml_delivery d JOIN edxml_message m ON m.id = d.message
        WHERE d.id > $1 AND ($2::text IS NULL OR d.document = $2) ORDER BY d.id LIMIT $3`,
      [wholeNumber('after', after, 0, Number.MAX_SAFE_INTEGER), document ?? null, most],
    );
    return { deliveries: rows.map(viewOf), next: rows.length === most ? (rows.at(-1)?.id ?? null) : null };
  }
}

function viewOf({ since, next_at, delivered_at, gave_up_at, ...row }: Row): DeliveryView {
  const state = delivered_at ? 'delivered' : gave_up_at ? 'given-up' : 'waiting';
  return {
    ...row,
    state,
    since: since.toISOString(),
    nextAt: state === 'waiting' ? next_at.toISOString() : null,
    deliveredAt: delivered_at?.toISOString() ?? null,
    gaveUpAt: gave_up_at?.toISOString() ?? null,
  };
}

function wholeNumber(field: string, text: string | undefined, usual: number, most: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && value <= most) return value;
  throw new Problem({
    status: 400,
    code: 'request.bad-number',
    field,
    title: { en: `This is a whole number up to ${most}`, vi: `Đây phải là số nguyên không quá ${most}` },
  });
}
