import { Injectable } from '@nestjs/common';
import { STATUS_CODES } from '@par/edxml';
import { REFUSALS } from '@par/ingress';
import { type Bilingual, Database, Problem, type Transaction } from '@par/service-kit';
import { EdxmlDestinations, NOT_SENDING } from '../edxml-destinations.ts';
import { EdxmlStatuses } from '../edxml-statuses.ts';

/** A delivery on its way again. */
export interface ResentDelivery {
  id: number;
  document: string;
  /** A business type or a status code. */
  says: string;
  destination: string;
  state: 'waiting';
}

interface Row extends Omit<ResentDelivery, 'state'> {
  message: number;
  unit: string;
  event_source: string;
  event_id: string;
  delivered_at: Date | null;
  gave_up_at: Date | null;
}

/**
 * Puts a delivery that was given up on its way again. The text of a message is removed with its last delivery: that of a status is written anew from the events that it tells,
 * that of a document has to come from its issuer once more.
 */
@Injectable()
export class ResendEdxml {
  constructor(
    private readonly database: Database,
    private readonly destinations: EdxmlDestinations,
    private readonly statuses: EdxmlStatuses,
  ) {}

  /** @param mayWrite whether the caller may speak for a unit */
  async again(id: number, mayWrite: (unit: string) => boolean): Promise<ResentDelivery> {
    if (!this.destinations.isOn) throw new Problem({ status: 503, code: 'edxml.not-sending', title: NOT_SENDING });
    return this.database.transaction(async (tx) => {
      const row = await lock(tx, id);
      if (!row) throw unknownDelivery();
      if (!mayWrite(row.unit)) throw new Problem({ status: 422, code: 'producer.not-for-unit', title: REFUSALS['producer.not-for-unit'] });
      if (row.delivered_at) throw new Problem({ status: 409, code: 'edxml.delivered', title: DELIVERED });
      if (row.gave_up_at) await this.#tryAgain(tx, row);
      const { document, says, destination } = row;
      return { id, document, says, destination, state: 'waiting' };
    });
  }

  async #tryAgain(tx: Transaction, row: Row): Promise<void> {
    // The text is there while another receiver still waits for it.
    const kept = await tx.query('SELECT FROM edxml_piece WHERE message = $1 LIMIT 1', [row.message]);
    if (kept.length === 0) await this.#writeAnew(tx, row);
    tx.send('UPDATE edxml_delivery SET gave_up_at = NULL, attempts = 0, since = now(), next_at = now() WHERE id = $1', [row.id]);
  }

  async #writeAnew(tx: Transaction, { message, document, says, event_source: source, event_id: id }: Row): Promise<void> {
    const isStatus = (STATUS_CODES as readonly string[]).includes(says);
    const xml = isStatus ? await this.statuses.textOf(tx, document, { source, id }) : undefined;
    if (xml === undefined) throw new Problem({ status: 409, code: 'edxml.text-gone', title: TEXT_GONE });
    tx.send('INSERT INTO edxml_piece (message, position, content) VALUES ($1, 0, $2)', [message, Buffer.from(xml)]);
    tx.send('UPDATE edxml_message SET bytes = $2 WHERE id = $1', [message, Buffer.byteLength(xml)]);
  }
}

/** The message's row first, as whoever settles an attempt does, so that neither removes a text that the other needs. */
async function lock(tx: Transaction, delivery: number): Promise<Row | undefined> {
  await tx.query('SELECT id FROM edxml_message WHERE id = (SELECT message FROM edxml_delivery WHERE id = $1) FOR UPDATE', [delivery]);
  const [row] = await tx.query<Row>(
    `SELECT d.id, d.document, m.says, d.destination, d.message, m.unit, m.event_source, m.event_id, d.delivered_at, d.gave_up_at
       FROM edxml_delivery d JOIN edxml_message m ON m.id = d.message WHERE d.id = $1 FOR UPDATE OF d`,
    [delivery],
  );
  return row;
}

export function unknownDelivery(): Problem {
  return new Problem({ status: 404, code: 'edxml.delivery-unknown', field: 'id', title: UNKNOWN });
}

const UNKNOWN: Bilingual = { en: 'There is no such delivery.', vi: 'Không có lượt gửi này.' };
const DELIVERED: Bilingual = { en: 'It was delivered; nothing is sent again.', vi: 'Gói tin đã được gửi đến nơi; không gửi lại.' };
const TEXT_GONE: Bilingual = {
  en: 'The text of this message is kept no more: its issuer posts it once more to /v1/documents/{id}/edxml, which tries again what was given up.',
  vi: 'Nội dung gói tin không còn được lưu: đơn vị phát hành gửi lại chính văn bản đó tới /v1/documents/{id}/edxml, hệ thống sẽ thử lại các nơi đã thôi gửi.',
};
