import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { CHECKOUT, InfrastructureError, type Progress } from './checkout.ts';
import { runCommand } from './command.ts';

/** One migrations folder and the PostgreSQL schema that it is applied to. */
interface MigratedPackage {
  folder: string;
  schema: string;
}

export interface Migration {
  name: string;
  checksum: string;
}

interface AppliedMigration {
  migration_name: string;
  checksum: string;
}

/** Whose tables a database holds: those of a service, or (for the specs of a library) those of some libraries. */
export type TablesOf = string | { schemas: readonly string[] };

/** Name of a service's database on a server that we share with nobody else: `dossier-intake` → `par_dossier_intake`. */
export function databaseNameOf(service: string): string {
  return `par_${service.replaceAll('-', '_')}`;
}

/** The same server, another database. */
export function withDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.toString();
}

/**
 * Creates the service's database when it is missing and applies, with Prisma Migrate, the migrations of every library whose tables the service
 * owns (`par.schemas` in its package.json; each in a schema of the library's name) and then its own (schema `public`). Where all are applied
 * already, with the same content, it only looks.
 * @throws InfrastructureError with what Prisma said.
 */
export async function migrateService(tablesOf: TablesOf, databaseUrl: string, progress: Progress = () => undefined): Promise<void> {
  await createDatabase(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  let waiting: MigratedPackage[];
  try {
    waiting = await packagesToMigrate(tablesOf, client);
    for (const { schema } of waiting) await client.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`);
  } finally {
    await client.end();
  }
  for (const { folder, schema } of waiting) {
    progress(`${typeof tablesOf === 'string' ? tablesOf : folder}: migrating schema ${schema}`);
    const url = new URL(databaseUrl);
    if (schema !== 'public') url.searchParams.set('schema', schema);
    const env = { ...process.env, DATABASE_URL: url.toString(), FORCE_COLOR: '0' };
    const run = await runCommand(process.execPath, [join(CHECKOUT, 'tools/prisma.mjs'), 'migrate', 'deploy'], {
      cwd: join(CHECKOUT, folder),
      env,
      timeoutMs: 120_000,
    });
    if (run.code !== 0) throw new InfrastructureError(`the migrations of ${folder} failed:\n${run.output.trim()}${hintFor(run.output)}`);
  }
}

/** Prisma goes no further where a migration was begun and never finished: a launcher that was killed in the middle leaves that behind. */
function hintFor(output: string): string {
  return output.includes('P3009') ? '\nAn earlier start was cut off in the middle of a migration. To begin anew: npm start -- --fresh' : '';
}

/** Migrates several services, two at a time: each Prisma run keeps a processor busy. */
export async function migrateServices(services: readonly string[], urlOf: (service: string) => string, progress?: Progress): Promise<void> {
  const left = [...services];
  const work = async (): Promise<void> => {
    for (let service = left.shift(); service !== undefined; service = left.shift()) await migrateService(service, urlOf(service), progress);
  };
  await Promise.all([work(), work()]);
}

/** Hash over every migration of a service and its libraries: the same hash, the same tables. */
export function migrationsHash(tablesOf: TablesOf): string {
  const all = packagesOf(tablesOf).map(({ folder, schema }) => [schema, migrationsIn(folder)]);
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 12);
}

/** Migrations of a package in the order in which Prisma applies them. */
export function migrationsIn(folder: string): Migration[] {
  const migrations = join(CHECKOUT, folder, 'prisma/migrations');
  if (!existsSync(migrations)) return [];
  return readdirSync(migrations)
    .filter((name) => existsSync(join(migrations, name, 'migration.sql')))
    .sort()
    .map((name) => ({
      name,
      checksum: createHash('sha256')
        .update(readFileSync(join(migrations, name, 'migration.sql')))
        .digest('hex'),
    }));
}

/** Whether every migration is applied with just this content; anything else is for Prisma to judge. */
export function isUpToDate(wanted: readonly Migration[], applied: readonly AppliedMigration[]): boolean {
  const checksums = new Map(applied.map(({ migration_name, checksum }) => [migration_name, checksum]));
  return checksums.size === wanted.length && wanted.every(({ name, checksum }) => checksums.get(name) === checksum);
}

function packagesOf(tablesOf: TablesOf): MigratedPackage[] {
  if (typeof tablesOf !== 'string') return ofLibraries(tablesOf.schemas).filter(({ folder }) => migrationsIn(folder).length > 0);
  const service = tablesOf;
  const file = join(CHECKOUT, 'services', service, 'package.json');
  if (!existsSync(file)) throw new InfrastructureError(`there is no service ${service}`);
  const { par } = JSON.parse(readFileSync(file, 'utf8')) as { par?: { schemas?: string[] } };
  return [...ofLibraries(par?.schemas ?? []), { folder: `services/${service}`, schema: 'public' }].filter(
    ({ folder }) => migrationsIn(folder).length > 0,
  );
}

function ofLibraries(schemas: readonly string[]): MigratedPackage[] {
  return schemas.map((schema) => ({ folder: `libs/${schema}`, schema }));
}

async function packagesToMigrate(tablesOf: TablesOf, client: pg.Client): Promise<MigratedPackage[]> {
  const waiting: MigratedPackage[] = [];
  for (const each of packagesOf(tablesOf)) {
    const table = `${pg.escapeIdentifier(each.schema)}._prisma_migrations`;
    const { rows: known } = await client.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [table]);
    const { rows: applied } = known[0]?.exists
      ? await client.query<AppliedMigration>(
          `SELECT migration_name, checksum FROM ${table} WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
        )
      : { rows: [] };
    if (!isUpToDate(migrationsIn(each.folder), applied)) waiting.push(each);
  }
  return waiting;
}

async function createDatabase(databaseUrl: string): Promise<void> {
  const name = decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
  const admin = new pg.Client({ connectionString: withDatabase(databaseUrl, 'postgres') });
  await admin.connect();
  try {
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await admin.end();
  }
}
