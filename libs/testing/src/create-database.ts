import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrateService, migrationsHash, withDatabase, type TablesOf } from '@par/infrastructure';
import { testEnvironment } from './environment.ts';
import { eventually } from './eventually.ts';

export interface SpecDatabase {
  url: string;
  /**
   * Drops the database.
   * @throws where the spec has left sessions open (they are closed, so that the next spec is not harmed).
   */
  drop(): Promise<void>;
}

/**
 * A database of its own for a spec file, with the tables of a service (`'index-scoring'`) or of libraries (`{ schemas: ['messaging'] }`),
 * cloned in some 50 ms from a template. The template is migrated by the first spec that asks; its name carries a hash of the migrations, so
 * it is made anew when they change.
 */
export async function createDatabase(tablesOf: TablesOf): Promise<SpecDatabase> {
  const { postgresUrl } = testEnvironment();
  const label = (typeof tablesOf === 'string' ? tablesOf : tablesOf.schemas.join('_')).replaceAll('-', '_');
  const name = `spec_${label}_${randomBytes(5).toString('hex')}`;
  await asAdministrator(postgresUrl, async (admin) => {
    const template = await templateOf(admin, postgresUrl, label, tablesOf);
    await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(template)}`);
  });
  return { url: withDatabase(postgresUrl, name), drop: () => dropDatabase(postgresUrl, name) };
}

async function templateOf(admin: pg.Client, postgresUrl: string, label: string, tablesOf: TablesOf): Promise<string> {
  const prefix = `template_${label}_`;
  const template = `${prefix}${migrationsHash(tablesOf)}`;
  // Several spec files may ask at once; one migrates, the others wait for it here.
  await admin.query('SELECT pg_advisory_lock(hashtext($1))', [prefix]);
  const { rows } = await admin.query<{ datname: string }>('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [prefix]);
  const known = rows.map(({ datname }) => datname).filter((each) => /^[0-9a-f]{12}(_unfinished)?$/.test(each.slice(prefix.length)));
  if (!known.includes(template)) {
    for (const old of known) await admin.query(`DROP DATABASE ${pg.escapeIdentifier(old)} WITH (FORCE)`);
    const unfinished = `${template}_unfinished`;
    await migrateService(tablesOf, withDatabase(postgresUrl, unfinished));
    await eventually(() => admin.query(`ALTER DATABASE ${pg.escapeIdentifier(unfinished)} RENAME TO ${pg.escapeIdentifier(template)}`));
  }
  await admin.query('SELECT pg_advisory_unlock(hashtext($1))', [prefix]);
  return template;
}

async function dropDatabase(postgresUrl: string, name: string): Promise<void> {
  await asAdministrator(postgresUrl, async (admin) => {
    const sessions = async (): Promise<string[]> => {
      const text = `SELECT application_name, state, left(query, 200) AS query FROM pg_stat_activity
                    WHERE datname = $1 AND backend_type = 'client backend'`;
      const { rows } = await admin.query<{ application_name: string; state: string; query: string }>(text, [name]);
      return rows.map((row) => `${row.application_name || 'unnamed'} (${row.state}): ${row.query}`);
    };
    // A pool that is just being closed is given the time to say goodbye.
    const left = await eventually(async () => (await sessions()).length === 0 && [], { timeoutMs: 3_000 }).catch(sessions);
    await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    if (left.length > 0) throw new Error(`this spec left ${left.length} session(s) open on its database:\n${left.join('\n')}`);
  });
}

async function asAdministrator(url: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: url, application_name: 'par-testing' });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
