import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type AnyEvent } from '@par/contracts';
import { addProducerKey, configureFrontDoor, type NewProducerKey } from '@par/ingress';
import { OrganisationRegister } from '@par/organisation';
import { createApplication, Database, MESSAGE_TRANSPORT } from '@par/service-kit';
import { createDatabase, createVhost, type SpecDatabase, type SpecVhost } from '@par/testing';
import { AppModule } from './app.module.ts';
import { specOrganisationEvents } from './spec-edxml.ts';

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** For specs only: this service over a database and a vhost of its own, with the units of `spec-edxml.ts` in it and a key for everything. */
export class SpecEdxmlApp {
  readonly apps: NestFastifyApplication[] = [];
  key = '';
  url = '';

  private constructor(
    readonly database: SpecDatabase,
    readonly vhost: SpecVhost,
  ) {}

  static async open(environment: Record<string, string> = {}, replicas = 1): Promise<SpecEdxmlApp> {
    const spec = new SpecEdxmlApp(await createDatabase('edocument-workflow'), await createVhost());
    Object.assign(process.env, environment, { DATABASE_URL: spec.database.url, AMQP_URL: spec.vhost.amqpUrl });
    for (let replica = 0; replica < replicas; replica += 1) {
      const app = await createApplication(AppModule, { service: 'edocument-workflow', configureFastify: configureFrontDoor() });
      app.connectMicroservice({ strategy: app.get<CustomTransportStrategy>(MESSAGE_TRANSPORT) });
      await app.startAllMicroservices();
      await app.listen(0, '127.0.0.1');
      spec.apps.push(app);
    }
    spec.url = await spec.app.getUrl();
    spec.key = await spec.addKey({});
    const register = spec.app.get(OrganisationRegister);
    await spec.sql.transaction((tx) => register.apply(tx, specOrganisationEvents()));
    await register.latest();
    return spec;
  }

  get app(): NestFastifyApplication {
    return this.apps[0]!;
  }

  get sql(): Database {
    return this.app.get(Database);
  }

  addKey(change: Partial<NewProducerKey>): Promise<string> {
    return addProducerKey(this.sql, { name: 'spec', sources: ['*'], units: ['*'], ...change });
  }

  async post(path: string, body: string | Uint8Array, contentType: string, key = this.key): Promise<Answer> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': contentType };
    const response = await fetch(`${this.url}${path}`, { method: 'POST', headers, body });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  postXml(xml: string | Uint8Array, query = '', key?: string): Promise<Answer> {
    return this.post(`/v1/edxml${query}`, xml, 'application/xml', key);
  }

  async get<T>(path: string): Promise<T> {
    return (await (await fetch(`${this.url}${path}`)).json()) as T;
  }

  /** Events that the front door took, in the order of their identities. */
  async accepted(): Promise<AnyEvent[]> {
    const rows = await this.sql.query<{ body: string }>('SELECT body FROM ingress.accepted_event ORDER BY id COLLATE "C"');
    return rows.map(({ body }) => JSON.parse(body) as AnyEvent);
  }

  /** Rows of every table that keeps what came in; not of those that count what was refused, or that a consumer fills from it later. */
  async rows(): Promise<Record<string, number>> {
    const tables = await this.sql.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
        WHERE schemaname IN ('ingress', 'organisation') AND tablename NOT IN ('tally', 'tally_refusal')
           OR schemaname = 'public' AND tablename LIKE 'edxml%' OR tablename IN ('retry', 'dead_letter') ORDER BY 1`,
    );
    const counts = await Promise.all(
      tables.map(
        async ({ name }) => [name, (await this.sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${name}`))[0]!.n] as const,
      ),
    );
    return Object.fromEntries(counts);
  }

  /** Names of the tables in which a text stands anywhere. */
  async tablesWith(text: string): Promise<string[]> {
    const tables = await this.sql.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const [row] = await this.sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${name} t WHERE t::text ILIKE $1`, [`%${text}%`]);
      if (row!.n > 0) found.push(name);
    }
    return found;
  }

  async close(): Promise<void> {
    for (const app of this.apps) await app.close();
    await this.vhost.drop();
    await this.database.drop();
  }
}
