import { type Label } from '@par/administration';
import type { DocumentFacts, EventIdentity, FileFacts, SignatureForm } from '@par/contracts';
import { type DocumentEventType } from '../document-event.ts';
import {
  CONFIDENTIALITY_LABELS,
  DOCUMENT_EVENT_LABELS,
  DOCUMENT_FINDING_LABELS,
  RECIPIENT_LABELS,
  REFUSAL_LABELS,
  SIGNER_LABELS,
  STATE_LABELS,
  URGENCY_LABELS,
} from '../document-labels.ts';
import type { DocumentTimelineEntry, Life, Moment, Recipient, UnitView } from '../document-shape.ts';
import { type Document } from '../document.ts';
import type { Direction, RegisterEntry } from '../register-book.ts';

interface Named {
  name: string;
  label: Label;
}

interface ShownMoment extends Moment, Named {
  signature?: SignatureForm;
  /** Where the unit keeps its register itself. */
  number?: number;
  register?: string;
  /** The document that takes its place. */
  by?: string;
}

export interface ShownDocument {
  id: string;
  state: Named;
  facts: (Omit<DocumentFacts, 'urgency' | 'files'> & { urgency: Named | null; files: ShownFile[] }) | null;
  /** What happened to it, in the order of its way. */
  life: ShownMoment[];
  delivery: ShownRecipient[];
  units: { unit: string; direction: Direction; state: Named }[];
  /** Numbers of our registers. */
  registers: (Omit<RegisterEntry, 'kind' | 'document'> & { register: string })[];
  findings: { code: string; label: Label; event: EventIdentity }[];
  timeline: ShownEntry[];
}

interface ShownFile extends Omit<FileFacts, 'confidentiality'> {
  confidentiality: Named | null;
}

interface ShownRecipient extends Omit<Recipient, 'state' | 'said' | 'refusal'> {
  state: Named;
  refusal: Named | null;
  said: (Moment & Named & { status: string })[];
}

interface ShownEntry extends EventIdentity {
  type: DocumentEventType;
  label: Label;
  happened: string;
  received: string;
  unit: string;
  data: object;
  takenBackBy: DocumentTimelineEntry['takenBackBy'] | null;
}

/** What people see of a document. */
export function shownDocument(id: string, document: Document, numbers: readonly RegisterEntry[]): ShownDocument {
  return {
    id,
    state: { name: document.state, label: STATE_LABELS[document.state] },
    facts: document.facts ? shownFacts(document.facts) : null,
    life: shownLife(document.life),
    delivery: document.recipients.map(shownRecipient),
    units: document.units.map(shownUnit),
    registers: numbers.map(({ unit, direction, kind, year, number, event, allottedAt }) => ({
      unit,
      direction,
      register: kind,
      year,
      number,
      event,
      allottedAt,
    })),
    findings: document.findings.map(({ code, event }) => ({ code, label: DOCUMENT_FINDING_LABELS[code], event })),
    timeline: document.timeline.map(shownEntry),
  };
}

function shownFacts({ urgency, files, ...facts }: DocumentFacts): ShownDocument['facts'] {
  return {
    ...facts,
    urgency: urgency === undefined ? null : { name: urgency, label: URGENCY_LABELS[urgency] },
    files: files.map(({ confidentiality: name, ...file }) => ({
      ...file,
      confidentiality: name === undefined ? null : { name, label: CONFIDENTIALITY_LABELS[name] },
    })),
  };
}

function shownLife(life: Life): ShownMoment[] {
  const all: [DocumentEventType, readonly (Moment | undefined)[]][] = [
    ['vn.par.document.drafted.v1', [life.drafted]],
    ['vn.par.document.submitted.v1', [life.submitted]],
    ['vn.par.document.returned.v1', life.returned],
    ['vn.par.document.approved.v1', [life.approved]],
    ['vn.par.document.numbered.v1', [life.numbered]],
    ['vn.par.document.issued.v1', [life.issued]],
    ['vn.par.document.updated.v1', life.updated],
    ['vn.par.document.recalled.v1', [life.recalled]],
    ['vn.par.document.replaced.v1', [life.replaced]],
    ['vn.par.document.filed.v1', [life.filed]],
  ];
  const signed = (moment: Life['signedByPerson'], by: keyof typeof SIGNER_LABELS): ShownMoment[] =>
    moment ? [{ ...moment, name: `signed-by-${by}`, label: signedBy(by) }] : [];
  const moments = [
    ...all.slice(0, 4).flatMap(shownMoments),
    ...signed(life.signedByPerson, 'person'),
    ...signed(life.signedByOrganisation, 'organisation'),
    ...all.slice(4).flatMap(shownMoments),
  ];
  // Stable, so that what happened at one instant stands in the order of a document's way.
  return moments.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function shownMoments([type, moments]: [DocumentEventType, readonly (Moment | undefined)[]]): ShownMoment[] {
  const name = type.slice('vn.par.document.'.length, -'.v1'.length);
  return moments.flatMap((moment) => (moment ? [{ ...moment, name, label: DOCUMENT_EVENT_LABELS[type] }] : []));
}

function signedBy(by: keyof typeof SIGNER_LABELS): Label {
  const signed = DOCUMENT_EVENT_LABELS['vn.par.document.signed.v1'];
  return { vi: `${signed.vi}: ${SIGNER_LABELS[by].vi}`, en: `${signed.en}: ${SIGNER_LABELS[by].en}` };
}

function shownRecipient({ state, said, refusal, ...recipient }: Recipient): ShownRecipient {
  return {
    ...recipient,
    state: { name: state, label: RECIPIENT_LABELS[state] },
    refusal: refusal === undefined ? null : { name: refusal, label: REFUSAL_LABELS[refusal] },
    said: said.map(({ state: name, ...moment }) => ({ ...moment, name, label: RECIPIENT_LABELS[name] })),
  };
}

function shownUnit({ unit, direction, state }: UnitView): ShownDocument['units'][number] {
  const labels: Readonly<Record<string, Label>> = direction === 'outgoing' ? STATE_LABELS : RECIPIENT_LABELS;
  return { unit, direction, state: { name: state, label: labels[state]! } };
}

function shownEntry({ event, takenBackBy }: DocumentTimelineEntry): ShownEntry {
  const { source, id, type, time, received, unit, data } = event;
  return { type, label: DOCUMENT_EVENT_LABELS[type], happened: time, received, unit, source, id, data, takenBackBy: takenBackBy ?? null };
}
