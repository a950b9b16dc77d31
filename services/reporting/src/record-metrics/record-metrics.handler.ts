import { Injectable } from '@nestjs/common';
import type { AnyEvent, CloudEvent } from '@par/contracts';
import type { Delivery } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import type { Transaction } from '@par/service-kit';
import { type Change, ChangeFeed } from '../change-feed.ts';
import { newestLines } from './checkpoint.ts';
import { type CheckedSighting, counterKey, firstTimers, newestOf, type Sighting, sightingsOf } from './revision.ts';

type FigureChanged = CloudEvent<'vn.par.figure.changed.v1'>;
type CheckpointAdvanced = CloudEvent<'vn.par.checkpoint.advanced.v1'>;
type FigureDelivery = Delivery & { event: FigureChanged };
type CheckpointDelivery = Delivery & { event: CheckpointAdvanced };

/** A city has some thousands of figures a year. */
const MOST_ROWS_KNOWN = 20_000;

/**
 * Takes published metrics into the read model, a batch at a time and in a fixed order of tables and keys, so that several consumers
 * may run at once. Whatever the order and however often an event comes, the rows end the same.
 */
@Injectable()
export class RecordMetricsHandler {
  /** Figures whose row is known to be there: rows are never taken away. */
  readonly #rows = new Set<string>();

  constructor(
    private readonly register: OrganisationRegister,
    private readonly feed: ChangeFeed,
  ) {}

  /** Records a batch; returns the deliveries that came for the first time, which the balance sheet counts. */
  async record(tx: Transaction, batch: readonly Delivery[]): Promise<Delivery[]> {
    return [
      ...(await this.#recordUnits(tx, batch)),
      ...(await this.#recordFigures(tx, batch.filter(isFigure))),
      ...(await this.#recordCheckpoints(tx, batch.filter(isCheckpoint))),
    ];
  }

  async #recordUnits(tx: Transaction, batch: readonly Delivery[]): Promise<Delivery[]> {
    const units = batch.filter(({ event }) => event.type.startsWith('vn.par.unit.'));
    if (units.length === 0) return [];
    const applied = new Set<AnyEvent>(
      await this.register.apply(
        tx,
        units.map(({ event }) => event),
      ),
    );
    return units.filter(({ event }) => applied.has(event));
  }

  async #recordFigures(tx: Transaction, batch: readonly FigureDelivery[]): Promise<Delivery[]> {
    if (batch.length === 0) return [];
    const events = batch.map(({ event }) => event);
    const newest = newestOf(events);
    const { held, sightings } = await this.#lockAndCheck(tx, newest, sightingsOf(events));
    this.#remember(
      tx,
      sightings.filter(({ seen }) => seen.includes(false)),
    );
    const higher = newest.filter((event, index) => event.data.revision > held[index]!);
    this.#store(tx, higher);
    this.feed.append(tx, higher.map(changeOf));
    return firstTimers(batch, sightings);
  }

