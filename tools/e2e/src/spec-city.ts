import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { hueOrganisation, type ProducerEvent } from '@par/administration';
import { type Door, SERVICES, type ServiceName } from '@par/contracts';
import { CHECKOUT } from '@par/infrastructure';
import { addProducerKey } from '@par/ingress';
import { createDatabase, createVhost, eventually, type SpecDatabase, type SpecVhost } from '@par/testing';
import pg from 'pg';
import { ServiceProcess } from './service-process.ts';

export interface PostedResult {
  result: 'accepted' | 'duplicate' | 'conflict' | 'refused';
  code?: string;
  field?: string;
}

export interface CommandOutcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The whole house for one spec: four databases, a broker, every service as a process, several of the ones that must survive each other. */
export class SpecCity {
  readonly #databases = new Map<ServiceName, SpecDatabase>();
  readonly #processes = new Map<ServiceName, ServiceProcess[]>();
  readonly #pools = new Map<ServiceName, pg.Pool>();
  #vhost!: SpecVhost;
  key = '';

  /** Starts `replicas` processes of each service (one where not said) and loads Huế's organisation through the front door. */
  static async start(
    replicas: Partial<Record<ServiceName, number>> = {},
    broker?: { amqpUrl: string; managementUrl: string },
  ): Promise<SpecCity> {
    const city = new SpecCity();
    try {
      city.#vhost = broker ? await createVhost(broker) : await createVhost();
      for (const service of SERVICES) city.#databases.set(service, await createDatabase(service));
      for (const door of ['dossier-intake', 'edocument-workflow'] as const) {
        const key = await addProducerKey(
          { query: (text: string, values?: unknown[]) => city.sql(door, text, values) },
          { name: 'spec', sources: ['*'], units: ['*'], declares: true, ...(city.key === '' ? {} : { key: city.key }) },
        );
        city.key ||= key;
      }
      const wanted = SERVICES.flatMap((service) => Array.from({ length: replicas[service] ?? 1 }, () => service));
      // Two at a time: a start is all processor, and there may be two cores only.
      for (let from = 0; from < wanted.length; from += 2)
        await Promise.all(wanted.slice(from, from + 2).map((service) => city.add(service)));
      await city.open(hueOrganisation());
      return city;
    } catch (error) {
      await city.stop();
      throw error;
    }
  }

  get amqpUrl(): string {
    return this.#vhost.amqpUrl;
  }

  /** Starts one more process of a service. */
  async add(service: ServiceName): Promise<ServiceProcess> {
    const started = await ServiceProcess.start(service, {
      DATABASE_URL: this.#databases.get(service)!.url,
      AMQP_URL: this.amqpUrl,
      TSLCD_RANGES: '127.0.0.1/32',
      PAR_PROCESS_NAME: service,
    });
    this.#processes.set(service, [...(this.#processes.get(service) ?? []), started]);
    return started;
  }

  /** The processes of a service that are running. */
  running(service: ServiceName): ServiceProcess[] {
    return (this.#processes.get(service) ?? []).filter((each) => each.isRunning);
  }

  async sql<R extends pg.QueryResultRow>(service: ServiceName, text: string, values: unknown[] = []): Promise<R[]> {
    let pool = this.#pools.get(service);
    if (!pool) this.#pools.set(service, (pool = new pg.Pool({ connectionString: this.#databases.get(service)!.url, max: 4 })));
    return (await pool.query<R>(text, values)).rows;
  }

  /** Posts events to a front door, as a one-stop system does; answers a result per event. @throws where the call as a whole is refused. */
  async post(door: Door, events: readonly ProducerEvent[], replica = 0): Promise<PostedResult[]> {
    const processes = this.running(door);
    const answer = await fetch(`${processes[replica % processes.length]!.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json', authorization: `Bearer ${this.key}` },
      body: JSON.stringify(events),
    });
    const body = (await answer.json()) as { results?: PostedResult[] };
    if (!body.results) throw new Error(`${door} answered ${answer.status}: ${JSON.stringify(body)}`);
    return body.results;
  }

  /** Posts for ever the same events until each is accepted or known: what a sender has to do, and may do. */
  async postSurely(door: Door, events: readonly ProducerEvent[]): Promise<PostedResult[]> {
    let replica = 0;
    return eventually(
      async () => {
        const results = await this.post(door, events, replica++);
        return results.every(({ result }) => result === 'accepted' || result === 'duplicate') && results;
      },
      { timeoutMs: 60_000, everyMs: 100 },
    );
  }

  /** Posts unit events and waits until every service knows the units. */
  async open(events: readonly ProducerEvent[]): Promise<void> {
    for (let from = 0; from < events.length; from += 500) await this.postSurely('dossier-intake', events.slice(from, from + 500));
    const ids = new Set(events.filter(({ type }) => type === 'vn.par.unit.opened.v1').map(({ subject }) => subject));
    await eventually(
      async () => {
        for (const service of SERVICES) {
          for (const { url } of this.running(service)) {
            const { units } = (await (await fetch(`${url}/v1/units`)).json()) as { units: { id: string }[] };
            const known = new Set(units.map(({ id }) => id));
            if ([...ids].some((id) => !known.has(id))) return false;
          }
        }
        return true;
      },
      { timeoutMs: 30_000, everyMs: 200 },
    );
  }

  async get<T>(service: ServiceName, path: string): Promise<T> {
    const answer = await fetch(`${this.running(service)[0]!.url}${path}`);
    if (!answer.ok) throw new Error(`${service} ${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Runs a `par` command against this city. */
  par(args: readonly string[]): Promise<CommandOutcome> {
    const child = spawn(process.execPath, [join(CHECKOUT, 'tools/cli/par.mjs'), ...args], {
      cwd: CHECKOUT,
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const outcome: CommandOutcome = { code: null, stdout: '', stderr: '' };
    // A letter of several bytes may come in two pieces.
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (outcome.stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (outcome.stderr += chunk));
    return new Promise((done) => {
      child.once('close', (code) => done({ ...outcome, code }));
    });
  }

  /** Options that name this city's services to a `par` command. */
  addresses(...services: ServiceName[]): string[] {
    const option: Record<ServiceName, string> = {
      'dossier-intake': '--intake',
      'edocument-workflow': '--workflow',
      'index-scoring': '--scoring',
      reporting: '--reporting',
    };
    return services.flatMap((service) => [option[service], this.running(service)[0]!.url]);
  }

  /** `par audit` of the whole city. */
  audit(waitSeconds = 60): Promise<CommandOutcome> {
    return this.par(['audit', '--lang', 'en', '--wait', String(waitSeconds), ...this.addresses(...SERVICES)]);
  }

  async stop(): Promise<void> {
    const processes = [...this.#processes.values()].flat().filter((each) => each.isRunning);
    await Promise.all(processes.map((each) => each.terminate()));
    for (const pool of this.#pools.values()) await pool.end();
    for (const database of this.#databases.values()) await database.drop();
    await this.#vhost?.drop();
  }
}
