import { type CloudEvent } from '@par/contracts';
import { QueueFiller } from '../drain/fill-queue.ts';
import { type ScoringPlace } from '../drain/scoring.ts';
import { type Database } from '../row.ts';
import { type City, withClient } from './city.ts';

const QUEUE = 'index-scoring.reconcile';

interface TakenLine {
  origin: string;
  type: string;
  unit: string;
  day: string;
  count: number;
  hash: string;
}

/**
 * Tells index-scoring that its senders sent what it took in, as their checkpoints would: the events were laid into its queue without senders, and it would look for
 * the difference while something else is measured. That it took in what was laid there is checked before.
 */
export async function tellWhatWasSent(city: City, { amqpUrl }: Pick<ScoringPlace, 'amqpUrl'>): Promise<void> {
  const lines = await withClient(city.database, async (client) => {
    const { rows } = await client.query<TakenLine>(
      `SELECT origin, type, unit, day::text AS day, count::int AS count, lpad(to_hex(hash), 16, '0') AS hash
       FROM messaging.balance_line WHERE direction = 'in'`,
    );
    return rows;
  });
  // Of what is told again the newest holds.
  const revision = Date.now();
  const filler = await QueueFiller.open(amqpUrl);
  try {
    await filler.lay(
      QUEUE,
      lines.map((line) => {
        const event = checkpointOf(line, revision);
        return { body: JSON.stringify(event), options: { appId: line.origin, type: event.type } };
      }),
    );
  } finally {
    await filler.close();
  }
}

/** Takes from the sheet of index-scoring what it published to nobody. Precondition: it is not running. */
export async function forgetWhatWasPublished(city: City): Promise<void> {
  await withClient(city.database, (client) => client.query(`DELETE FROM messaging.balance_line WHERE direction = 'out'`));
}

/**
 * Has the sheet of index-scoring say that it published what reporting was told, as if reporting had been there all the time: else both would look for every change of a
 * counter while something else is measured.
 */
export async function publishedWhatWasTold(city: City, reporting: Pick<Database, 'url'>): Promise<void> {
  const told = await withClient(reporting, async (client) => {
    const { rows } = await client.query<{ line: object }>(
      `SELECT to_jsonb(l) AS line FROM (SELECT 'out' AS direction, origin, type, unit, day, count, hash::text AS hash FROM messaging.balance_line
       WHERE direction = 'in' AND origin = 'index-scoring') AS l`,
    );
    return rows.map(({ line }) => line);
  });
  await withClient(city.database, async (client) => {
    await client.query(
      `INSERT INTO messaging.balance_line AS line (direction, origin, type, unit, day, count, hash)
       SELECT direction, origin, type, unit, day, count, hash
       FROM jsonb_to_recordset($1::jsonb) AS l(direction text, origin text, type text, unit text, day date, count bigint, hash bigint)
       ON CONFLICT (direction, origin, type, unit, day)
       DO UPDATE SET count = excluded.count, hash = excluded.hash, revision = line.revision + 1`,
      [JSON.stringify(told)],
    );
  });
}

function checkpointOf({ origin, type, unit, day, count, hash }: TakenLine, revision: number): CloudEvent<'vn.par.checkpoint.advanced.v1'> {
  const subject = [origin, 'out', origin, type, unit, day].join(':');
  const now = new Date().toISOString();
  return {
    specversion: '1.0',
    id: `${subject}:${revision}`,
    source: `urn:par:${origin}`,
    type: 'vn.par.checkpoint.advanced.v1',
    subject,
    time: now,
    datacontenttype: 'application/json',
    unit,
    received: now,
    data: { service: origin, direction: 'out', origin, eventType: type, day, count, hash, revision },
  };
}