  /** Locks the counters in key order, new ones included; gives the revision that each one has, and which of the sightings are new. */
  async #lockAndCheck(
    tx: Transaction,
    events: readonly FigureChanged[],
    sightings: readonly Sighting[],
  ): Promise<{ held: number[]; sightings: CheckedSighting[] }> {
    if (!events.every((event) => this.#rows.has(counterKey(event)))) this.#make(tx, events);
    const [held, checked] = await Promise.all([this.#lock(tx, events), this.#check(tx, sightings)]);
    if (held.length < events.length) {
      // Somebody emptied the table under us; `#make` knows nothing of it.
      this.#rows.clear();
      return this.#lockAndCheck(tx, events, sightings);
    }
    return { held: held.map(({ revision }) => revision), sightings: checked };
  }

  /** New rows come into being before any is locked, so that two consumers that meet a new figure at once both find a row to lock. */
  #make(tx: Transaction, events: readonly FigureChanged[]): void {
    tx.send(
      `INSERT INTO figure_counter (indicator, rule, unit, period)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING`,
      keyColumns(events),
    );
    tx.afterCommit(() => {
      if (this.#rows.size > MOST_ROWS_KNOWN) this.#rows.clear();
      for (const event of events) this.#rows.add(counterKey(event));
    });
  }

  async #lock(tx: Transaction, events: readonly FigureChanged[]): Promise<{ revision: number }[]> {
    return tx.query<{ revision: number }>(
      `SELECT counter.revision
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS k(indicator, rule, unit, period, ordinal)
       JOIN figure_counter counter USING (indicator, rule, unit, period)
       ORDER BY k.ordinal FOR UPDATE OF counter`,
      keyColumns(events),
    );
  }

  /** Says which revisions had been seen. A statement of its own after the lock, so that it sees what the holder before us wrote. */
  async #check(tx: Transaction, sightings: readonly Sighting[]): Promise<CheckedSighting[]> {
    const rows = await tx.query<{ seen: boolean[] }>(
      `SELECT (SELECT array_agg(coalesce(known.seen @> r.revision::bigint, false) ORDER BY r.n)
               FROM jsonb_array_elements_text(k.revisions) WITH ORDINALITY AS r(revision, n)) AS seen
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::jsonb[])
            WITH ORDINALITY AS k(indicator, rule, unit, period, day, revisions, ordinal)
       LEFT JOIN figure_seen known USING (indicator, rule, unit, period, day)
       ORDER BY k.ordinal`,
      [
        ...keyColumns(sightings.map(({ event }) => event)),
        sightings.map(({ day }) => day),
        sightings.map(({ revisions }) => JSON.stringify(revisions)),
      ],
    );
    return sightings.map((sighting, index) => ({ ...sighting, seen: rows[index]!.seen }));
  }

  #remember(tx: Transaction, sightings: readonly Sighting[]): void {
    if (sightings.length === 0) return;
    tx.send(
      `INSERT INTO figure_seen AS known (indicator, rule, unit, period, day, source, subject, seen)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::text[], $7::text[], $8::int8multirange[])
       ON CONFLICT (unit, day, indicator, rule, period) DO UPDATE SET seen = known.seen + excluded.seen`,
      [
        ...keyColumns(sightings.map(({ event }) => event)),
        sightings.map(({ day }) => day),
        sightings.map(({ event }) => event.source),
        sightings.map(({ event }) => event.subject),
        sightings.map(({ revisions }) => `{${revisions.map((revision) => `[${revision},${revision}]`).join(',')}}`),
      ],
    );
  }

  #store(tx: Transaction, events: readonly FigureChanged[]): void {
    if (events.length === 0) return;
    tx.send(
      `UPDATE figure_counter AS counter SET
         revision = u.revision, rule_version = u.rule_version, numerator = u.numerator, denominator = u.denominator, counted_at = u.counted_at,
         last_event_source = u.last_event_source, last_event_id = u.last_event_id, last_event_at = u.last_event_at
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::bigint[], $7::bigint[], $8::bigint[], $9::timestamptz[],
                   $10::text[], $11::text[], $12::timestamptz[])
            AS u(indicator, rule, unit, period, rule_version, revision, numerator, denominator, counted_at,
                 last_event_source, last_event_id, last_event_at)
       WHERE (counter.indicator, counter.rule, counter.unit, counter.period) = (u.indicator, u.rule, u.unit, u.period)`,
      [
        ...keyColumns(events),
        events.map(({ data }) => data.ruleVersion),
        events.map(({ data }) => data.revision),
        events.map(({ data }) => data.numerator),
        events.map(({ data }) => data.denominator),
        events.map(({ time }) => time),
        events.map(({ data }) => data.lastEvent?.source ?? null),
        events.map(({ data }) => data.lastEvent?.id ?? null),
        events.map(({ data }) => data.lastEvent?.time ?? null),
      ],
    );
  }

  /** A checkpoint is not counted on the balance sheet and the highest revision holds by itself, so none needs to be remembered. */
  async #recordCheckpoints(tx: Transaction, batch: readonly CheckpointDelivery[]): Promise<Delivery[]> {
    const lines = newestLines(batch.map(({ event }) => event));
    if (lines.length === 0) return [];
    const moved = await tx.query<{ ordinal: number }>(
      `WITH u AS (
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::bigint[], $8::text[], $9::bigint[],
                              $10::timestamptz[], $11::int[], $12::int[], $13::int[])
         WITH ORDINALITY AS u(service, direction, origin, event_type, unit, day, count, hash, revision, advanced_at, dead, healed, surplus, ordinal)
       ), stored AS (
         INSERT INTO balance_line AS line (service, direction, origin, event_type, unit, day, count, hash, revision, advanced_at, dead, healed, surplus)
         SELECT service, direction, origin, event_type, unit, day, count, hash, revision, advanced_at, dead, healed, surplus FROM u ORDER BY ordinal
         ON CONFLICT (service, direction, origin, event_type, unit, day) DO UPDATE
           SET count = excluded.count, hash = excluded.hash, revision = excluded.revision, advanced_at = excluded.advanced_at,
               dead = excluded.dead, healed = excluded.healed, surplus = excluded.surplus
           WHERE line.revision < excluded.revision
         RETURNING service, direction, origin, event_type, unit, day
       )
       SELECT u.ordinal FROM stored JOIN u USING (service, direction, origin, event_type, unit, day) ORDER BY u.ordinal`,
      [
        lines.map(({ data }) => data.service),
        lines.map(({ data }) => data.direction),
        lines.map(({ data }) => data.origin),
        lines.map(({ data }) => data.eventType),
        lines.map(({ unit }) => unit),
        lines.map(({ data }) => data.day),
        lines.map(({ data }) => data.count),
        lines.map(({ data }) => data.hash),
        lines.map(({ data }) => data.revision),
        lines.map(({ time }) => time),
        lines.map(({ data }) => data.dead ?? 0),
        lines.map(({ data }) => data.healed ?? 0),
        lines.map(({ data }) => data.surplus ?? 0),
      ],
    );
    const changed = moved.map(({ ordinal }) => lines[ordinal - 1]!);
    this.feed.append(tx, changed.length === 0 ? [] : [balanceChangeOf(changed)]);
    return batch.filter(({ event }) => changed.includes(event));
  }
}

