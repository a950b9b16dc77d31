import pg from 'pg';
import { type BenchContext, type Metering, type Pids } from '../row.ts';

/** How a consumer's database says how far it is. */
export interface Progress {
  databaseUrl: string;
  /** A query of one row with one integer, `counted`. */
  text: string;
}

export interface Drained {
  /** Events counted between the first and the last commit, over the time between them: how fast it goes, however long the process took to start. */
  perSecond: number;
  seconds: number;
  /** Events that were counted in the measured time. */
  events: number;
  metering: Metering;
}

const LOOK_EVERY_MS = 20;
/** Nothing counted for so long means that nothing more will come. */
const PATIENCE_MS = 60_000;

/**
 * Looks at the database until all events are counted. Measuring begins with the first commit that shows.
 * @throws where nothing more comes before all are counted
 */
export async function watchDrain(
  ctx: BenchContext,
  { databaseUrl, text }: Progress,
  all: number,
  parts: Record<string, Pids>,
): Promise<Drained> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // A connection that breaks also fails the next look.
  client.on('error', () => undefined);
  await client.connect();
  const look = async (): Promise<number> => (await client.query<{ counted: number }>({ name: 'look', text })).rows[0]?.counted ?? 0;
  const before = await look();
  try {
    const first = await moreThan(before, look);
    const startedAt = performance.now();
    const meter = await ctx.meter(parts);
    let counted = first;
    while (counted < all) counted = await moreThan(counted, look);
    const seconds = (performance.now() - startedAt) / 1000;
    const metering = await meter.stop();
    const events = counted - first;
    return { perSecond: events / seconds, seconds, events, metering };
  } finally {
    await client.end();
  }
}

async function moreThan(counted: number, look: () => Promise<number>): Promise<number> {
  for (const since = performance.now(); performance.now() - since < PATIENCE_MS;) {
    const now = await look();
    if (now > counted) return now;
    await new Promise((next) => setTimeout(next, LOOK_EVERY_MS));
  }
  throw new Error(`only ${counted} events were counted, and no more for ${PATIENCE_MS / 1000} s`);
}
