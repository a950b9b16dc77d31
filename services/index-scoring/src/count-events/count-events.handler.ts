import { Injectable } from '@nestjs/common';
import { type Organisation } from '@par/administration';
import { type BatchContext, type Delivery } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import { Failure, OperationalError, type Transaction } from '@par/service-kit';
import { BasisRegister } from '../basis-register.ts';
import { FigureMover } from '../figure-mover.ts';
import { FigureStore, type SubjectRow } from '../figure-store.ts';
import { HeardUnits } from '../heard-units.ts';
import { identityKey, type KeptEvent, keptOf, mergeEvents } from '../kept-event.ts';
import { subjectKey } from '../subject-key.ts';
import { unitsNamedIn } from '../units-named.ts';

/** A subject's set is folded whole at each event; no dossier has this many, and one that has would slow all others down. */
const MOST_EVENTS = 10_000;
const TOO_MANY_EVENTS = new Failure('case.too-many-events', {
  en: `one dossier has more than ${MOST_EVENTS} events`,
  vi: `một hồ sơ có hơn ${MOST_EVENTS} sự kiện`,
});

/**
 * Counts a batch in its one transaction: lock the subjects → merge and fold → new minus old contributions → counters, ledger, outbox.
 * The set of identities in the subject's row is the memory against double counting, and it never expires.
 */
@Injectable()
export class CountEventsHandler {
  constructor(
    private readonly store: FigureStore,
    private readonly mover: FigureMover,
    private readonly basis: BasisRegister,
    private readonly heard: HeardUnits,
    private readonly register: OrganisationRegister,
  ) {}

  /** Returns the deliveries whose identity was new. */
  async handle(batch: readonly Delivery[], context: BatchContext): Promise<Delivery[]> {
    const { tx } = context;
    const changesCatalogue = batch.some(({ event }) => event.type.startsWith('vn.par.procedure.'));
    this.basis.hold(tx, changesCatalogue ? 'alone' : 'shared');
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
    this.heard.remember(tx, freshEvents, organisation);
    return [...freshUnits, ...freshEvents].flatMap((event) => deliveries.get(identityKey(event)) ?? []);
  }

  async #organisationFor(batch: readonly Delivery[]): Promise<Organisation> {
    const organisation = this.register.current();
    return batch.every(({ event }) => unitsNamedIn(event).every((unit) => organisation.unit(unit))) ? organisation : this.register.latest();
  }

  #groupBySubject(batch: readonly Delivery[], organisation: Organisation, context: BatchContext): Map<string, KeptEvent[]> {
    const bySubject = new Map<string, KeptEvent[]>();
    for (const delivery of batch) {
      const { event } = delivery;
      if (event.type.startsWith('vn.par.unit.')) continue;
      const unknown = unitsNamedIn(event).find((unit) => !organisation.unit(unit));
      if (unknown !== undefined) {
        // The front door knew the unit, so the event that opens it is on its way.
        context.reject(delivery, new OperationalError('unit.not-known-yet', `unit ${unknown} has not reached this service yet`));
        continue;
      }
      const key = subjectKey(event, organisation);
      const events = bySubject.get(key);
      if (events) events.push(keptOf(event));
      else bySubject.set(key, [keptOf(event)]);
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
    const [known, held] = await Promise.all([
      this.store.lockSubjects(tx, [...arriving.keys()].sort()),
      this.basis.inTransaction(tx, organisation),
    ]);
    const changed = new Map<string, KeptEvent[]>();
    const judged = new Map<string, SubjectRow>();
    const unmoved = new Set<string>();
    const fresh: KeptEvent[] = [];
    for (const [key, events] of arriving) {
      const row = known.get(key) ?? { events: [], judged: '' };
      const merged = mergeEvents(row.events, events);
      if (merged.fresh.length === 0) continue;
      if (merged.events.length > MOST_EVENTS) {
        merged.fresh.forEach(refuse);
        continue;
      }
      changed.set(key, merged.events);
      if (!movesNothing(merged)) judged.set(key, { events: merged.events, judged: row.judged });
      if (merged.fresh.every(({ type }) => type.startsWith('vn.par.work-dossier.'))) unmoved.add(key);
      fresh.push(...merged.fresh);
    }
    if (changed.size === 0) return fresh;
    const procedures = new Map([...changed].filter(([key]) => key.startsWith('procedure:')));
    if (procedures.size > 0) {
      // The catalogue is read from the sets, so they stand before anything is judged by it.
      this.store.saveSubjects(tx, procedures, new Map());
      await this.basis.proceduresChanged(tx, [...procedures.keys()]);
    }
    const basis = procedures.size > 0 ? await this.basis.inTransaction(tx, organisation, true) : held;
    if (basis.rebuilding) this.store.noteDirty(tx, [...changed.keys()]);
    await this.mover.move(tx, judged, basis, { sets: changed, unmoved });
    return fresh;
  }
}

/**
 * Whether new events cannot move a figure: steps of a work dossier say how many messages there were and over which network, and no rule asks that of a dossier
 * without a result. Most events of a dossier are such steps, so they are stored and not judged.
 */
function movesNothing({ events, fresh }: { events: readonly KeptEvent[]; fresh: readonly KeptEvent[] }): boolean {
  return fresh.every(({ type }) => MESSAGES_OF_WORK.has(type)) && !events.some(({ type }) => RESULT_TYPES.has(type));
}

/** What is told of a work dossier before it closes. */
const MESSAGES_OF_WORK: ReadonlySet<KeptEvent['type']> = new Set<KeptEvent['type']>([
  'vn.par.work-dossier.opened.v1',
  'vn.par.work-dossier.step-taken.v1',
  'vn.par.work-dossier.paper-declared.v1',
  'vn.par.work-dossier.signature-verified.v1',
]);

/** Types that can tell a result. */
const RESULT_TYPES: ReadonlySet<KeptEvent['type']> = new Set<KeptEvent['type']>([
  'vn.par.dossier.result-ready.v1',
  'vn.par.dossier.returned.v1',
  'vn.par.dossier.state-reported.v1',
]);
