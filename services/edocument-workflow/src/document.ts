import { byTimeThenIdentity, standingEvents } from '@par/administration';
import type { CorrectionReason, DocumentFacts, EventIdentity } from '@par/contracts';
import { rankOf } from '@par/edxml';
import { identityKey, type DocumentEvent, type DocumentEventType } from './document-event.ts';
import { findingsOf, type DocumentFinding } from './document-findings.ts';
import {
  isIssuer,
  StandingEvents,
  WORDS,
  type DocumentState,
  type DocumentTimelineEntry,
  type Life,
  type Moment,
  type Recipient,
  type UnitView,
  type Word,
  type WordType,
} from './document-shape.ts';

/** Types by which a unit shows that the document is its own and goes out. */
const OWN_LIFE: ReadonlySet<DocumentEventType> = new Set<DocumentEventType>([
  'vn.par.document.drafted.v1',
  'vn.par.document.submitted.v1',
  'vn.par.document.approved.v1',
  'vn.par.document.returned.v1',
  'vn.par.document.signed.v1',
  'vn.par.document.numbered.v1',
  'vn.par.document.issued.v1',
]);

/** What a set of events says of one document. */
export interface Document {
  state: DocumentState;
  /** As told by its issuer, a later update over an earlier telling; else as receivers told it. */
  facts?: DocumentFacts;
  life: Life;
  /** By identifier. */
  recipients: Recipient[];
  /** By unit. */
  units: UnitView[];
  findings: DocumentFinding[];
  timeline: DocumentTimelineEntry[];
}

/** By receiver, the update that took it away. */
type Removals = ReadonlyMap<string, Moment>;

const CORRECTED = 'vn.par.document.corrected.v1';

/**
 * Folds the set of one document's events: whatever the order and however often each comes, the same comes out. Nothing is refused for going against the life; it is a finding.
 * What a receiver said is ordered by the rank of its status and not by its time, which in real messages is the same for all of them (domain 7.3).
 */
export function foldDocument(events: Iterable<DocumentEvent>): Document {
  const ordered = [...new Map([...events].map((event) => [identityKey(event), event])).values()].sort(byTimeThenIdentity);
  const { standing, inEffect, withoutTarget } = standingEvents<DocumentEvent>(ordered, CORRECTED);
  const held = new StandingEvents(standing);
  const removed = removalsOf(held);
  const facts = factsOf(held, removed);
  const life = lifeOf(held, facts?.issuer);
  const recipients = recipientsOf(held, facts, removed);
  const state = stateOf(held, life);
  return {
    state,
    ...(facts && { facts }),
    life,
    recipients,
    units: unitsOf(held, state, removed),
    findings: findingsOf({ held, life, facts, removed, withoutTarget }),
    timeline: timelineOf(ordered, inEffect as DocumentEvent<typeof CORRECTED>[]),
  };
}

function factsOf(held: StandingEvents, removed: Removals): DocumentFacts | undefined {
  const told: DocumentFacts[] = [
    ...held.of('vn.par.document.arrived.v1').flatMap(({ data }) => data.document ?? []),
    ...held.of('vn.par.document.issued.v1').map(({ data }) => data),
    ...held.of('vn.par.document.updated.v1').map(({ data: { removed: _removed, ...facts } }) => facts),
  ];
  if (told.length === 0) return undefined;
  // Whom an update does not name goes on having the document: only who is taken away by name is.
  const recipients = [...new Set(told.flatMap((facts) => facts.recipients))].filter((recipient) => !removed.has(recipient)).sort();
  return { ...told.reduce((facts, later) => ({ ...facts, ...later })), recipients };
}

/** Receivers that the last update to name them took away, and that update. One that names a receiver both ways removes it. */
function removalsOf(held: StandingEvents): Removals {
  const removals = new Map<string, Moment>();
  for (const update of held.of('vn.par.document.updated.v1')) {
    for (const recipient of update.data.recipients) removals.delete(recipient);
    for (const recipient of update.data.removed ?? []) removals.set(recipient, momentOf(update));
  }
  return removals;
}

