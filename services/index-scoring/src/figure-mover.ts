import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type ProcedureEvent, readProcedure } from '@par/administration';
import { type CloudEvent } from '@par/contracts';
import { Outbox } from '@par/messaging';
import { Clock, type Transaction } from '@par/service-kit';
import { type Basis, type ScoringBasis } from './basis.ts';
import { isSamePart, type JudgedPart, type Part, contributionsIn, partsOf, type Slots } from './contribution-parts.ts';
import { type Contribution, contributionsOf, foldSubject } from './contributions.ts';
import { type DossierFactRow, dossierFactOf, DossierFacts, findingsOf, type SubjectFindings } from './dossier-facts.ts';
import { type CaseChange, counterChanges, diffCase } from './figure-changes.ts';
import { type ChangedCounter, FigureStore, type PartChange, type SubjectRow } from './figure-store.ts';
import { type KeptEvent } from './kept-event.ts';
import { procedureIdentity } from './subject-key.ts';

/** What a subject's set of events gives, by a basis. */
export interface Judged {
  key: string;
  contributions: Contribution[];
  dossier?: DossierFactRow;
  findings?: SubjectFindings;
}

export function judgeSubject(key: string, events: readonly KeptEvent[], basis: Basis): Judged {
  if (key.startsWith('procedure:')) return judgeProcedure(key, events);
  const folded = foldSubject(key, events, basis);
  const contributions = contributionsOf(folded, basis);
  if (folded?.kind !== 'case') {
    const list = folded?.kind === 'declared' ? folded.fact.findings : [];
    const unit = events[0]?.unit ?? '';
    return { key, contributions, ...(list.length > 0 ? { findings: { subject: key, unit, month: null, list } } : {}) };
  }
  const dossier = dossierFactOf(key, folded.view, basis);
  return { key, contributions, ...(dossier ? { dossier, findings: findingsOf(key, folded.view, dossier) } : {}) };
}

/** A judgement as it is kept: what it gives in parts, and a fingerprint of all of it. */
export interface JudgedParts extends Omit<Judged, 'contributions'> {
  parts: JudgedPart[];
  fingerprint: string;
}

/** End of the fingerprint of a subject that has findings: they have to be taken away when it has none any more. */
const WITH_FINDINGS = '!';

export function judgedPartsOf({ contributions, ...judged }: Judged, slots: Slots): JudgedParts {
  const parts = partsOf(contributions, slots);
  const { dossier, findings } = judged;
  let text = JSON.stringify([dossier, findings?.list.length ? findings : null]);
  for (const { part } of parts) text += `\0${Object.values(part).join('\0')}`;
  return { ...judged, parts, fingerprint: hash('sha256', text, 'base64url').slice(0, 22) + (findings?.list.length ? WITH_FINDINGS : '') };
}

/** What is to be done where a subject gave some parts before and gives others now. Parts that are equal are not looked into. */
function changeOf(subject: string, before: readonly Part[], now: readonly JudgedPart[], slots: Slots): CaseChange & { parts: PartChange } {
  const differs = (place: number): boolean => {
    const [old, fresh] = [before[place], now[place]];
    return !old || !fresh || !isSamePart(old, fresh.part);
  };
  const gone = before.filter((_, place) => differs(place));
  const come = now.filter((_, place) => differs(place)).flatMap(({ contributions }) => contributions);
  const written = now.flatMap(({ part }, place) => (differs(place) ? [{ place, part }] : []));
  return {
    ...diffCase(subject, contributionsIn(gone, slots), come),
    parts: { subject, length: now.length, shrinks: before.length > now.length, written },
  };
}

/** A procedure gives to figures through the catalogue only; what cannot be right in its events is a finding like any other. */
function judgeProcedure(key: string, events: readonly KeptEvent[]): Judged {
  const { findings } = readProcedure([...events] as ProcedureEvent[], procedureIdentity(key));
  return {
    key,
    contributions: [],
    ...(findings.length > 0 ? { findings: { subject: key, unit: events[0]?.unit ?? '', month: null, list: findings } } : {}),
  };
}

/**
 * Moves the figures to what the subjects' facts give now: fold → new minus old contributions → counters, ledger, outbox. The caller has locked the
 * subjects' rows, so nobody else moves theirs.
 */
