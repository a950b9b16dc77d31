import type { CorrectionReason, DocumentRefusal, EventIdentity, SignatureForm } from '@par/contracts';
import { type StatusCode } from '@par/edxml';
import type { DocumentEvent, DocumentEventType } from './document-event.ts';

/** The life of an outgoing document in its order (Decree 30/2020 art. 10–19). */
export const LIFE_STATES = ['draft', 'submitted', 'approved', 'signed-by-person', 'signed', 'numbered', 'issued', 'filed'] as const;
export type LifeState = (typeof LIFE_STATES)[number];
/** `unknown` while nothing but corrections is known of it, or everything else was taken back. */
export type DocumentState = LifeState | 'recalled' | 'replaced' | 'unknown';

/** What a receiver can say, by event type: the state that it makes and its edXML status code, whose rank says which word holds. */
export const WORDS = {
  'vn.par.document.arrived.v1': { state: 'arrived', status: '01' },
  'vn.par.document.refused.v1': { state: 'refused', status: '02' },
  'vn.par.document.registered.v1': { state: 'registered', status: '03' },
  'vn.par.document.assigned.v1': { state: 'assigned', status: '04' },
  'vn.par.document.in-process.v1': { state: 'in-process', status: '05' },
  'vn.par.document.completed.v1': { state: 'completed', status: '06' },
  'vn.par.document.recall-requested.v1': { state: 'recall-requested', status: '13' },
  'vn.par.document.recall-accepted.v1': { state: 'recall-accepted', status: '15' },
  'vn.par.document.recall-refused.v1': { state: 'recall-refused', status: '16' },
} as const satisfies Partial<Record<DocumentEventType, { state: string; status: StatusCode }>>;
export type WordType = keyof typeof WORDS;
export type SaidState = (typeof WORDS)[WordType]['state'];
/** How far a document has come with one receiver: `sent` until it says anything, `removed` once an update took it from the receivers, whatever it says. */
export type RecipientState = 'sent' | SaidState | 'removed';
export const RECIPIENT_STATES: readonly RecipientState[] = ['sent', ...Object.values(WORDS).map(({ state }) => state), 'removed'];
export type Word = DocumentEvent<WordType>;

/** Something that happened to a document, and the event that told it. */
export interface Moment {
  at: string;
  unit: string;
  event: EventIdentity;
}
/** As the event told it: absent where the number is of our own register. */
export interface Numbering extends Moment {
  register?: string;
  number?: number;
}

/** What was told of a document's life. Of a moment told more than once the earliest telling since the last return holds. */
export interface Life {
  drafted?: Moment;
  submitted?: Moment;
  approved?: Moment;
  /** Every time that it went back to the drafter. */
  returned: Moment[];
  signedByPerson?: Moment & { signature: SignatureForm };
  signedByOrganisation?: Moment & { signature: SignatureForm };
  numbered?: Numbering;
  issued?: Moment;
  filed?: Moment;
  updated: Moment[];
  recalled?: Moment;
  replaced?: Moment & { by: string };
}

/** One thing that a receiver said, with what came with it. */
export interface Said extends Moment {
  state: SaidState;
  status: StatusCode;
}

/** Delivery to one receiver. */
export interface Recipient {
  /** Canonical identifier of the organisation. */
  recipient: string;
  state: RecipientState;
  status?: StatusCode;
  /** The update that took it from the receivers, where no later one added it again. */
  removed?: Moment;
  /** Everything it said, in the order of rank. */
  said: Said[];
  refusal?: DocumentRefusal;
  registered?: Numbering;
  assigned?: Moment & { lead?: string; supporting?: string[]; due?: string };
}

/** A document as one unit of the city has it: its own that goes out, or one that came in. */
export interface UnitView {
  unit: string;
  direction: 'incoming' | 'outgoing';
  /** Of an outgoing one the state of the whole; of an incoming one how far this unit has come, `sent` while it said nothing itself. */
  state: DocumentState | RecipientState;
}

export interface DocumentTimelineEntry {
  event: DocumentEvent;
  /** The correction in effect that took the event back; of several the first in order. */
  takenBackBy?: EventIdentity & { reason: CorrectionReason };
}

/** The events that hold, by type, in the order of time and identity. */
export class StandingEvents {
  constructor(readonly all: readonly DocumentEvent[]) {}

  of<T extends DocumentEventType>(type: T): DocumentEvent<T>[] {
    return this.all.filter((event) => event.type === type) as unknown as DocumentEvent<T>[];
  }

  words(): Word[] {
    return this.all.filter((event): event is Word => event.type in WORDS);
  }
}

/** Whether an organisation may speak as the issuer, as far as that is known. */
export function isIssuer(speaker: string, issuer: string | undefined): boolean {
  return issuer === undefined || speaker === issuer;
}
