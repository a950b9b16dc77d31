import { createHash } from 'node:crypto';
import { instantOf } from '@par/administration';
import { type DocumentFacts, type EventType, type FileFacts, type ProducerEvent } from '@par/contracts';
import {
  type AttachmentFacts,
  type BusinessType,
  type EdxmlDocument,
  type EdxmlMessage,
  type EdxmlStatus,
  type StatusCode,
} from '@par/edxml';
import { type Party, toldBy } from './edxml-parties.ts';

/** Sources of events that came as edXML begin so; then comes the identifier of the organisation that sent the message. */
export const EDXML_SOURCE = 'urn:par:edxml:';

/** What each status says of a document (domain 7.2). */
export const STATUS_EVENTS = {
  '01': 'vn.par.document.arrived.v1',
  '02': 'vn.par.document.refused.v1',
  '03': 'vn.par.document.registered.v1',
  '04': 'vn.par.document.assigned.v1',
  '05': 'vn.par.document.in-process.v1',
  '06': 'vn.par.document.completed.v1',
  '13': 'vn.par.document.recall-requested.v1',
  '15': 'vn.par.document.recall-accepted.v1',
  '16': 'vn.par.document.recall-refused.v1',
} as const satisfies Record<StatusCode, EventType>;

/**
 * What a message says, as events for the front door, one party after the other. Identities and content follow from the message and the organisation alone, so that a message
 * that comes again gives duplicates. Pure.
 */
export function edxmlEvents(message: EdxmlMessage, parties: readonly Party[]): ProducerEvent[] {
  return parties.flatMap((party) => (message.kind === 'status' ? [statusEvent(message, party)] : documentEvents(message, party)));
}

function statusEvent(message: EdxmlStatus, party: Party): ProducerEvent {
  const { from, of, status, statedAt } = message;
  return event(message, party, {
    type: STATUS_EVENTS[status],
    subject: of.documentId,
    at: toldBy(message)!,
    // A status told again at another time is said once more: a recall may be asked for, refused, and asked for again.
    about: [from.canonical, statedAt ?? ''],
    data: { recipient: from.canonical },
  });
}

type Business = (message: EdxmlDocument, party: Party) => ProducerEvent[];

const BUSINESS: Record<BusinessType, Business> = {
  new: (message, party) => [comesToBe(message, party)],
  recall: (message, party) => [happensTo(message, party, 'vn.par.document.recalled.v1', { issuer: message.from.canonical })],
  update: (message, party) => [
    happensTo(message, party, 'vn.par.document.updated.v1', { ...factsOf(message, party), ...removedBy(message) }),
  ],
  replace: (message, party) => [
    happensTo(message, party, 'vn.par.document.replaced.v1', { issuer: message.from.canonical, by: message.documentId }),
    comesToBe(message, party),
  ],
};

function documentEvents(message: EdxmlDocument, party: Party): ProducerEvent[] {
  return BUSINESS[message.business.type](message, party);
}

/** The document of a message goes out, or has come: once for each side, whatever else is told of it; another content under the same identity is a conflict. */
function comesToBe(message: EdxmlDocument, party: Party): ProducerEvent {
  const document = factsOf(message, party);
  const told = { subject: message.documentId, at: sentOf(message), about: [] };
  return party.role === 'issuer'
    ? event(message, party, { type: 'vn.par.document.issued.v1', ...told, data: document })
    : event(message, party, { type: 'vn.par.document.arrived.v1', ...told, data: { recipient: party.organ, document } });
}

/** What a message does to a document that was sent before. The same may happen to it twice, so the identity holds all that is told. */
function happensTo(message: EdxmlDocument, party: Party, type: EventType, data: object): ProducerEvent {
  const { sentAt, documentId, business } = message;
  const told = { subject: business.documentId ?? documentId, at: sentOf(message), about: [documentId, sentAt ?? '', data] };
  return event(message, party, { type, ...told, data });
}

/** When its sender sent it: what was done to the document before, such as signing it, lies before that. The document's day, where that is told by none or impossible. */
function sentOf({ sentAt, promulgatedOn }: EdxmlDocument): string {
  return sentAt !== undefined && sentAt.slice(0, 10) >= promulgatedOn ? sentAt : promulgatedOn;
}

interface Told {
  type: EventType;
  subject: string;
  /** Local date, or date and time, on the clocks of the unit. */
  at: string;
  /** What tells it from other events of its type about the same document at the same party. */
  about: unknown[];
  data: object;
}

function event({ from }: EdxmlMessage, { unit, organ, role }: Party, { type, subject, at, about, data }: Told): ProducerEvent {
  const told = createHash('sha256')
    .update(JSON.stringify([role, organ, ...about]))
    .digest('hex')
    .slice(0, 16);
  // A document may be older than the unit that it came to.
  const since = at.slice(0, 10) < unit.validFrom ? unit.validFrom : at;
  return {
    specversion: '1.0',
    source: EDXML_SOURCE + from.canonical,
    id: `${subject}:${type.split('.')[3]}:${told}`,
    type,
    subject,
    time: instantOf(since, unit.timeZone).toISOString(),
    unit: unit.id,
    data,
  };
}

const CODE = /^[\p{L}\p{N}][\p{L}\p{N} ./()_-]{0,63}$/u;
const TYPE_NAME = /^[\p{L}][\p{L} -]{0,63}$/u;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}$/;
const LONGEST_FILE_NAME = 200;

/** What may be told of a document. A code or kind that is written unlike any is left out: the identity names the document. */
function factsOf(message: EdxmlDocument, { unit }: Party): DocumentFacts {
  const { from, code, promulgatedOn, type, priority, dueOn, attachments } = message;
  const printed = `${code.number}/${code.notation}`.normalize('NFC');
  const kind = type.name.normalize('NFC');
  return {
    issuer: from.canonical,
    ...(CODE.test(printed) && { code: printed }),
    promulgatedOn,
    ...(TYPE_NAME.test(kind) && { documentType: kind }),
    urgency: priority,
    // They have the whole of that day.
    ...(dueOn !== undefined && { due: instantOf(`${dueOn}T23:59:59`, unit.timeZone).toISOString() }),
    recipients: recipientsOf(message),
    files: attachments.map(fileOf),
  };
}

/** Those that it goes to, with who was added to them and without who was taken from them, unless that leaves nobody. */
function recipientsOf({ to, business }: EdxmlDocument): string[] {
  const all = [...new Set([...to.map(({ canonical }) => canonical), ...changedBy(business, 'added')])];
  const removed = new Set(changedBy(business, 'removed'));
  const left = all.filter((organ) => !removed.has(organ));
  return (left.length > 0 ? left : all).slice(0, 500);
}

function removedBy({ business }: EdxmlDocument): { removed?: string[] } {
  const removed = [...new Set(changedBy(business, 'removed'))].slice(0, 500);
  return removed.length > 0 ? { removed } : {};
}

function changedBy({ receivers }: EdxmlDocument['business'], change: 'added' | 'removed'): string[] {
  return receivers.filter((receiver) => receiver.change === change).map(({ organ }) => organ.canonical);
}

function fileOf({ name, mediaType, bytes, sha256 }: AttachmentFacts): FileFacts {
  const [type = ''] = mediaType.toLowerCase().split(';');
  return {
    name: [...name].slice(0, LONGEST_FILE_NAME).join(''),
    mediaType: MEDIA_TYPE.test(type.trim()) ? type.trim() : 'application/octet-stream',
    bytes,
    sha256,
  };
}
