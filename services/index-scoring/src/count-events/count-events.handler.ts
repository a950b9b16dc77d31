import { Inject, Injectable } from '@nestjs/common';
import { type Organisation } from '@par/administration';
import { type CloudEvent } from '@par/contracts';
import { type BatchContext, type Delivery, Outbox } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import { Clock, Failure, OperationalError, type Transaction } from '@par/service-kit';
import { foldCase, identityKey, type KeptEvent, mergeEvents } from '../case-fact.ts';
import { contributionsOf } from '../contributions.ts';
import { PLAN, type Plan } from '../plan.ts';
import { type CaseChange, counterChanges, diffCase } from './figure-changes.ts';
import { type ChangedCounter, FigureStore } from './figure-store.ts';

/** A subject's set is folded whole at each event; no dossier has this many, and one that has would slow all others down. */
const MOST_EVENTS = 10_000;
const TOO_MANY_EVENTS = new Failure('case.too-many-events', {
  en: `one dossier has more than ${MOST_EVENTS} events`,
  vi: `một hồ sơ có hơn ${MOST_EVENTS} sự kiện`,
});

/** The subject whose set an event belongs to: a dossier together with its work dossier, or a unit's connection. */
export function subjectKey(event: Pick<CloudEvent, 'type' | 'subject'>): string {
  return event.type.startsWith('vn.par.network.') ? `link:${event.subject}` : `case:${event.subject}`;
}

/**
 * Counts a batch in its one transaction: lock the subjects → merge and fold → new minus old contributions → counters, ledger, outbox.
 * The set of identities in the subject's row is the memory against double counting, and it never expires.
 */
@Injectable()
export class CountEventsHandler {
  constructor(
    private readonly store: FigureStore,
    private readonly register: OrganisationRegister,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    @Inject(PLAN) private readonly plan: Plan,
  ) {}

  /** Returns the deliveries whose identity was new. */
  async handle(batch: readonly Delivery[], context: BatchContext): Promise<Delivery[]> {
    const { tx } = context;
    const deliveries = new Map(batch.map((delivery) => [identityKey(delivery.event), delivery]));
    const freshUnits = await this.register.apply(
      tx,
      batch.map((delivery) => delivery.event),
    );
    const organisation = await this.#organisationFor(batch);
    const bySubject = this.#groupBySubject(batch, organisation, context);
    const freshEvents = await this.#countSubjects(tx, bySubject, organisation, (event) => {
      const delivery = deliveries.get(identityKey(event));
      if (delivery) context.reject(delivery, TOO_MANY_EVENTS);
    });
    await this.#hear(tx, freshEvents);
    return [...freshUnits, ...freshEvents].flatMap((event) => deliveries.get(identityKey(event)) ?? []);
  }

  async #organisationFor(batch: readonly Delivery[]): Promise<Organisation> {
    const organisation = this.register.current();
    return batch.every(({ event }) => organisation.unit(event.unit)) ? organisation : this.register.latest();
  }

  #groupBySubject(batch: readonly Delivery[], organisation: Organisation, context: BatchContext): Map<string, KeptEvent[]> {
    const bySubject = new Map<string, KeptEvent[]>();
    for (const delivery of batch) {
      const { event } = delivery;
      if (event.type.startsWith('vn.par.unit.')) continue;
      if (!organisation.unit(event.unit)) {
        // The front door knew the unit, so the event that opens it is on its way.
        context.reject(delivery, new OperationalError('unit.not-known-yet', `unit ${event.unit} has not reached this service yet`));
        continue;
      }
      const { source, id, type, time, unit, received, network, data } = event;
      const kept: KeptEvent = { source, id, type, time, unit, received, data, ...(network === undefined ? {} : { network }) };
      const key = subjectKey(event);
      const events = bySubject.get(key);
      if (events) events.push(kept);
      else bySubject.set(key, [kept]);
    }
    return bySubject;
  }

  async #countSubjects(
    tx: Transaction,
    arriving: ReadonlyMap<string, KeptEvent[]>,
    organisation: Organisation,
    refuse: (event: KeptEvent) => void,
  ): Promise<KeptEvent[]> {
    if (arriving.size === 0) return [];
    const known = await this.store.lockSubjects(tx, [...arriving.keys()].sort());
    const changed = new Map<string, KeptEvent[]>();
    const fresh: KeptEvent[] = [];
    for (const [key, events] of arriving) {
      const merged = mergeEvents(known.get(key) ?? [], events);
      if (merged.fresh.length === 0) continue;
      if (merged.events.length > MOST_EVENTS) {
        merged.fresh.forEach(refuse);
        continue;
      }
      changed.set(key, merged.events);
      fresh.push(...merged.fresh);
    }
    await this.store.saveSubjects(tx, changed);
    await this.#moveFigures(tx, changed, organisation);
    return fresh;
  }

  async #moveFigures(tx: Transaction, subjects: ReadonlyMap<string, KeptEvent[]>, organisation: Organisation): Promise<void> {
    const cases = [...subjects.keys()].filter((key) => key.startsWith('case:'));
    if (cases.length === 0) return;
    const before = await this.store.contributions(tx, cases);
    const changes: CaseChange[] = cases
      .map((key) => diffCase(key, before.get(key) ?? [], contributionsOf(foldCase(subjects.get(key)!), this.plan, organisation)))
      .filter(({ removed, written }) => removed.length + written.length > 0);
    if (changes.length === 0) return;
    await this.store.saveContributions(tx, changes);
    const now = this.clock.now();
    const counters = await this.store.moveCounters(tx, counterChanges(changes), now);
    await this.outbox.put(
      tx,
      counters.map((counter) => figureChanged(counter, now)),
    );
  }

  async #hear(tx: Transaction, events: readonly KeptEvent[]): Promise<void> {
    const heard = new Map<string, { unit: string; network: string; at: string }>();
    for (const { unit, network, received } of events) {
      if (network === undefined) continue;
      const key = `${unit} ${network}`;
      const earlier = heard.get(key);
      if (!earlier || earlier.at < received) heard.set(key, { unit, network, at: received });
    }
    await this.store.hear(tx, heard);
  }
}

function figureChanged(counter: ChangedCounter, now: Date): CloudEvent<'vn.par.figure.changed.v1'> {
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
