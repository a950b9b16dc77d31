import type { DocumentFacts, EventData } from '@par/contracts';
import type { DocumentEvent, DocumentEventType } from './document-event.ts';

export const SOURCE = 'urn:spec:office';
type Name = DocumentEventType extends `vn.par.document.${infer N}.v1` ? N : never;
type DataOf<N extends Name> = EventData[`vn.par.document.${N}.v1`];

export const at = (minute: number): string => new Date(Date.UTC(2021, 6, 5, 2, minute)).toISOString();

export const FACTS: DocumentFacts = {
  issuer: 'H57.21',
  code: '412/UBND-NV',
  promulgatedOn: '2021-07-05',
  documentType: 'Công văn',
  urgency: 'urgent',
  recipients: ['H57.31', 'H57.5'],
  files: [{ name: 'cv-412.pdf', mediaType: 'application/pdf', bytes: 184_211, sha256: 'a'.repeat(64), confidentiality: 'internal' }],
};

/** An event of a document by its name, `minute` after two o'clock UTC, received at that minute unless `change` says otherwise. */
export function told<N extends Name>(name: N, minute: number, data: DataOf<N>, change: Partial<DocumentEvent> = {}): DocumentEvent {
  return {
    source: SOURCE,
    id: `${name}/${minute}`,
    type: `vn.par.document.${name}.v1`,
    time: at(minute),
    unit: 'issuing-office',
    received: at(minute),
    data,
    ...change,
  } as unknown as DocumentEvent;
}

/** What a receiver says, told by a unit of its own. */
export function word<N extends Name>(name: N, minute: number, recipient = 'H57.31', change: Partial<DocumentEvent> = {}): DocumentEvent {
  return told(name, minute, { recipient } as DataOf<N>, {
    id: `${recipient}/${name}/${minute}`,
    unit: `office-of-${recipient}`,
    ...change,
  });
}

export const corrected = (minute: number, id: string): DocumentEvent =>
  told('corrected', minute, { source: SOURCE, id, reason: 'entered-by-mistake' });

/** An outgoing document on the way that it should go. */
export const GOOD_LIFE: readonly DocumentEvent[] = [
  told('drafted', 1, {}),
  told('submitted', 2, {}),
  told('approved', 3, {}),
  told('signed', 4, { by: 'person', signature: 'digital' }),
  told('signed', 5, { by: 'organisation', signature: 'digital' }),
  told('numbered', 6, { register: 'cong-van' }),
  told('issued', 7, FACTS),
  told('filed', 8, {}),
];
