import { Injectable } from '@nestjs/common';
import { localTime, type Organisation } from '@par/administration';
import { type AnyEvent, type CloudEvent, type EventIdentity, type EventType } from '@par/contracts';
import { oldFormOf, parseOrganCode, STATUS_CODES, type StatusCode, writeStatus } from '@par/edxml';
import { OrganisationRegister } from '@par/organisation';
import { OperationalError, type Transaction } from '@par/service-kit';
import { EdxmlDestinations } from './edxml-destinations.ts';
import { EDXML_SOURCE, STATUS_EVENTS } from './edxml-events.ts';

/** A status message for the issuer of a document that came as edXML. */
export interface StatusMessage {
  /** The event that says it. */
  event: AnyEvent;
  status: StatusCode;
  /** Canonical identifiers of who says it and who is told. */
  sender: string;
  destination: string;
  xml: string;
}

const STATUS_OF: ReadonlyMap<EventType, StatusCode> = new Map(STATUS_CODES.map((status) => [STATUS_EVENTS[status], status]));
const ARRIVED = 'vn.par.document.arrived.v1';

/**
 * What is to be told to the issuers of documents that came as edXML, out of all events of these documents: first that each has come (01, "the software received it, no clerk has
 * acted", domain 7.2), then one message for each thing that a unit of ours said of it itself. A status that came as edXML is never told again, so two systems cannot echo each
 * other. Pure; order and duplicates of the events do not matter.
 * @throws OperationalError where the unit that speaks is not known yet
 */
export function statusesOf(events: readonly AnyEvent[], organisation: Organisation): StatusMessage[] {
  const arrivals = new Map(events.filter(isArrival).map((event) => [arrivalKey(event.subject, event.data.recipient), event]));
  const come = [...arrivals.values()].map((arrival) => messageOf(arrival, '01', arrival, organisation));
  const said = events.flatMap((event) => {
    const status = STATUS_OF.get(event.type);
    // That it arrived was told when it did; a unit that says so too tells the issuer nothing new.
    if (status === undefined || status === '01' || event.source.startsWith(EDXML_SOURCE)) return [];
    const { recipient } = event.data as { recipient: string };
    const arrival = arrivals.get(arrivalKey(event.subject, recipient));
    // Only the unit that the document came to speaks for itself.
    if (arrival?.unit !== event.unit) return [];
    return [messageOf(event, status, arrival, organisation)];
  });
  return [...come, ...said];
}

function isArrival(event: AnyEvent): event is CloudEvent<typeof ARRIVED> {
  return event.type === ARRIVED && event.source.startsWith(EDXML_SOURCE) && event.data.document !== undefined;
}

function arrivalKey(document: string, recipient: string): string {
  return `${document}\n${recipient}`;
}

function messageOf(event: AnyEvent, status: StatusCode, arrival: CloudEvent<typeof ARRIVED>, organisation: Organisation): StatusMessage {
  const { issuer, code, promulgatedOn } = arrival.data.document!;
  const { recipient } = arrival.data;
  const unit = organisation.unit(event.unit);
  if (!unit) throw new OperationalError('edxml.unit-not-heard-of', `unit ${event.unit} is not known here yet`);
  const xml = writeStatus({
    from: { code: writtenOrgan(recipient), name: organisation.nameOf(event.unit) },
    of: {
      organ: writtenOrgan(issuer),
      // Without a code that could be told the identity stands in for it: the field may not be empty.
      code: code ?? event.subject,
      documentId: event.subject,
      ...(promulgatedOn === undefined ? {} : { promulgatedOn }),
    },
    status,
    // An arrival bears the time when its issuer sent it; it came when it was received.
    statedAt: localTime(new Date(status === '01' ? event.received : event.time), unit.timeZone),
  });
  return { event, status, sender: recipient, destination: issuer, xml };
}

/** The old form, which software in use reads, where it can tell the identifier. */
export function writtenOrgan(canonical: string): string {
  if (canonical.split('.').length > 4) return canonical;
  const old = oldFormOf({ canonical });
  return parseOrganCode(old)?.canonical === canonical ? old : canonical;
}

/** Puts status messages on their way, in the transaction of whoever takes in what was said. */
@Injectable()
export class EdxmlStatuses {
  constructor(
    private readonly organisation: OrganisationRegister,
    private readonly destinations: EdxmlDestinations,
  ) {}

  /**
   * Looks at all that was accepted of the documents of these events, so that it does not matter whether what was said of a document or its arrival is heard of first. Twice is as
   * good as once.
   */
  async put(tx: Transaction, events: readonly AnyEvent[]): Promise<void> {
    const subjects = [...new Set(events.filter(({ type }) => STATUS_OF.has(type)).map(({ subject }) => subject))].sort();
    if (!this.destinations.isOn || subjects.length === 0) return;
    const messages = await this.#messagesOf(tx, subjects);
    if (messages.length > 0) store(tx, messages);
  }

  /** The message that tells one event of a document, written anew; undefined where none tells it. */
  async textOf(tx: Transaction, document: string, { source, id }: EventIdentity): Promise<string | undefined> {
    const messages = await this.#messagesOf(tx, [document]);
    return messages.find(({ event }) => event.source === source && event.id === id)?.xml;
  }

  /** The copy in memory may be a moment behind; a unit that it does not know would be told of without its name, on the clocks of nowhere. */
  async #organisationOf(events: readonly AnyEvent[]): Promise<Organisation> {
    const current = this.organisation.current();
    return events.every(({ unit }) => current.unit(unit) !== undefined) ? current : this.organisation.latest();
  }

  async #messagesOf(tx: Transaction, documents: readonly string[]): Promise<StatusMessage[]> {
    const rows = await tx.query<{ body: string }>(
      'SELECT body FROM ingress.accepted_event WHERE subject = ANY($1::text[]) AND type = ANY($2::text[]) ORDER BY subject COLLATE "C", time, source COLLATE "C", id COLLATE "C"',
      [documents, [...STATUS_OF.keys()]],
    );
    const all = rows.map(({ body }) => JSON.parse(body) as AnyEvent);
    return statusesOf(all, await this.#organisationOf(all));
  }
}

function store(tx: Transaction, messages: readonly StatusMessage[]): void {
  tx.send(
    `WITH m AS MATERIALIZED (
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
         WITH ORDINALITY AS m(source, id, document, says, sender, unit, destination, xml, place)
     ), fresh AS (
       INSERT INTO edxml_message (event_source, event_id, content_hash, document, says, sender, unit, bytes)
       SELECT m.source, m.id, a.content_hash, m.document, m.says, m.sender, m.unit, octet_length(m.xml)
         FROM m JOIN ingress.accepted_event a ON a.source = m.source AND a.id = m.id ORDER BY m.place
       ON CONFLICT DO NOTHING RETURNING id, event_source, event_id
     ), piece AS (
       INSERT INTO edxml_piece (message, position, content)
       SELECT f.id, 0, convert_to(m.xml, 'UTF8') FROM fresh f JOIN m ON m.source = f.event_source AND m.id = f.event_id
     )
     INSERT INTO edxml_delivery (message, document, destination)
     SELECT f.id, m.document, m.destination FROM fresh f JOIN m ON m.source = f.event_source AND m.id = f.event_id ORDER BY f.id`,
    [
      messages.map(({ event }) => event.source),
      messages.map(({ event }) => event.id),
      messages.map(({ event }) => event.subject),
      messages.map(({ status }) => status),
      messages.map(({ sender }) => sender),
      messages.map(({ event }) => event.unit),
      messages.map(({ destination }) => destination),
      messages.map(({ xml }) => xml),
    ],
  );
}
