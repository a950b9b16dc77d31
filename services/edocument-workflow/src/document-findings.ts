import { byTimeThenIdentity } from '@par/administration';
import type { DocumentFacts, EventIdentity } from '@par/contracts';
import { identityKey, type DocumentEvent, type DocumentEventType } from './document-event.ts';
import { isIssuer, type Life, type Moment, type StandingEvents, type Word } from './document-shape.ts';

/** What facts of a document contradict each other or the law. They stop nothing and go away with a correction, or with the event that explains them. */
export const DOCUMENT_FINDINGS = [
  'approved-before-submitted',
  'signed-before-approved',
  'numbered-before-signed',
  'numbered-twice',
  'issued-before-signed',
  'issued-before-organisation-signed',
  'issued-before-numbered',
  'issued-twice',
  'issuer-differs',
  'filed-before-issued',
  'returned-after-issue',
  'not-by-its-issuer',
  'word-of-stranger',
  'word-before-issue',
  'refused-and-taken',
  'registered-twice',
  'recall-answered-unasked',
  'correction-without-target',
] as const;
export type DocumentFindingCode = (typeof DOCUMENT_FINDINGS)[number];

export interface DocumentFinding {
  code: DocumentFindingCode;
  /** The event that it is put down to. */
  event: EventIdentity;
}

interface Known {
  held: StandingEvents;
  life: Life;
  facts: DocumentFacts | undefined;
  /** Who it goes to no more, and may still speak of it. */
  removed: ReadonlyMap<string, unknown>;
  /** Corrections of an event that has not come in (yet). */
  withoutTarget: readonly DocumentEvent[];
}

