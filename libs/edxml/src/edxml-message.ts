import { type OrganCode } from './organ-code.ts';

/** What a business message does to the document that it names (BussinessDocType). */
export const BUSINESS_TYPES = ['new', 'recall', 'update', 'replace'] as const;
export type BusinessType = (typeof BUSINESS_TYPES)[number];

/**
 * Status codes in the order of a document's life: what they say is ordered by this rank and by arrival. Their Timestamp has no zone, and in real messages all of a document
 * carry the same one.
 */
export const STATUS_CODES = ['01', '02', '03', '04', '05', '06', '13', '15', '16'] as const;
export type StatusCode = (typeof STATUS_CODES)[number];

/** Urgency (Priority 0–4). */
export const PRIORITIES = ['normal', 'urgent', 'very-urgent', 'express', 'express-at-hour'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** SteeringType 1–3. */
export const STEERING_TYPES = ['none', 'directs', 'reports'] as const;
export type SteeringType = (typeof STEERING_TYPES)[number];

/** Number and notation of a document: `7816` and `VPCP-TTĐT`. */
export interface DocumentCode {
  number: string;
  notation: string;
}

/** A document that another one answers, or that a status is about. */
export interface DocumentReference {
  organ: OrganCode;
  /** `7816/VPCP-TTĐT`. */
  code: string;
  /** As its sender names it: a GUID, or organisation, date and code joined by commas. */
  documentId: string;
  /** `YYYY-MM-DD`. */
  promulgatedOn?: string;
}

/** A file of a message, of which nothing is kept but what it is. */
export interface AttachmentFacts {
  name: string;
  mediaType: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
  contentId?: string;
}

interface MessageFacts {
  /** Which dialect it was written in: the standard's, or the older one of `http://www.go.vn/eDoc`. */
  dialect: 'qcvn-102' | 'go-vn';
  from: OrganCode;
}

/** A document on its way, without any person's name, address or number, and without its files. */
export interface EdxmlDocument extends MessageFacts {
  kind: 'document';
  to: OrganCode[];
  documentId: string;
  code: DocumentCode;
  /** `YYYY-MM-DD`. */
  promulgatedOn: string;
  /** What it is called, as `Công văn`, and the code of that. */
  type: { code?: string; name: string };
  subject: string;
  dueOn?: string;
  priority: Priority;
  steering?: SteeringType;
  pages?: number;
  answers: DocumentReference[];
  business: { type: BusinessType; documentId?: string; reason?: string; receivers: { organ: OrganCode; change: 'removed' | 'added' }[] };
  /** Organisations that passed it on, in the order of the message. */
  trace: OrganCode[];
  /** When its sender sent it by its own line of the trace, `YYYY-MM-DDTHH:mm:ss` on the sender's clocks. */
  sentAt?: string;
  attachments: AttachmentFacts[];
  /** It carries an XML signature; whether that holds is another question. */
  signed: boolean;
}

/** What a receiver says of a document. */
export interface EdxmlStatus extends MessageFacts {
  kind: 'status';
  of: DocumentReference;
  status: StatusCode;
  /** As it was written, `YYYY-MM-DDTHH:mm:ss` on the sender's clocks. For showing only, never for ordering. */
  statedAt?: string;
}

export type EdxmlMessage = EdxmlDocument | EdxmlStatus;

/** What is wrong with a message. */
export interface EdxmlMistake {
  /** Stable code: `edxml.not-well-formed`, `edxml.missing-field` … */
  code: string;
  /** Path of the element, as `MessageHeader/From/OrganId`; empty where the message as a whole is meant. */
  field: string;
  /** From 1. */
  line: number;
  column: number;
  vi: string;
  en: string;
}

export type EdxmlReading = { ok: true; message: EdxmlMessage } | { ok: false; mistakes: EdxmlMistake[] };

export function rankOf(status: StatusCode): number {
  return STATUS_CODES.indexOf(status);
}
