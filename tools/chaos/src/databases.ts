import { SERVICES } from '@par/contracts';
import { migrateServices, migrationsHash, withDatabase } from '@par/infrastructure';
import pg from 'pg';
import { databaseOf } from './city.ts';

const OF_THE_SERVER = new Set(['postgres', 'template0', 'template1']);

/**
 * Makes an empty database of each service to copy from, and removes everything else that an earlier run left on this server of ours. Migrating takes long
 * and copying does not, so templates are kept from run to run as long as they fit.
 */
export async function makeTemplates(postgresUrl: string, progress: (line: string) => void): Promise<void> {
  await asAdministrator(postgresUrl, async (admin) => {
    const { rows } = await admin.query<{ datname: string }>('SELECT datname FROM pg_database');
    const known = new Set(rows.map(({ datname }) => datname));
    const wanted = new Set(SERVICES.map(templateOf));
    for (const old of known) {
      if (!wanted.has(old) && !OF_THE_SERVER.has(old)) await admin.query(`DROP DATABASE ${pg.escapeIdentifier(old)} WITH (FORCE)`);
    }
    const missing = SERVICES.filter((service) => !known.has(templateOf(service)));
    // Renamed when it is whole, so that a run which was killed in the middle leaves no half template.
    const half = (service: string): string => databaseOf('half', service);
    await migrateServices(missing, (service) => withDatabase(postgresUrl, half(service)), progress);
    for (const service of missing) await admin.query(`ALTER DATABASE ${half(service)} RENAME TO ${templateOf(service)}`);
  });
}

/** The databases of a city, made when they are needed: when PostgreSQL recovers from a kill it looks at every file that it has. */
export async function makeDatabases(postgresUrl: string, city: string): Promise<void> {
  await asAdministrator(postgresUrl, async (admin) => {
    for (const service of SERVICES) await admin.query(`CREATE DATABASE ${databaseOf(city, service)} TEMPLATE ${templateOf(service)}`);
  });
}

function templateOf(service: string): string {
  return databaseOf('template', `${service}_${migrationsHash(service)}`);
}

async function asAdministrator(url: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  // An interrupted run stops the server under it; the statement in hand says so.
  admin.on('error', () => undefined);
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
