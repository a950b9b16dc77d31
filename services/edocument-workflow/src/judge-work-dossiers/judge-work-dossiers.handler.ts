import { Injectable } from '@nestjs/common';
import type { AnyEvent } from '@par/contracts';
import { Outbox, type BatchContext, type Delivery } from '@par/messaging';
import { isUnitEvent, OrganisationRegister } from '@par/organisation';
import { Clock, Failure, type Transaction } from '@par/service-kit';
import { DeadlineRule, setDeadlines } from '../deadlines.ts';
import { type ChangedWorkDossier, changeOf, movesDeadlines, openDeadlinesOf, type StoredWorkDossier } from '../dossier-change.ts';
import { ProcessRegister } from '../process-register.ts';
import { dossierEventOf, merge, type DossierEvent } from '../work-dossier-event.ts';
import { lockWorkDossiers, store, storeExpectedSteps, storeJudgements } from './judge-work-dossiers.query.ts';

/** Above this many events one work dossier is not a work dossier; the rest goes to the dead letters, where it is seen. */
const MOST_EVENTS = 5_000;

/** What fell due so long ago is history that is brought in: nobody is reminded of it. */
const HISTORY_AFTER_MS = 90 * 24 * 3_600_000;

type Arrival = { delivery: Delivery; event: DossierEvent };

/**
 * Merges a batch into the work dossiers it is about and publishes every judgement that changes. One transaction and a handful
 * of statements, whatever the size of the batch; any number of consumers may run, since all lock work dossiers in one order.
 */
@Injectable()
export class JudgeWorkDossiersHandler {
  constructor(
    private readonly organisation: OrganisationRegister,
    private readonly processes: ProcessRegister,
    private readonly deadlines: DeadlineRule,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async judge(batch: readonly Delivery[], context: BatchContext): Promise<Delivery[]> {
    const ofUnits: Delivery[] = [];
    const arrivals = new Map<string, Arrival[]>();
    for (const delivery of batch) {
      if (isUnitEvent(delivery.event)) {
        ofUnits.push(delivery);
        continue;
      }
      const event = dossierEventOf(delivery.event);
      if (!event) {
        context.reject(delivery, unexpectedType(delivery.event.type));
        continue;
      }
      const known = arrivals.get(delivery.event.subject);
      if (known) known.push({ delivery, event });
      else arrivals.set(delivery.event.subject, [{ delivery, event }]);
    }
    return [...(await this.#applyToOrganisation(ofUnits, context.tx)), ...(await this.#applyToWorkDossiers(arrivals, context))];
  }

  async #applyToOrganisation(deliveries: readonly Delivery[], tx: Transaction): Promise<Delivery[]> {
    if (deliveries.length === 0) return [];
    const fresh = await this.organisation.apply(
      tx,
      deliveries.map((delivery) => delivery.event),
    );
    const keys = new Set(fresh.map(identityKey));
    // Of an identity that came twice in the batch, the first is the one that was taken in.
    return deliveries.filter((delivery) => keys.delete(identityKey(delivery.event)));
  }

  async #applyToWorkDossiers(arrivals: ReadonlyMap<string, Arrival[]>, context: BatchContext): Promise<Delivery[]> {
    if (arrivals.size === 0) return [];
    const around = { processes: this.processes, calendar: this.deadlines.calendar, now: this.clock.now().toISOString() };
    const taken: Delivery[] = [];
    const changed: ChangedWorkDossier[] = [];
    const rows = await lockWorkDossiers(context.tx, [...arrivals.keys()].sort());
    await this.#knowProcessesOf(rows);
    for (const stored of rows) {
      const arriving = arrivals.get(stored.id)!;
      const { events, fresh } = merge(
        stored.events,
        arriving.map((arrival) => arrival.event),
      );
      if (fresh.length === 0) continue;
      const isFresh = new Set(fresh);
      const freshArrivals = arriving.filter((arrival) => isFresh.has(arrival.event));
      if (events.length > MOST_EVENTS) {
        for (const { delivery } of freshArrivals) context.reject(delivery, tooManyEvents());
        continue;
      }
      changed.push(changeOf(stored, events, fresh, around));
      taken.push(...freshArrivals.map((arrival) => arrival.delivery));
    }
    const judgements = changed.flatMap(({ judgement }) => judgement?.event ?? []);
    store(context.tx, changed);
    storeJudgements(context.tx, judgements);
    storeExpectedSteps(context.tx, changed);
    const historyBefore = new Date(Date.parse(around.now) - HISTORY_AFTER_MS);
    setDeadlines(context.tx, changed.filter(movesDeadlines).map(openDeadlinesOf), this.deadlines, historyBefore);
    this.outbox.put(context.tx, [...judgements, ...changed.flatMap(({ stepDue }) => stepDue ?? [])]);
    return taken;
  }

  /** Another replica may have chosen a version that was stored a moment ago. */
  async #knowProcessesOf(rows: readonly StoredWorkDossier[]): Promise<void> {
    const isUnknown = ({ process, processVersion }: StoredWorkDossier): boolean =>
      process !== null && processVersion !== null && !this.processes.knows(process, processVersion);
    if (rows.some(isUnknown)) await this.processes.refresh();
  }
}

function identityKey(event: AnyEvent): string {
  return `${event.source}\n${event.id}`;
}

function unexpectedType(type: string): Failure {
  return new Failure('work-dossier.unexpected-type', {
    en: `An event of type ${type} says nothing of a work dossier.`,
    vi: `Sự kiện loại ${type} không liên quan đến hồ sơ công việc.`,
  });
}

function tooManyEvents(): Failure {
  return new Failure('work-dossier.too-many-events', {
    en: `A work dossier takes at most ${MOST_EVENTS} events.`,
    vi: `Một hồ sơ công việc nhận tối đa ${MOST_EVENTS} sự kiện.`,
  });
}
