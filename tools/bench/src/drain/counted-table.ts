import { type CloudEvent } from '@par/contracts';
import type pg from 'pg';

/** What every consumer that ours is compared with does: remember the identity, count the event for its unit. */
export const COUNTED_TABLES = `
  CREATE TABLE inbox (source text NOT NULL, id text NOT NULL, PRIMARY KEY (source, id));
  CREATE TABLE unit_counter (unit text PRIMARY KEY, events bigint NOT NULL);`;

export type CountedEvent = Pick<CloudEvent, 'source' | 'id' | 'unit'>;

/** Counts one event in a transaction of its own, the way a handler per message does. */
export async function countAlone(pool: pg.Pool, { source, id, unit }: CountedEvent): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const inserted = await client.query('INSERT INTO inbox (source, id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [source, id]);
    if (inserted.rowCount === 1) {
      await client.query(
        'INSERT INTO unit_counter AS c (unit, events) VALUES ($1, 1) ON CONFLICT (unit) DO UPDATE SET events = c.events + 1',
        [unit],
      );
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

const COUNT_BATCH = `
  WITH fresh AS (
    INSERT INTO inbox (source, id)
    SELECT source, id FROM unnest($1::text[], $2::text[]) AS e(source, id) ON CONFLICT DO NOTHING RETURNING source, id
  )
  INSERT INTO unit_counter AS c (unit, events)
  SELECT e.unit, count(*) FROM unnest($1::text[], $2::text[], $3::text[]) AS e(source, id, unit) JOIN fresh USING (source, id)
  GROUP BY e.unit ORDER BY e.unit
  ON CONFLICT (unit) DO UPDATE SET events = c.events + excluded.events`;

/** Counts a batch in one statement. Precondition: no identity stands in it twice. */
export async function countBatch(
  run: (text: string, values: unknown[]) => Promise<unknown>,
  events: readonly CountedEvent[],
): Promise<void> {
  await run(COUNT_BATCH, [events.map(({ source }) => source), events.map(({ id }) => id), events.map(({ unit }) => unit)]);
}

/** Events counted so far. */
export const COUNTED = 'SELECT coalesce(sum(events), 0)::int AS counted FROM unit_counter';
/** Identities remembered: equals the events counted, or the consumer is not exact. */
export const REMEMBERED = 'SELECT count(*)::int AS remembered FROM inbox';