/** Indicator, rule, unit and period of each event, column by column. */
function keyColumns(events: readonly FigureChanged[]): string[][] {
  return [
    events.map(({ data }) => data.indicator),
    events.map(({ data }) => data.rule),
    events.map(({ unit }) => unit),
    events.map(({ data }) => data.period),
  ];
}

function isFigure(delivery: Delivery): delivery is FigureDelivery {
  return delivery.event.type === 'vn.par.figure.changed.v1';
}

function isCheckpoint(delivery: Delivery): delivery is CheckpointDelivery {
  return delivery.event.type === 'vn.par.checkpoint.advanced.v1';
}

function changeOf({ unit, time, data }: FigureChanged): Change {
  const { indicator, rule, ruleVersion, period, numerator, denominator, revision } = data;
  return { kind: 'figure', body: { indicator, rule, ruleVersion, unit, period, numerator, denominator, revision, countedAt: time } };
}

function balanceChangeOf(events: readonly CheckpointAdvanced[]): Change {
  const lines = events.map(({ unit, data: { service, direction, origin, eventType, day, count, hash, dead, healed, surplus } }) => ({
    service,
    direction,
    origin,
    type: eventType,
    unit,
    day,
    count,
    hash,
    dead: dead ?? 0,
    healed: healed ?? 0,
    surplus: surplus ?? 0,
  }));
  return { kind: 'balance', body: { lines } };
}