/** Findings by code, then by identity, each once. A pure function of the set of events. */
export function findingsOf(known: Known): DocumentFinding[] {
  const all = [...againstTheOrder(known), ...toldTwice(known), ...ofReceivers(known), ...ofOthers(known)];
  const distinct = new Map(all.map((finding) => [`${finding.code}\0${identityKey(finding.event)}`, finding]));
  return [...distinct.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
}

/** A moment that comes before, or without, the one that has to come first. Equal instants are in order: many systems keep only the day. */
function againstTheOrder({ held, life }: Known): DocumentFinding[] {
  const { submitted, approved, signedByPerson, signedByOrganisation, numbered, issued, filed } = life;
  const later = (moment: Moment | undefined, first: Moment | undefined): boolean => !!moment && !!first && moment.at > first.at;
  const missing = (moment: Moment | undefined, first: Moment | undefined): boolean => !moment || later(moment, first);
  const found: DocumentFinding[] = [];
  const note = (code: DocumentFindingCode, moment: Moment | undefined, isWrong: boolean): void => {
    if (moment && isWrong) found.push({ code, event: moment.event });
  };
  note('approved-before-submitted', approved, later(submitted, approved));
  for (const signed of [signedByPerson, signedByOrganisation]) note('signed-before-approved', signed, later(approved, signed));
  note('numbered-before-signed', numbered, later(signedByPerson, numbered) && !isFromAnEarlierRound(life));
  note('issued-before-signed', issued, missing(signedByPerson, issued));
  note('issued-before-organisation-signed', issued, missing(signedByOrganisation, issued));
  note('issued-before-numbered', issued, missing(numbered, issued));
  note('filed-before-issued', filed, missing(issued, filed));
  for (const returned of held.of('vn.par.document.returned.v1')) {
    if (issued && returned.time > issued.at) found.push(finding('returned-after-issue', returned));
  }
  return found;
}

/** A number stays the document's when it goes back to the drafter, so it is older than the signatures that follow. */
function isFromAnEarlierRound({ numbered, returned }: Life): boolean {
  return returned.some(({ at }) => numbered !== undefined && at > numbered.at);
}

function toldTwice({ held, facts }: Known): DocumentFinding[] {
  const issues = held.of('vn.par.document.issued.v1');
  const told = [...issues, ...held.of('vn.par.document.updated.v1')];
  const copies = held.of('vn.par.document.arrived.v1').filter(({ data }) => data.document);
  return [
    ...others(held.of('vn.par.document.numbered.v1'), ({ data }) => [data.register, data.number], 'numbered-twice'),
    ...others(issues, ({ time }) => time, 'issued-twice'),
    ...told.filter(({ data }) => data.issuer !== facts?.issuer).map((event) => finding('issuer-differs', event)),
    ...copies.filter(({ data }) => data.document?.issuer !== facts?.issuer).map((event) => finding('issuer-differs', event)),
  ];
}

/** Those after the first that tell another thing. */
function others<E extends DocumentEvent>(events: readonly E[], what: (event: E) => unknown, code: DocumentFindingCode): DocumentFinding[] {
  const [first] = events;
  return events
    .filter((event) => first && JSON.stringify(what(event)) !== JSON.stringify(what(first)))
    .map((event) => finding(code, event));
}

const TAKEN: ReadonlySet<DocumentEventType> = new Set<DocumentEventType>([
  'vn.par.document.registered.v1',
  'vn.par.document.assigned.v1',
  'vn.par.document.in-process.v1',
  'vn.par.document.completed.v1',
]);
const ANSWERS: ReadonlySet<DocumentEventType> = new Set<DocumentEventType>([
  'vn.par.document.recall-accepted.v1',
  'vn.par.document.recall-refused.v1',
]);

function ofReceivers({ held, life, facts, removed }: Known): DocumentFinding[] {
  const words = held.words();
  const receivers = new Set([...(facts?.recipients ?? []), ...removed.keys()]);
  const taken = new Set(words.filter(({ type }) => TAKEN.has(type)).map(receiverOf));
  const asked = new Set(words.filter(({ type }) => type === 'vn.par.document.recall-requested.v1').map(receiverOf));
  const isAskedOfAll = life.recalled !== undefined || life.replaced !== undefined || life.updated.length > 0;
  const issuedAt = life.issued?.at;
  const found = words.flatMap((word): DocumentFinding[] => [
    ...(facts && !receivers.has(receiverOf(word)) ? [finding('word-of-stranger', word)] : []),
    ...(issuedAt !== undefined && word.time < issuedAt ? [finding('word-before-issue', word)] : []),
    ...(word.type === 'vn.par.document.refused.v1' && taken.has(receiverOf(word)) ? [finding('refused-and-taken', word)] : []),
    ...(ANSWERS.has(word.type) && !isAskedOfAll && !asked.has(receiverOf(word)) ? [finding('recall-answered-unasked', word)] : []),
  ]);
  return [...found, ...registeredTwice(held)];
}

/** A word that tells neither register nor number, as a status of edXML, says only once more that it was registered. */
function registeredTwice(held: StandingEvents): DocumentFinding[] {
  const registered = held
    .of('vn.par.document.registered.v1')
    .filter(({ data }) => data.register !== undefined || data.number !== undefined);
  const receivers = new Set(registered.map(receiverOf));
  return [...receivers].flatMap((receiver) =>
    others(
      registered.filter((word) => receiverOf(word) === receiver).sort(byTimeThenIdentity),
      ({ data }) => [data.register, data.number],
      'registered-twice',
    ),
  );
}

function receiverOf({ data }: Word): string {
  return data.recipient;
}

function ofOthers({ held, facts, withoutTarget }: Known): DocumentFinding[] {
  const claims = [...held.of('vn.par.document.recalled.v1'), ...held.of('vn.par.document.replaced.v1')];
  return [
    ...claims.filter(({ data }) => !isIssuer(data.issuer, facts?.issuer)).map((event) => finding('not-by-its-issuer', event)),
    ...withoutTarget.map((event) => finding('correction-without-target', event)),
  ];
}

function finding(code: DocumentFindingCode, { source, id }: EventIdentity): DocumentFinding {
  return { code, event: { source, id } };
}
