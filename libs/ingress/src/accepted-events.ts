import { Injectable } from '@nestjs/common';
import { type AnyEvent, type BalanceKey, type EventIdentity } from '@par/contracts';
import { type IdentityQuery, IdentitySource } from '@par/messaging';
import { Database, type Transaction } from '@par/service-kit';
import { type Taken } from './judgement.ts';

/** One text per identity. NUL stands in no identifier. */
export function identityKey({ source, id }: EventIdentity): string {
  return `${source}\0${id}`;
}

/** The store of every event that this door took in. */
@Injectable()
export class AcceptedEvents {
  constructor(private readonly database: Database) {}

  /** Events about a subject of types that begin with `typePrefix`, by (time, source, id). */
  async ofSubject(subject: string, typePrefix: string): Promise<AnyEvent[]> {
    const rows = await this.database.query<{ body: string }>(
      'SELECT body FROM ingress.accepted_event WHERE subject = $1 AND starts_with(type, $2) ORDER BY time, source COLLATE "C", id COLLATE "C"',
      [subject, typePrefix],
    );
    return rows.map((row) => JSON.parse(row.body) as AnyEvent);
  }

  /** The stamped events of some identities, to publish them again. */
  async byIdentity(identities: readonly EventIdentity[]): Promise<AnyEvent[]> {
    const rows = await this.database.query<{ body: string }>(
      'SELECT body FROM ingress.accepted_event WHERE (source, id) IN (SELECT * FROM unnest($1::text[], $2::text[])) ORDER BY time, source, id',
      [identities.map((i) => i.source), identities.map((i) => i.id)],
    );
    return rows.map((row) => JSON.parse(row.body) as AnyEvent);
  }
}

/** Identities of accepted events behind one line of the balance sheet. `day` is the UTC date of receipt. */
export async function acceptedIdentities(
  database: Database,
  { type, unit, day }: Pick<IdentityQuery, 'type' | 'unit' | 'day'>,
): Promise<EventIdentity[]> {
  return database.query<EventIdentity>(
    'SELECT source, id FROM ingress.accepted_event WHERE received_day = $3 AND unit = $2 AND type = $1 ORDER BY source, id',
    [type, unit, day],
  );
}

/** Names the events behind the lines that a front door sends out: those it took in. */
@Injectable()
export class IngressIdentities extends IdentitySource {
  constructor(private readonly database: Database) {
    super();
  }

  override async identities(query: IdentityQuery): Promise<EventIdentity[]> {
    return query.direction === 'out' ? acceptedIdentities(this.database, query) : [];
  }

  override async sent({ type, unit }: BalanceKey, identities: readonly EventIdentity[]): Promise<AnyEvent[]> {
    const events = await new AcceptedEvents(this.database).byIdentity(identities);
    return events.filter((event) => event.type === type && event.unit === unit);
  }
}

const COLUMNS = 'source, id, content_hash, type, subject, unit, time, sent, received_at, network, producer, body';
const ROWS = `unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[],
                     $9::timestamptz[], $10::text[], $11::text[], $12::text[])`;
const DAY = `(received_at AT TIME ZONE 'UTC')::date`;

/**
 * Stores events whose identity is new, in order of identity so that two commits never lock each other out; returns those that were known.
 * They are the few, so they and not the stored ones are sent back.
 */
export async function insertNew(tx: Transaction, rows: readonly NewRow[]): Promise<EventIdentity[]> {
  if (rows.length === 0) return [];
  return tx.query<EventIdentity>(
    `WITH e AS MATERIALIZED (
       SELECT * FROM ${ROWS} AS e(${COLUMNS})
     ), stored AS (
       INSERT INTO ingress.accepted_event (${COLUMNS}, received_day) SELECT ${COLUMNS}, ${DAY} FROM e
       ON CONFLICT (source, id) DO NOTHING RETURNING source, id
     )
     SELECT source, id FROM e WHERE NOT EXISTS (SELECT FROM stored s WHERE s.source = e.source AND s.id = e.id)`,
    columnsOf(rows),
  );
}

/** Stores events as `insertNew` does, with all of them taken to be new: where one is not, the transaction fails as overtaken. */
export function insertAll(tx: Transaction, rows: readonly NewRow[]): void {
  if (rows.length === 0) return;
  tx.send(
    `INSERT INTO ingress.accepted_event (${COLUMNS}, received_day) SELECT ${COLUMNS}, ${DAY} FROM ${ROWS} AS e(${COLUMNS})`,
    columnsOf(rows),
  );
}

export interface NewRow {
  taken: Taken;
  producer: string;
}

function columnsOf(rows: readonly NewRow[]): unknown[] {
  const events = rows.map((row) => row.taken.event);
  return [
    events.map((e) => e.source),
    events.map((e) => e.id),
    rows.map((row) => row.taken.contentHash),
    events.map((e) => e.type),
    events.map((e) => e.subject),
    events.map((e) => e.unit),
    events.map((e) => e.time),
    events.map((e) => e.sent ?? null),
    events.map((e) => e.received),
    events.map((e) => e.network),
    rows.map((row) => row.producer),
    rows.map((row) => row.taken.body),
  ];
}

/** Fingerprints of the events that are stored under some identities. */
export async function storedHashes(tx: Transaction, identities: readonly EventIdentity[]): Promise<Map<string, Buffer>> {
  if (identities.length === 0) return new Map();
  const rows = await tx.query<EventIdentity & { content_hash: Buffer }>(
    'SELECT source, id, content_hash FROM ingress.accepted_event WHERE (source, id) IN (SELECT * FROM unnest($1::text[], $2::text[]))',
    [identities.map((i) => i.source), identities.map((i) => i.id)],
  );
  return new Map(rows.map((row) => [identityKey(row), row.content_hash]));
}

/** Keeps that identities came again with other content. */
export function recordConflicts(tx: Transaction, conflicts: ReadonlyMap<string, EventIdentity & { times: number }>, at: Date): void {
  if (conflicts.size === 0) return;
  const rows = [...conflicts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  tx.send(
    `INSERT INTO ingress.identity_conflict AS c (source, id, times, first_seen_at, last_seen_at)
     SELECT source, id, times, $4, $4 FROM unnest($1::text[], $2::text[], $3::int[]) AS e(source, id, times)
     ON CONFLICT (source, id) DO UPDATE SET times = c.times + excluded.times, last_seen_at = excluded.last_seen_at`,
    [rows.map((r) => r.source), rows.map((r) => r.id), rows.map((r) => r.times), at],
  );
}
