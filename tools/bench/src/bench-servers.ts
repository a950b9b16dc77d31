import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  commandLineOf,
  InfrastructureError,
  migrateService,
  processesWithEnvironment,
  removeInstances,
  startInfrastructure,
  withDatabase,
  type Infrastructure,
  type Progress,
} from '@par/infrastructure';
import pg from 'pg';
import { manage } from './broker-management.ts';
import { ProcessorTime, readProcesses } from './measure/processor-time.ts';
import type { Database, Meter, Pids, Vhost } from './row.ts';

/** PostgreSQL and RabbitMQ of this run alone, begun empty, with the settings of `npm start`: what they commit is on the disk. */
export class BenchServers {
  readonly #admin: pg.Pool;
  readonly #postmaster: number | undefined;

  private constructor(
    private readonly directory: string,
    private readonly infrastructure: Infrastructure,
    readonly managementUrl: string,
    admin: pg.Pool,
    postmaster: number | undefined,
  ) {
    this.#admin = admin;
    this.#postmaster = postmaster;
  }

  static async start(directory: string, progress: Progress): Promise<BenchServers> {
    await removeInstances(directory);
    // Not 'test': that would switch fsync off, and a bench without it flatters everybody.
    const infrastructure = await startInfrastructure({ purpose: 'start', directory, progress });
    const { postgres, rabbitmq } = infrastructure;
    if (rabbitmq.managementUrl === undefined)
      throw new InfrastructureError('for the bench, AMQP_URL needs RABBITMQ_MANAGEMENT_URL beside it');
    const admin = new pg.Pool({ connectionString: postgres.url, max: 2 });
    return new BenchServers(directory, infrastructure, rabbitmq.managementUrl, admin, await postmasterOf(admin));
  }

  get postgresUrl(): string {
    return this.infrastructure.postgres.url;
  }

  get amqpUrl(): string {
    return this.infrastructure.rabbitmq.amqpUrl;
  }

  /** Which servers these are, for the head of the table. */
  async versions(): Promise<{ postgres: string; rabbitmq: string; fsync: string }> {
    const { rows } = await this.#admin.query<{ version: string; fsync: string }>(
      `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync`,
    );
    const overview = (await manage(this.managementUrl, 'GET', '/api/overview')) as { rabbitmq_version: string };
    return { postgres: rows[0]!.version, fsync: rows[0]!.fsync, rabbitmq: overview.rabbitmq_version };
  }

  async createDatabase(label: string): Promise<Database> {
    const database = this.#databaseOf(label);
    await this.#admin.query(`CREATE DATABASE ${pg.escapeIdentifier(database.name)}`);
    return database;
  }

  async createServiceDatabase(service: string): Promise<Database> {
    const database = this.#databaseOf(service);
    await migrateService(service, database.url);
    return database;
  }

  #databaseOf(label: string): Database {
    const name = `bench_${label.replaceAll(/[^a-z0-9]+/g, '_')}_${randomBytes(4).toString('hex')}`;
    return {
      name,
      url: withDatabase(this.postgresUrl, name),
      size: async () => {
        const { rows } = await this.#admin.query<{ size: string }>('SELECT pg_database_size($1) AS size', [name]);
        return Number(rows[0]!.size);
      },
      drop: async () => {
        await this.#admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
      },
    };
  }

  async createVhost(label: string): Promise<Vhost> {
    const name = `bench-${label}-${randomBytes(4).toString('hex')}`;
    const { managementUrl } = this;
    const user = new URL(managementUrl).username;
    await manage(managementUrl, 'PUT', `/api/vhosts/${name}`);
    await manage(managementUrl, 'PUT', `/api/permissions/${name}/${user}`, { configure: '.*', write: '.*', read: '.*' });
    const url = new URL(this.amqpUrl);
    url.pathname = `/${name}`;
    const drop = async (): Promise<void> => void (await manage(managementUrl, 'DELETE', `/api/vhosts/${name}`));
    return { name, amqpUrl: url.toString(), managementUrl, drop };
  }

  async meter(parts: Readonly<Record<string, Pids>>): Promise<Meter> {
    const { rows } = await this.#admin.query<{ lsn: string }>('SELECT pg_current_wal_lsn()::text AS lsn');
    const startedAt = process.hrtime.bigint();
    const time = new ProcessorTime({ ...parts, postgres: () => this.#postgresPids(), beam: () => this.#brokerPids() });
    return {
      stop: async () => {
        const used = time.stop();
        const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
        const { rows: after } = await this.#admin.query<{ bytes: string }>('SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), $1) AS bytes', [
          rows[0]!.lsn,
        ]);
        return { seconds, ...used, walBytes: Number(after[0]!.bytes) };
      },
    };
  }

  async stop(): Promise<void> {
    await this.#admin.end();
    await this.infrastructure.stop();
    await removeInstances(this.directory);
  }

  #postgresPids(): readonly number[] {
    return this.#postmaster === undefined ? [] : [this.#postmaster];
  }

  #brokerPids(): readonly number[] {
    return (this.#beams ??= processesWithEnvironment('PAR_BROKER', join(this.directory, 'rabbitmq')).filter((pid) =>
      /beam(\.smp)?\b/.test(commandLineOf(pid) ?? ''),
    ));
  }
  #beams: readonly number[] | undefined;
}

/** The parent of the process that serves a connection; undefined where the server runs on another machine or in a container of its own. */
async function postmasterOf(pool: pg.Pool): Promise<number | undefined> {
  const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const backend = rows[0]!.pid;
  if (!/postgres/.test(commandLineOf(backend) ?? '')) return undefined;
  return readProcesses().get(backend)?.parent;
}
