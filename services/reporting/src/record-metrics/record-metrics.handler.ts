import { Injectable } from '@nestjs/common';
import type { AnyEvent, CloudEvent } from '@par/contracts';
import type { Delivery } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import type { Transaction } from '@par/service-kit';
import { type Change, ChangeFeed } from '../change-feed.ts';
import { newestLines } from './checkpoint.ts';
import { type FigureUpdate, firstTimers, updatesOf } from './revision.ts';

type FigureChanged = CloudEvent<'vn.par.figure.changed.v1'>;
type CheckpointAdvanced = CloudEvent<'vn.par.checkpoint.advanced.v1'>;
type FigureDelivery = Delivery & { event: FigureChanged };
type CheckpointDelivery = Delivery & { event: CheckpointAdvanced };

/**
 * Takes published metrics into the read model, a batch at a time and in a fixed order of tables and keys, so that several consumers
 * may run at once. Whatever the order and however often an event comes, the rows end the same.
 */
@Injectable()
export class RecordMetricsHandler {
  constructor(
    private readonly register: OrganisationRegister,
    private readonly feed: ChangeFeed,
  ) {}

  /** Records a batch; returns the deliveries that came for the first time, which the balance sheet counts. */
  async record(tx: Transaction, batch: readonly Delivery[]): Promise<Delivery[]> {
    const fresh: Delivery[] = [
      ...(await this.#recordUnits(tx, batch)),
      ...(await this.#recordFigures(tx, batch.filter(isFigure))),
      ...(await this.#recordCheckpoints(tx, batch.filter(isCheckpoint))),
    ];
    return fresh;
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
    const updates = updatesOf(batch.map(({ event }) => event));
    const keys = [
      updates.map((u) => u.newest.data.indicator),
      updates.map((u) => u.newest.data.rule),
      updates.map((u) => u.newest.unit),
      updates.map((u) => u.newest.data.period),
    ];
    // The rows come into being first, so that two consumers that meet a new figure at once both find a row to lock.
    await tx.query(
      `INSERT INTO figure_counter (indicator, rule, unit, period)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING`,
      keys,
    );
    const known = await tx.query<{ ordinal: number; revision: number; seen: boolean[] }>(
      `SELECT k.ordinal, counter.revision,
              (SELECT array_agg(counter.seen @> r.revision::bigint ORDER BY r.n) FROM jsonb_array_elements_text(k.revisions) WITH ORDINALITY r(revision, n)) AS seen
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[]) WITH ORDINALITY AS k(indicator, rule, unit, period, revisions, ordinal)
       JOIN figure_counter counter USING (indicator, rule, unit, period)
       ORDER BY k.ordinal FOR UPDATE OF counter`,
      [...keys, updates.map((u) => JSON.stringify(u.revisions))],
    );
    const before = known.map(({ ordinal, revision, seen }) => ({ update: updates[ordinal - 1]!, revision, seen }));
    const learned = before.filter(({ seen }) => seen.includes(false));
    await this.#store(
      tx,
      learned.map(({ update }) => update),
    );
    const moved = learned
      .filter(({ update, revision }) => update.newest.data.revision > revision)
      .map(({ update }) => changeOf(update.newest));
    await this.feed.append(tx, moved);
    return firstTimers(batch, before);
  }

  /** The higher revision holds; a stale one only enters the memory of revisions seen. */
  async #store(tx: Transaction, updates: readonly FigureUpdate[]): Promise<void> {
    if (updates.length === 0) return;
    const newest = updates.map((u) => u.newest);
    await tx.query(
      `UPDATE figure_counter AS counter SET
         seen = counter.seen + u.seen,
         revision = greatest(counter.revision, u.revision),
         rule_version = CASE WHEN u.revision > counter.revision THEN u.rule_version ELSE counter.rule_version END,
         numerator = CASE WHEN u.revision > counter.revision THEN u.numerator ELSE counter.numerator END,
         denominator = CASE WHEN u.revision > counter.revision THEN u.denominator ELSE counter.denominator END,
         counted_at = CASE WHEN u.revision > counter.revision THEN u.counted_at ELSE counter.counted_at END,
         last_event_source = CASE WHEN u.revision > counter.revision THEN u.last_event_source ELSE counter.last_event_source END,
         last_event_id = CASE WHEN u.revision > counter.revision THEN u.last_event_id ELSE counter.last_event_id END,
         last_event_at = CASE WHEN u.revision > counter.revision THEN u.last_event_at ELSE counter.last_event_at END
       FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[], $6::int8multirange[], $7::bigint[], $8::bigint[], $9::bigint[],
                   $10::timestamptz[], $11::text[], $12::text[], $13::timestamptz[])
            AS u(indicator, rule, rule_version, unit, period, seen, revision, numerator, denominator,
                 counted_at, last_event_source, last_event_id, last_event_at)
       WHERE (counter.indicator, counter.rule, counter.unit, counter.period) = (u.indicator, u.rule, u.unit, u.period)`,
      [
        newest.map((event) => event.data.indicator),
        newest.map((event) => event.data.rule),
        newest.map((event) => event.data.ruleVersion),
        newest.map((event) => event.unit),
        newest.map((event) => event.data.period),
        updates.map((u) => `{${u.revisions.map((revision) => `[${revision},${revision}]`).join(',')}}`),
        newest.map((event) => event.data.revision),
        newest.map((event) => event.data.numerator),
        newest.map((event) => event.data.denominator),
        newest.map((event) => event.time),
        newest.map((event) => event.data.lastEvent?.source ?? null),
        newest.map((event) => event.data.lastEvent?.id ?? null),
        newest.map((event) => event.data.lastEvent?.time ?? null),
      ],
    );
  }

  /** A checkpoint is not counted on the balance sheet and the highest revision holds by itself, so none needs to be remembered. */
  async #recordCheckpoints(tx: Transaction, batch: readonly CheckpointDelivery[]): Promise<Delivery[]> {
    const lines = newestLines(batch.map(({ event }) => event));
    if (lines.length === 0) return [];
    const moved = await tx.query<{ ordinal: number }>(
      `WITH u AS (
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::bigint[], $8::text[], $9::bigint[], $10::timestamptz[])
         WITH ORDINALITY AS u(service, direction, origin, event_type, unit, day, count, hash, revision, advanced_at, ordinal)
       ), stored AS (
         INSERT INTO balance_line AS line (service, direction, origin, event_type, unit, day, count, hash, revision, advanced_at)
         SELECT service, direction, origin, event_type, unit, day, count, hash, revision, advanced_at FROM u ORDER BY ordinal
         ON CONFLICT (service, direction, origin, event_type, unit, day) DO UPDATE
           SET count = excluded.count, hash = excluded.hash, revision = excluded.revision, advanced_at = excluded.advanced_at
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
      ],
    );
    const changed = moved.map(({ ordinal }) => lines[ordinal - 1]!);
    await this.feed.append(tx, changed.length === 0 ? [] : [balanceChangeOf(changed)]);
    return batch.filter(({ event }) => changed.includes(event));
  }
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
  const lines = events.map(({ unit, data: { service, direction, origin, eventType, day, count, hash } }) => ({
    service,
    direction,
    origin,
    type: eventType,
    unit,
    day,
    count,
    hash,
  }));
  return { kind: 'balance', body: { lines } };
}