function lifeOf(held: StandingEvents, issuer: string | undefined): Life {
  const own = ownUnits(held);
  const issued = held.of('vn.par.document.issued.v1')[0];
  const returns = held.of('vn.par.document.returned.v1');
  // What is out comes back by recall only.
  const since = returns.filter(({ time }) => !issued || time <= issued.time).at(-1)?.time ?? '';
  const first = <E extends DocumentEvent>(found: readonly E[]): E | undefined => found.find(({ time }) => time >= since);
  const signed = held.of('vn.par.document.signed.v1');
  const byPerson = first(signed.filter(({ data }) => data.by === 'person'));
  const byOrganisation = first(signed.filter(({ data }) => data.by === 'organisation'));
  const numbered = held.of('vn.par.document.numbered.v1')[0];
  // Whoever takes a document back or replaces it is who issued it; a receiver's system that heard of it as edXML says so too.
  const fromIssuer = <E extends DocumentEvent>(found: readonly E[]): E | undefined => found.find(({ unit }) => own.has(unit)) ?? found[0];
  const recalled = fromIssuer(held.of('vn.par.document.recalled.v1').filter(({ data }) => isIssuer(data.issuer, issuer)));
  const replaced = fromIssuer(held.of('vn.par.document.replaced.v1').filter(({ data }) => isIssuer(data.issuer, issuer)));
  return {
    ...named('drafted', held.of('vn.par.document.drafted.v1')[0]),
    ...named('submitted', first(held.of('vn.par.document.submitted.v1'))),
    ...named('approved', first(held.of('vn.par.document.approved.v1'))),
    returned: returns.map(momentOf),
    ...(byPerson && { signedByPerson: { ...momentOf(byPerson), signature: byPerson.data.signature } }),
    ...(byOrganisation && { signedByOrganisation: { ...momentOf(byOrganisation), signature: byOrganisation.data.signature } }),
    ...(numbered && { numbered: { ...momentOf(numbered), ...numberOf(numbered.data) } }),
    ...named('issued', issued),
    // A receiver files its copy too; that says nothing of the document as a whole.
    ...named(
      'filed',
      held.of('vn.par.document.filed.v1').find(({ unit }) => own.has(unit)),
    ),
    updated: held.of('vn.par.document.updated.v1').map(momentOf),
    ...named('recalled', recalled),
    ...(replaced && { replaced: { ...momentOf(replaced), by: replaced.data.by } }),
  };
}

function named<N extends keyof Life>(name: N, event: DocumentEvent | undefined): { [K in N]?: Moment } {
  return (event ? { [name]: momentOf(event) } : {}) as { [K in N]?: Moment };
}

function momentOf({ time, unit, source, id }: DocumentEvent): Moment {
  return { at: time, unit, event: { source, id } };
}

function numberOf({ register, number }: { register?: string; number?: number }): { register?: string; number?: number } {
  return { ...(register !== undefined && { register }), ...(number !== undefined && { number }) };
}

function stateOf(held: StandingEvents, life: Life): DocumentState {
  if (life.replaced) return 'replaced';
  if (life.recalled) return 'recalled';
  if (life.filed) return 'filed';
  if (life.issued) return 'issued';
  if (ownUnits(held).size === 0) {
    // Where others have it, or change it, somebody issued it.
    return held.all.length > 0 ? 'issued' : 'unknown';
  }
  const lastReturn = life.returned.at(-1)?.at ?? '';
  const isSigned = life.signedByPerson !== undefined || life.signedByOrganisation !== undefined;
  // A number once given stays the document's, also when it goes round again.
  if (life.numbered && (isSigned || life.numbered.at >= lastReturn)) return 'numbered';
  if (life.signedByOrganisation) return 'signed';
  if (life.signedByPerson) return 'signed-by-person';
  if (life.approved) return 'approved';
  return life.submitted ? 'submitted' : 'draft';
}

