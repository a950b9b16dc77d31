import pg from 'pg';
import { type PublishedEvent, wholeYear } from '../drain/backlog.ts';
import { isOfDossier } from '../events/dossier-year.ts';
import { layIntoQueue, settled, startScoring } from '../drain/scoring.ts';
import { type BenchContext, type Database, type Vhost } from '../row.ts';
import { copyDossiers } from './copied-rows.ts';
import { multiplyCounters, noteCounters } from './multiplied-counters.ts';

const SEED = 2021;
const PATIENCE_MS = 600_000;

/** index-scoring's database with a year of a city in it, counted by the service itself, and not running. */
export interface City {
  database: Database;
  /** Events that the service has taken in. */
  events: number;
  /** Unit events of the year: what every other reader has to be told, too. */
  units: PublishedEvent[];
}

/** Has the real service count a year of a city with so many applications. The declared and the published first, so that dossiers' share of the counters is known. */
export async function countCity(ctx: BenchContext, dossiers: number): Promise<City> {
  const { standing, events } = wholeYear(dossiers, SEED);
  const database = await ctx.createServiceDatabase('index-scoring');
  const vhost = await ctx.createVhost('city');
  const place = { databaseUrl: database.url, amqpUrl: vhost.amqpUrl };
  const others = [...standing, ...events.filter((each) => !isOfDossier(each.event))];
  const ofDossiers = events.filter(({ event }) => isOfDossier(event));
  try {
    await layIntoQueue(place, others);
    const scoring = await startScoring(ctx, place);
    try {
      await settled(scoring, others.length, PATIENCE_MS);
      await withClient(database, noteCounters);
      await layIntoQueue(place, ofDossiers);
      await settled(scoring, others.length + ofDossiers.length, PATIENCE_MS);
    } finally {
      await scoring.stop();
    }
  } finally {
    await vhost.drop();
  }
  const units = standing.filter(({ event }) => event.type.startsWith('vn.par.unit.'));
  return { database, events: others.length + ofDossiers.length, units };
}

/** Makes the city so many times larger by copying its dossiers row by row. Precondition: the service is not running. */
export async function multiplyCity(ctx: BenchContext, { database }: City, times: number): Promise<void> {
  await withClient(database, async (client) => {
    // What is made here can be made again: nothing has to be on the disk at once.
    await client.query('SET synchronous_commit = off');
    for (let copy = 1; copy < times; copy += 1) {
      await copyDossiers(client, copy);
      if (copy % 10 === 0) ctx.say(`${copy + 1} of ${times} times the dossiers`);
    }
    await multiplyCounters(client, times - 1);
    await restUp(client);
  });
}

/** A city of its own with the same rows. Precondition: nobody is connected to the city that is copied. */
export async function twinOf(ctx: BenchContext, city: City): Promise<City> {
  const database = await ctx.createDatabase('twin');
  const admin = new pg.Client({ connectionString: ctx.postgresUrl });
  await admin.connect();
  try {
    await admin.query(`DROP DATABASE ${pg.escapeIdentifier(database.name)}`);
    await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(database.name)} TEMPLATE ${pg.escapeIdentifier(city.database.name)}`);
  } finally {
    await admin.end();
  }
  return { ...city, database };
}

/** Has the server tidy up now what it would else tidy up while something is measured. */
export async function restUp(client: pg.Client): Promise<void> {
  await client.query('VACUUM (ANALYZE)');
  await client.query('CHECKPOINT');
}

/** How many dossiers and work dossiers the city has. */
export async function dossiersIn({ database }: City): Promise<number> {
  return withClient(database, async (client) => {
    const { rows } = await client.query<{ dossiers: number }>(
      `SELECT count(*)::int AS dossiers FROM subject WHERE key >= 'case:' AND key < 'case;'`,
    );
    return rows[0]!.dossiers;
  });
}

export async function withClient<T>({ url }: Pick<Database, 'url'>, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs index-scoring over a city on a vhost of its own. */
export async function withScoring<T>(
  ctx: BenchContext,
  { database }: City,
  work: (scoring: Awaited<ReturnType<typeof startScoring>>, place: { databaseUrl: string; amqpUrl: string }, vhost: Vhost) => Promise<T>,
): Promise<T> {
  const vhost = await ctx.createVhost('city');
  const place = { databaseUrl: database.url, amqpUrl: vhost.amqpUrl };
  try {
    const scoring = await startScoring(ctx, place);
    try {
      return await work(scoring, place, vhost);
    } finally {
      await scoring.stop();
    }
  } finally {
    await vhost.drop();
  }
}