@Injectable()
export class FigureMover {
  constructor(
    private readonly store: FigureStore,
    private readonly facts: DossierFacts,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Judges subjects, saves them and what they give, and moves the figures as the last thing before the commit: counters are what many transactions touch.
   * @param sets the sets of events that changed, to be written
   * @param unmoved dossiers of which only the work dossier has news, so that their row and findings stand as they are
   */
  async move(
    tx: Transaction,
    subjects: ReadonlyMap<string, SubjectRow>,
    basis: ScoringBasis,
    { sets = new Map(), unmoved = new Set() }: { sets?: ReadonlyMap<string, readonly KeptEvent[]>; unmoved?: ReadonlySet<string> } = {},
  ): Promise<void> {
    const judged = [...subjects]
      .filter(([key]) => /^(?:case|declared|procedure):/.test(key))
      .map(([key, { events }]) => judgedPartsOf(judgeSubject(key, events, basis), basis.slots))
      .filter(({ key, fingerprint }) => subjects.get(key)!.judged !== fingerprint);
    const fingerprints = new Map(judged.map(({ key, fingerprint }) => [key, fingerprint]));
    this.store.saveSubjects(tx, sets, fingerprints);
    this.store.saveJudged(tx, new Map([...fingerprints].filter(([key]) => !sets.has(key))));
    if (judged.length === 0) return;
    this.#saveFacts(
      tx,
      judged.filter(({ key }) => !unmoved.has(key)),
      // One that was not judged since fingerprints are kept may have some.
      (key) => /^$|!$/.test(subjects.get(key)!.judged),
    );
    const changes = await this.#saveParts(tx, judged, basis.slots);
    if (changes.length > 0) tx.beforeCommit(() => this.#moveFigures(tx, changes, basis.slots));
  }

  async #saveParts(tx: Transaction, judged: readonly JudgedParts[], slots: Slots): Promise<CaseChange[]> {
    const before = await this.store.parts(
      tx,
      judged.map(({ key }) => key),
    );
    const changes = judged
      .map(({ key, parts }) => changeOf(key, before.get(key) ?? [], parts, slots))
      .filter(({ removed, written }) => removed.length + written.length > 0);
    this.store.saveParts(
      tx,
      changes.map(({ parts }) => parts),
    );
    return changes;
  }

  async #moveFigures(tx: Transaction, changes: readonly CaseChange[], slots: Slots): Promise<void> {
    const now = this.clock.now();
    const counters = await this.store.moveCounters(tx, counterChanges(changes), slots, now);
    this.outbox.put(
      tx,
      counters.map((counter) => figureChanged(counter, now)),
    );
  }

  #saveFacts(tx: Transaction, judged: readonly JudgedParts[], hadFindings: (key: string) => boolean): void {
    if (judged.length === 0) return;
    const rows = judged.flatMap(({ dossier }) => dossier ?? []).sort((a, b) => (a.subject < b.subject ? -1 : 1));
    this.facts.save(tx, rows);
    this.facts.saveFindings(
      tx,
      judged.flatMap(({ key, findings }) => {
        if (findings && findings.list.length > 0) return findings;
        return hadFindings(key) ? { subject: key, unit: '', month: null, list: [] } : [];
      }),
    );
  }
}

/** The event that tells how a counter stands after a change. */
export function figureChanged(counter: ChangedCounter, now: Date): CloudEvent<'vn.par.figure.changed.v1'> {
  const subject = [counter.indicator, counter.rule, counter.unit, counter.month].join('.');
  const at = now.toISOString();
  return {
    specversion: '1.0',
    id: `${subject}:${counter.revision}`,
    source: 'urn:par:index-scoring',
    type: 'vn.par.figure.changed.v1',
    subject,
    time: at,
    datacontenttype: 'application/json',
    unit: counter.unit,
    received: at,
    data: {
      indicator: counter.indicator,
      rule: counter.rule,
      ruleVersion: counter.ruleVersion,
      period: counter.month,
      numerator: counter.numerator,
      denominator: counter.denominator,
      revision: counter.revision,
      ...(counter.lastSource === ''
        ? {}
        : { lastEvent: { source: counter.lastSource, id: counter.lastId, time: counter.lastTime.toISOString() } }),
    },
  };
}
