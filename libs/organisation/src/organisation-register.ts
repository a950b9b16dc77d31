import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Organisation, type UnitEvent } from '@par/administration';
import { type AnyEvent, type EventIdentity } from '@par/contracts';
import { Database, type Transaction } from '@par/service-kit';

/** How old the copy in memory may get before a reader has it checked against the table. */
const CHECK_EVERY_MS = 1_000;

export function isUnitEvent(event: AnyEvent): event is UnitEvent {
  return event.type.startsWith('vn.par.unit.');
}

/**
 * This service's own copy of the effective-dated organisation: the set of unit events in its database and the fold of them in memory.
 * Replicas write the same table, so the copy in memory is checked by the number of rows, at most once a second.
 */
@Injectable()
export class OrganisationRegister implements OnModuleInit {
  readonly #logger = new Logger('OrganisationRegister');
  #organisation = Organisation.fold([]);
  #rows = 0;
  #checkedAt = 0;
  #checking: Promise<void> | undefined;

  constructor(private readonly database: Database) {}

  async onModuleInit(): Promise<void> {
    // With the database away at start the copy is empty until it is back; readers then get "database away", not wrong units.
    await this.refresh().catch((error: unknown) => this.#logger.warn(`organisation not read yet: ${String(error)}`));
  }

  /** The organisation as known here; at most a second behind the table. */
  current(): Organisation {
    if (Date.now() - this.#checkedAt > CHECK_EVERY_MS) {
      this.refresh().catch((error: unknown) => this.#logger.warn(`organisation not read: ${String(error)}`));
    }
    return this.#organisation;
  }

  /** The organisation as the table has it now. */
  async latest(): Promise<Organisation> {
    await this.refresh();
    return this.#organisation;
  }

  /** Reads the table when it has other rows than the copy. Concurrent callers share one read. */
  async refresh(): Promise<void> {
    this.#checking ??= this.#read().finally(() => {
      this.#checking = undefined;
    });
    await this.#checking;
  }

  async #read(): Promise<void> {
    const [count] = await this.database.query<{ rows: number }>('SELECT count(*)::int AS rows FROM organisation.unit_event');
    if (count && count.rows !== this.#rows) {
      const events = await this.database.query<{ body: string }>('SELECT body FROM organisation.unit_event');
      this.#organisation = Organisation.fold(events.map((row) => JSON.parse(row.body) as UnitEvent));
      this.#rows = events.length;
    }
    this.#checkedAt = Date.now();
  }

  /** Takes unit events in; returns those that were new. The copy in memory follows after the commit. */
  async apply(tx: Transaction, events: readonly AnyEvent[]): Promise<AnyEvent[]> {
    const unitEvents = events.filter(isUnitEvent);
    if (unitEvents.length === 0) return [];
    const inserted = await tx.query<EventIdentity>(
      `INSERT INTO organisation.unit_event (source, id, unit, body)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS e(source, id, unit, body) ORDER BY source, id
       ON CONFLICT (source, id) DO NOTHING RETURNING source, id`,
      [
        unitEvents.map((e) => e.source),
        unitEvents.map((e) => e.id),
        unitEvents.map((e) => e.unit),
        unitEvents.map((e) => JSON.stringify(e)),
      ],
    );
    if (inserted.length > 0) {
      tx.afterCommit(() => {
        this.#checkedAt = 0;
      });
    }
    const fresh = new Set(inserted.map((row) => `${row.source}\0${row.id}`));
    // The same event may stand twice in one batch: it is new once.
    return unitEvents.filter((event) => fresh.delete(`${event.source}\0${event.id}`));
  }

  /** Identities of the unit events of one line of the balance sheet. */
  async identities(query: { type: string; unit: string; day: string }): Promise<EventIdentity[]> {
    return this.database.query<EventIdentity>(
      `SELECT source, id FROM organisation.unit_event
       WHERE unit = $2 AND body::json ->> 'type' = $1 AND left(body::json ->> 'received', 10) = $3 ORDER BY source, id`,
      [query.type, query.unit, query.day],
    );
  }
}
