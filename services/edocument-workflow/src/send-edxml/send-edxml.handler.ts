import { Injectable } from '@nestjs/common';
import { type ProducerEvent } from '@par/contracts';
import { type OutgoingDocument } from '@par/edxml';
import { contentHash, OwnDoor, type Producer, speaksForUnit } from '@par/ingress';
import { OrganisationRegister } from '@par/organisation';
import { Database, Problem, type Transaction } from '@par/service-kit';
import type { FastifyRequest } from 'fastify';
import { answerOf, type EdxmlAnswer, tooLarge } from '../edxml-answer.ts';
import { EdxmlDestinations, NOT_SENDING } from '../edxml-destinations.ts';
import { edxmlEvents } from '../edxml-events.ts';
import { type Parties, partiesOf, sidesOf } from '../edxml-parties.ts';
import { requestFieldOf, type WrittenMessage, writtenMessage } from '../outgoing-message.ts';
import { type OutgoingRequest, type RequestMistake } from './send-edxml.dto.ts';

export interface Caller {
  producer: Producer;
  request: FastifyRequest;
}

export interface SendAnswer extends EdxmlAnswer {
  /** Identifiers of the organisations that the message goes to. */
  destinations: string[];
}

/**
 * Sends a document of a unit as an edXML message. First the message is stored, then its event goes through the front door; nothing is delivered before that was accepted. A
 * crash between the two leaves a message that is never sent and soon removed, and posting the same again completes it.
 */
@Injectable()
export class SendEdxml {
  constructor(
    private readonly door: OwnDoor,
    private readonly register: OrganisationRegister,
    private readonly database: Database,
    private readonly destinations: EdxmlDestinations,
  ) {}

  async send(id: string, request: OutgoingRequest, caller: Caller): Promise<SendAnswer> {
    if (!this.destinations.isOn) throw new Problem({ status: 503, code: 'edxml.not-sending', title: NOT_SENDING });
    const writing = await writtenMessage(documentOf(id, request));
    if (!writing.ok) {
      if (writing.mistakes.some(({ code }) => code === 'edxml.too-large')) throw tooLarge();
      throw mistaken(distinct(writing.mistakes.map(({ code, field, vi, en }) => ({ code, field: requestFieldOf(field), vi, en }))));
    }
    const { written } = writing;
    const events = await this.#eventsOf(written, caller);
    const message = { written, event: events.at(-1)!, destinations: sidesOf(written.message).recipients };
    const stored = await this.database.transaction((tx) => store(tx, message));
    const answer = await this.#accept(events, written, caller).catch(async (error: unknown) => {
      if (stored !== undefined) await this.#forget(stored);
      throw error;
    });
    return { ...answer, destinations: message.destinations };
  }

  async #accept(events: readonly ProducerEvent[], { message }: WrittenMessage, { producer, request }: Caller): Promise<EdxmlAnswer> {
    return answerOf(message, await this.door.accept(events, producer, request));
  }

  /** The issuer's events: of a replacement that of the replaced document first, then that of the new one, to which the message belongs. */
  async #eventsOf({ message }: WrittenMessage, { producer }: Caller): Promise<ProducerEvent[]> {
    const look = (organisation: ReturnType<OrganisationRegister['current']>): Parties =>
      partiesOf(message, organisation, { asked: message.from.canonical, mayWrite: (unit) => speaksForUnit(producer, unit, organisation) });
    let found = look(this.register.current());
    if (!found.ok) found = look(await this.register.latest());
    if (found.ok) return edxmlEvents(message, found.parties);
    const { code, text } = found.fault;
    throw new Problem({ status: 422, code, field: 'from.organ', title: text });
  }

  /** Where the event was refused after all. The relay would never send it; its text need not wait to be removed. */
  async #forget(message: number): Promise<void> {
    await this.database.query(
      `DELETE FROM edxml_message m WHERE id = $1 AND NOT EXISTS (
         SELECT FROM ingress.accepted_event a WHERE a.source = m.event_source AND a.id = m.event_id AND a.content_hash = m.content_hash)`,
      [message],
    );
  }
}

function documentOf(id: string, request: OutgoingRequest): OutgoingDocument {
  const { from, to, business, files = [], ...rest } = request;
  const named = ({ organ, ...names }: OutgoingRequest['from']): OutgoingDocument['from'] => ({ code: organ, ...names });
  return {
    ...rest,
    from: named(from),
    to: to.map(named),
    documentId: id,
    ...(business && { business: business.type === 'new' || business.type === 'replace' ? business : { documentId: id, ...business } }),
    files: files.map(({ name, mediaType, content }, n) => ({
      contentId: `file-${n + 1}`,
      name,
      mediaType,
      content: [Buffer.from(content, 'base64')],
    })),
  };
}

interface Outgoing {
  written: WrittenMessage;
  /** The event that has to be accepted before anything is sent. */
  event: ProducerEvent;
  destinations: string[];
}

/** Returns the message's id where it is new. One that is known stays as it is, but what was given up of it is tried again. */
async function store(tx: Transaction, { written, event, destinations }: Outgoing): Promise<number | undefined> {
  const { source, id, subject, unit } = event;
  const { message, bytes } = written;
  const says = message.business.type;
  const hash = contentHash(event);
  const [made] = await tx.query<{ id: number }>(
    `INSERT INTO edxml_message (event_source, event_id, content_hash, document, says, sender, unit, bytes)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id`,
    [source, id, hash, subject, says, message.from.canonical, unit, bytes],
  );
  if (!made) {
    await tryAgain(tx, [source, id, hash, says], written);
    return undefined;
  }
  storePieces(tx, made.id, written);
  tx.send('INSERT INTO edxml_delivery (message, document, destination) SELECT $1, $2, unnest($3::text[])', [
    made.id,
    subject,
    destinations,
  ]);
  return made.id;
}

async function tryAgain(tx: Transaction, key: unknown[], written: WrittenMessage): Promise<void> {
  const [known] = await tx.query<{ id: number }>(
    'SELECT id FROM edxml_message WHERE event_source = $1 AND event_id = $2 AND content_hash = $3 AND says = $4 FOR UPDATE',
    key,
  );
  if (!known) return;
  const again = await tx.query(
    `UPDATE edxml_delivery SET gave_up_at = NULL, attempts = 0, since = now(), next_at = now()
      WHERE message = $1 AND gave_up_at IS NOT NULL RETURNING id`,
    [known.id],
  );
  if (again.length > 0) storePieces(tx, known.id, written);
}

function storePieces(tx: Transaction, message: number, { pieces }: WrittenMessage): void {
  pieces.forEach((piece, position) =>
    tx.send('INSERT INTO edxml_piece (message, position, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [message, position, piece]),
  );
}

function distinct(mistakes: readonly RequestMistake[]): RequestMistake[] {
  return [...new Map(mistakes.map((mistake) => [`${mistake.code} ${mistake.field}`, mistake])).values()];
}

/** Every mistake of a request at once. */
export function mistaken(mistakes: readonly RequestMistake[]): Problem {
  const { code, field, vi, en } = mistakes[0]!;
  return new Problem({ status: 422, code, ...(field === '' ? {} : { field }), title: { vi, en }, extra: { mistakes } });
}