/** Units that have shown that the document is their own. */
function ownUnits(held: StandingEvents): Set<string> {
  return new Set(held.all.filter(({ type }) => OWN_LIFE.has(type)).map(({ unit }) => unit));
}

/** Words by rank; those of one rank, and the two answers to a recall, by arrival: the last one holds. */
function byRank(a: Word, b: Word): number {
  return tierOf(a) - tierOf(b) || order(a.received, b.received) || rankOfWord(a) - rankOfWord(b) || byTimeThenIdentity(a, b);
}

/** "Yes" and "no" to a recall answer the same question, so neither outranks the other. */
function tierOf(word: Word): number {
  return WORDS[word.type].state === 'recall-refused' ? rankOf(WORDS['vn.par.document.recall-accepted.v1'].status) : rankOfWord(word);
}

function rankOfWord({ type }: Word): number {
  return rankOf(WORDS[type].status);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function recipientsOf(held: StandingEvents, facts: DocumentFacts | undefined, removed: Removals): Recipient[] {
  const words = groupBy(held.words(), ({ data }) => data.recipient);
  const codes = new Set([...(facts?.recipients ?? []), ...removed.keys(), ...words.keys()]);
  return [...codes].sort().map((recipient) => recipientOf(recipient, (words.get(recipient) ?? []).sort(byRank), removed.get(recipient)));
}

/** @param words what it said, by rank */
function recipientOf(recipient: string, words: readonly Word[], removed: Moment | undefined): Recipient {
  const last = <T extends WordType>(type: T): DocumentEvent<T> | undefined =>
    words.findLast((word) => word.type === type) as DocumentEvent<T> | undefined;
  const holding = words.at(-1);
  const refused = last('vn.par.document.refused.v1');
  const registered = words.find((word) => word.type === 'vn.par.document.registered.v1');
  const assigned = last('vn.par.document.assigned.v1');
  const { lead, supporting, due } = assigned?.data ?? {};
  return {
    recipient,
    state: removed ? 'removed' : holding ? WORDS[holding.type].state : 'sent',
    ...(holding && { status: WORDS[holding.type].status }),
    ...(removed && { removed }),
    said: words.map((word) => ({ ...momentOf(word), ...WORDS[word.type] })),
    ...(refused?.data.reason !== undefined && { refusal: refused.data.reason }),
    ...(registered && { registered: { ...momentOf(registered), ...numberOf(registered.data) } }),
    ...(assigned && {
      assigned: {
        ...momentOf(assigned),
        ...(lead !== undefined && { lead }),
        ...(supporting !== undefined && { supporting }),
        ...(due !== undefined && { due }),
      },
    }),
  };
}

function unitsOf(held: StandingEvents, state: DocumentState, removed: Removals): UnitView[] {
  const own = ownUnits(held);
  const words = groupBy(held.words().sort(byRank), ({ unit }) => unit);
  return [...new Set(held.all.map(({ unit }) => unit))].sort().map((unit): UnitView => {
    if (own.has(unit)) return { unit, direction: 'outgoing', state };
    const last = words.get(unit)?.at(-1);
    if (!last) return { unit, direction: 'incoming', state: 'sent' };
    return { unit, direction: 'incoming', state: removed.has(last.data.recipient) ? 'removed' : WORDS[last.type].state };
  });
}

function timelineOf(ordered: readonly DocumentEvent[], inEffect: readonly DocumentEvent<typeof CORRECTED>[]): DocumentTimelineEntry[] {
  const takenBack = new Map<string, EventIdentity & { reason: CorrectionReason }>();
  for (const correction of inEffect) {
    const key = identityKey(correction.data);
    if (key === identityKey(correction) || takenBack.has(key)) continue;
    takenBack.set(key, { source: correction.source, id: correction.id, reason: correction.data.reason });
  }
  return ordered.map((event) => {
    const takenBackBy = takenBack.get(identityKey(event));
    return takenBackBy ? { event, takenBackBy } : { event };
  });
}

function groupBy<E>(all: readonly E[], keyOf: (one: E) => string): Map<string, E[]> {
  const groups = new Map<string, E[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
