import { Injectable } from '@nestjs/common';
import { type BatchContext, type Delivery } from '@par/messaging';
import { Clock, Failure, type Transaction } from '@par/service-kit';
import { documentEventOf, freshEvents, type DocumentEvent } from '../document-event.ts';
import { foldDocument, type Document } from '../document.ts';
import { EdxmlStatuses } from '../edxml-statuses.ts';

/** Above this many events one document is not a document: nine words of each of 500 receivers are fewer. The rest goes to the dead letters, where it is seen. */
const MOST_EVENTS = 5_000;

interface StoredDocument {
  id: string;
  events: DocumentEvent[];
}

interface ChangedDocument {
  id: string;
  /** What this batch adds to the set. */
  fresh: DocumentEvent[];
  folded: Document;
}

type Arrival = { delivery: Delivery; event: DocumentEvent };

/**
 * Merges a batch into the documents it is about. One transaction and a handful of statements, whatever the size of the batch; any number of consumers may run, since all
 * lock documents in one order.
 */
@Injectable()
export class FollowDocumentsHandler {
  constructor(
    private readonly clock: Clock,
    private readonly statuses: EdxmlStatuses,
  ) {}

  async follow(batch: readonly Delivery[], context: BatchContext): Promise<Delivery[]> {
    const arrivals = new Map<string, Arrival[]>();
    for (const delivery of batch) {
      const event = documentEventOf(delivery.event);
      if (!event) {
        context.reject(delivery, unexpectedType(delivery.event.type));
        continue;
      }
      const known = arrivals.get(delivery.event.subject);
      if (known) known.push({ delivery, event });
      else arrivals.set(delivery.event.subject, [{ delivery, event }]);
    }
    if (arrivals.size === 0) return [];
    const now = this.clock.now();
    const taken: Delivery[] = [];
    const changed: ChangedDocument[] = [];
    for (const stored of await lockDocuments(context.tx, [...arrivals.keys()].sort(), now)) {
      const arriving = arrivals.get(stored.id)!;
      const fresh = freshEvents(
        stored.events,
        arriving.map((arrival) => arrival.event),
      );
      if (fresh.length === 0) continue;
      const isFresh = new Set(fresh);
      const freshArrivals = arriving.filter((arrival) => isFresh.has(arrival.event));
      if (stored.events.length + fresh.length > MOST_EVENTS) {
        for (const { delivery } of freshArrivals) context.reject(delivery, tooManyEvents());
        continue;
      }
      changed.push({ id: stored.id, fresh, folded: foldDocument([...stored.events, ...fresh]) });
      taken.push(...freshArrivals.map((arrival) => arrival.delivery));
    }
    store(context.tx, changed, now);
    await this.statuses.put(
      context.tx,
      taken.map(({ event }) => event),
    );
    return taken;
  }
}

/** Makes the rows that are missing and locks all of them, both in the order of the key, so that no two consumers wait for each other. */
async function lockDocuments(tx: Transaction, ids: readonly string[], now: Date): Promise<StoredDocument[]> {
  tx.send('INSERT INTO document (id, updated_at) SELECT unnest($1::text[]) COLLATE "C", $2 ON CONFLICT (id) DO NOTHING', [ids, now]);
  return tx.query<StoredDocument>('SELECT id, events FROM document WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE', [ids]);
}

function store(tx: Transaction, documents: readonly ChangedDocument[], now: Date): void {
  if (documents.length === 0) return;
  const ids = documents.map(({ id }) => id);
  tx.send(
    `UPDATE document AS d SET events = d.events || c.fresh::jsonb, state = c.state, updated_at = $4
       FROM unnest($1::text[], $2::text[], $3::text[]) AS c(id, fresh, state)
      WHERE d.id = c.id`,
    [ids, documents.map(({ fresh }) => JSON.stringify(fresh)), documents.map(({ folded }) => folded.state), now],
  );
  const views = documents.flatMap(({ id, folded }) => folded.units.map((view) => ({ document: id, ...view })));
  const keys = [views.map(({ document }) => document), views.map(({ unit }) => unit)];
  tx.send(
    `INSERT INTO document_of_unit AS u (document, unit, direction, state, updated_at)
     SELECT document, unit, direction, state, $5 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS v(document, unit, direction, state)
     ON CONFLICT (document, unit) DO UPDATE SET direction = excluded.direction, state = excluded.state, updated_at = excluded.updated_at
      WHERE (u.direction, u.state) IS DISTINCT FROM (excluded.direction, excluded.state)`,
    [...keys, views.map(({ direction }) => direction), views.map(({ state }) => state), now],
  );
  // All that a unit said was taken back: it has the document no more.
  tx.send(
    `DELETE FROM document_of_unit AS u
      WHERE u.document = ANY($1::text[])
        AND NOT EXISTS (SELECT FROM unnest($2::text[], $3::text[]) AS v(document, unit) WHERE v.document = u.document AND v.unit = u.unit)`,
    [ids, ...keys],
  );
}

function unexpectedType(type: string): Failure {
  return new Failure('document.unexpected-type', {
    en: `An event of type ${type} says nothing of a document.`,
    vi: `Sự kiện loại ${type} không liên quan đến văn bản.`,
  });
}

function tooManyEvents(): Failure {
  return new Failure('document.too-many-events', {
    en: `A document takes at most ${MOST_EVENTS} events.`,
    vi: `Một văn bản nhận tối đa ${MOST_EVENTS} sự kiện.`,
  });
}
