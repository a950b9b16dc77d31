import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { SERVICES, type Door, type ProducerEvent, type ServiceName } from '@par/contracts';
import { addProducerKey } from '@par/ingress';
import { withDatabase } from '@par/infrastructure';
import pg from 'pg';
import { type ServiceUrls } from '@par/cli';
import { Link } from './link.ts';
import { Replica, RUN_MARK } from './replica.ts';
import { type Servers } from './servers.ts';

export const DOORS = ['dossier-intake', 'edocument-workflow'] as const satisfies readonly Door[];

export interface CityOptions {
  /** Letters only; part of the names of its databases. */
  name: string;
  servers: Servers;
  replicas: number;
  /** Where logs go; also marks its processes. */
  directory: string;
  /** Path of a URL of the broker: a virtual host of its own. */
  vhost?: string;
}

/** Four services as processes over databases of their own, every connection through a proxy of ours. */
export class City {
  readonly #replicas: Replica[] = [];
  readonly #pools = new Map<ServiceName, pg.Pool>();
  key = '';

  private constructor(private readonly options: CityOptions) {}

  /** Starts all and lets a producer in. The databases are copies of the templates that `makeTemplates` made. */
  static async start(options: CityOptions): Promise<City> {
    const city = new City(options);
    try {
      mkdirSync(options.directory, { recursive: true });
      for (const door of DOORS) {
        const runner = { query: (text: string, values: unknown[]) => city.sql(door, text, values) };
        const producer = { name: 'chaos', sources: ['*'], units: ['*'], declares: true };
        city.key = await addProducerKey(runner, { ...producer, ...(city.key !== '' && { key: city.key }) });
      }
      for (const service of SERVICES)
        for (let number = 0; number < options.replicas; number++) city.#replicas.push(await city.#replica(service, number));
      // Two at a time: a start is all processor, and there may be two cores only.
      for (let from = 0; from < city.#replicas.length; from += 2)
        await Promise.all(city.#replicas.slice(from, from + 2).map((each) => each.start()));
      await city.becomeReady();
      return city;
    } catch (error) {
      await city.stop();
      throw error;
    }
  }

  get replicas(): readonly Replica[] {
    return this.#replicas;
  }

  replica(service: ServiceName, number: number): Replica {
    return this.#replicas.find((each) => each.service === service && each.number === number)!;
  }

  of(service: ServiceName): Replica[] {
    return this.#replicas.filter((each) => each.service === service);
  }

  /** The first replica of each service. */
  get urls(): Required<ServiceUrls> {
    return Object.fromEntries(SERVICES.map((service) => [service, this.replica(service, 0).url])) as Required<ServiceUrls>;
  }

  /** Past the proxies. @throws where the database is down, or does not answer within seconds */
  async sql<R extends pg.QueryResultRow>(service: ServiceName, text: string, values: unknown[] = []): Promise<R[]> {
    let pool = this.#pools.get(service);
    if (!pool) {
      pool = new pg.Pool({
        connectionString: withDatabase(this.options.servers.postgresUrl, databaseOf(this.options.name, service)),
        max: 2,
        connectionTimeoutMillis: 2_000,
        query_timeout: 5_000,
        application_name: 'chaos',
      });
      // The database is going to be killed under it; the next query says so.
      pool.on('error', () => undefined);
      this.#pools.set(service, pool);
    }
    return (await pool.query<R>(text, values)).rows;
  }

  /** Waits until every process says that it is ready. */
  async becomeReady(limitMs = 90_000): Promise<void> {
    const giveUpAt = Date.now() + limitMs;
    for (const { url, name } of this.#replicas) {
      for (;;) {
        const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
        if (answer?.ok) break;
        if (Date.now() > giveUpAt) throw new Error(`${name} is not ready: ${(await answer?.text()) ?? 'no answer'}`);
        await pause(150);
      }
    }
  }

  /** Posts the events that open units and waits until every process knows them. */
  async open(events: readonly ProducerEvent[]): Promise<void> {
    for (let from = 0; from < events.length; from += 500) {
      const answer = await fetch(`${this.urls['dossier-intake']}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/cloudevents-batch+json', authorization: `Bearer ${this.key}` },
        body: JSON.stringify(events.slice(from, from + 500)),
      });
      if (!answer.ok) throw new Error(`the units were not taken: ${answer.status} ${await answer.text()}`);
    }
    const wanted = new Set(events.filter(({ type }) => type === 'vn.par.unit.opened.v1').map(({ subject }) => subject));
    const ended = new Set(events.filter(({ type }) => /unit\.(merged|split|closed)/.test(type)).map(({ subject }) => subject));
    for (const { url } of this.#replicas) {
      for (;;) {
        const { units } = (await (await fetch(`${url}/v1/units`)).json()) as { units: { id: string; validTo: string | null }[] };
        const known = new Set(units.map(({ id }) => id));
        const over = new Set(units.filter(({ validTo }) => validTo !== null).map(({ id }) => id));
        if ([...wanted].every((id) => known.has(id)) && [...ended].every((id) => over.has(id))) break;
        await pause(200);
      }
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#replicas.map((each) => each.stop()));
    for (const pool of this.#pools.values()) await pool.end();
    this.#pools.clear();
    for (const { links } of this.#replicas) for (const link of Object.values(links)) await link.close();
  }

  async #replica(service: ServiceName, number: number): Promise<Replica> {
    const { servers, name, vhost = '', directory } = this.options;
    const [door, broker, database] = [
      await Link.listen(),
      await Link.listen(...servers.brokerAddresses(number)),
      await Link.listen(servers.postgresAddress),
    ];
    return new Replica({
      service,
      number,
      links: { door, broker, database },
      directory,
      env: {
        DATABASE_URL: through(database, withDatabase(servers.postgresUrl, databaseOf(name, service))),
        AMQP_URL: `${through(broker, servers.amqpUrl)}${vhost === '' ? '' : `/${vhost}`}`,
        TSLCD_RANGES: '127.0.0.1/32',
        // Figures are compared right after the faults, which make every answer slow and would have it kept.
        KEEP_ANSWERS_FROM_MS: '60000',
        [RUN_MARK]: directory,
      },
    });
  }
}

export function databaseOf(city: string, service: string): string {
  return `${city}_${service.replaceAll('-', '_')}`;
}

function through(link: Link, url: string): string {
  return url.replace(/@[^/]+/, `@127.0.0.1:${link.port}`);
}
