import { Injectable } from '@nestjs/common';
import { type ProcedureEvent, readProcedure } from '@par/administration';
import { type CloudEvent } from '@par/contracts';
import { Outbox } from '@par/messaging';
import { Clock, type Transaction } from '@par/service-kit';
import { type Basis } from './basis.ts';
import { type Contribution, contributionsOf, foldSubject } from './contributions.ts';
import { type DossierFactRow, dossierFactOf, DossierFacts, findingsOf, type SubjectFindings } from './dossier-facts.ts';
import { type CaseChange, counterChanges, diffCase } from './figure-changes.ts';
import { type ChangedCounter, FigureStore } from './figure-store.ts';
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

  /** `unmoved`: dossiers of which only the work dossier has news, so that their row and findings stand as they are. */
  async move(
    tx: Transaction,
    subjects: ReadonlyMap<string, readonly KeptEvent[]>,
    basis: Basis,
    unmoved: ReadonlySet<string> = new Set(),
  ): Promise<void> {
    const keys = [...subjects.keys()].filter((key) => /^(?:case|declared|procedure):/.test(key));
    if (keys.length === 0) return;
    const judged = keys.map((key) => judgeSubject(key, subjects.get(key)!, basis));
    const before = await this.store.contributions(tx, keys);
    const changes: CaseChange[] = judged
      .map(({ key, contributions }) => diffCase(key, before.get(key) ?? [], contributions))
      .filter(({ removed, written }) => removed.length + written.length > 0);
    await this.#saveFacts(
      tx,
      judged.filter(({ key }) => !unmoved.has(key)),
    );
    if (changes.length === 0) return;
    await this.store.saveContributions(tx, changes);
    const now = this.clock.now();
    const counters = await this.store.moveCounters(tx, counterChanges(changes), now);
    await this.outbox.put(
      tx,
      counters.map((counter) => figureChanged(counter, now)),
    );
  }

  async #saveFacts(tx: Transaction, judged: readonly Judged[]): Promise<void> {
    if (judged.length === 0) return;
    const rows = judged.flatMap(({ dossier }) => dossier ?? []).sort((a, b) => (a.subject < b.subject ? -1 : 1));
    const hadFindings = await this.store.withFindings(
      tx,
      judged.map(({ key }) => key),
    );
    await this.facts.save(tx, rows);
    await this.facts.saveFindings(
      tx,
      judged.flatMap(({ key, findings }) => {
        if (findings && findings.list.length > 0) return findings;
        return hadFindings.has(key) ? { subject: key, unit: '', month: null, list: [] } : [];
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
