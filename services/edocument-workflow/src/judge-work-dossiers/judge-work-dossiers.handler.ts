import { Injectable } from '@nestjs/common';
import type { AnyEvent, CloudEvent } from '@par/contracts';
import { Outbox, type BatchContext, type Delivery } from '@par/messaging';
import { isUnitEvent, OrganisationRegister } from '@par/organisation';
import { Clock, Failure, type Transaction } from '@par/service-kit';
import {
  dossierEventOf,
  foldWorkDossier,
  merge,
  mustPublish,
  type DossierEvent,
  type Judgement,
  type WorkDossier,
} from '../work-dossier.ts';
import { judgementEvent } from '../judgement-event.ts';

/** Above this many events one work dossier is not a work dossier; the rest goes to the dead letters, where it is seen. */
const MOST_EVENTS = 5_000;

interface StoredWorkDossier {
  id: string;
  events: DossierEvent[];
  judgement: Judgement | null;
  revision: number;
}

interface ChangedWorkDossier {
  id: string;
  /** What this batch adds to the set. */
  fresh: DossierEvent[];
  folded: WorkDossier;
  revision: number;
  /** The judgement to tell the world, where it changed. */
  event?: CloudEvent<'vn.par.work-dossier.closed.v1'>;
}

type Arrival = { delivery: Delivery; event: DossierEvent };

/**
 * Merges a batch into the work dossiers it is about and publishes every judgement that changes. One transaction and a handful
 * of statements, whatever the size of the batch; any number of consumers may run, since all lock work dossiers in one order.
 */
@Injectable()
export class JudgeWorkDossiersHandler {
  constructor(
    private readonly organisation: OrganisationRegister,
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
    const now = this.clock.now().toISOString();
    const taken: Delivery[] = [];
    const changed: ChangedWorkDossier[] = [];
    for (const stored of await lockWorkDossiers(context.tx, [...arrivals.keys()].sort())) {
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
      changed.push(rejudge(stored, events, fresh, now));
      taken.push(...freshArrivals.map((arrival) => arrival.delivery));
    }
    const judgements = changed.flatMap((dossier) => dossier.event ?? []);
    store(context.tx, changed);
    recordJudgements(context.tx, judgements);
    this.outbox.put(context.tx, judgements);
    return taken;
  }
}

function rejudge(stored: StoredWorkDossier, events: DossierEvent[], fresh: DossierEvent[], now: string): ChangedWorkDossier {
  const folded = foldWorkDossier(events);
  const { id } = stored;
  if (!mustPublish(stored.judgement ?? undefined, folded.judgement)) return { id, fresh, folded, revision: stored.revision };
  const revision = stored.revision + 1;
  return { id, fresh, folded, revision, event: judgementEvent(id, revision, folded, now) };
}

/** Makes the rows that are missing and locks all of them, both in the order of the key, so that no two consumers wait for each other. */
async function lockWorkDossiers(tx: Transaction, ids: readonly string[]): Promise<StoredWorkDossier[]> {
  tx.send('INSERT INTO work_dossier (id) SELECT unnest($1::text[]) COLLATE "C" ON CONFLICT (id) DO NOTHING', [ids]);
  return tx.query<StoredWorkDossier>(
    'SELECT id, events, judgement, revision FROM work_dossier WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE',
    [ids],
  );
}

function store(tx: Transaction, dossiers: readonly ChangedWorkDossier[]): void {
  if (dossiers.length === 0) return;
  tx.send(
    `UPDATE work_dossier AS w
        SET events = w.events || c.fresh::jsonb, state = c.state, judgement = coalesce(c.judgement::jsonb, w.judgement), revision = c.revision
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[]) AS c(id, fresh, state, judgement, revision)
      WHERE w.id = c.id`,
    [
      dossiers.map((dossier) => dossier.id),
      dossiers.map((dossier) => JSON.stringify(dossier.fresh)),
      dossiers.map((dossier) => dossier.folded.state),
      dossiers.map((dossier) => (dossier.event ? JSON.stringify(dossier.folded.judgement) : null)),
      dossiers.map((dossier) => dossier.revision),
    ],
  );
}

function recordJudgements(tx: Transaction, events: readonly CloudEvent<'vn.par.work-dossier.closed.v1'>[]): void {
  if (events.length === 0) return;
  tx.send(
    `INSERT INTO judgement (subject, revision, unit, received_at, content, judged_at)
     SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::timestamptz[], $5::jsonb[], $6::timestamptz[])`,
    [
      events.map((event) => event.subject),
      events.map((event) => event.data.revision),
      events.map((event) => event.unit),
      events.map((event) => event.received),
      events.map((event) => JSON.stringify(event.data)),
      events.map((event) => event.time),
    ],
  );
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
