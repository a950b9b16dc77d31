import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hueOrganisation } from '@par/administration';
import { SERVICES, type ServiceName } from '@par/contracts';
import {
  CHECKOUT,
  databaseNameOf,
  InfrastructureError,
  isPortFree,
  LockHeldError,
  makeStateDirectory,
  migrateServices,
  onEndOfNpm,
  removeInstances,
  startInfrastructure,
  stopLeftovers,
  takeOwnerLock,
  waitUntil,
  withDatabase,
  type Infrastructure,
} from '@par/infrastructure';
import { addProducerKey } from '@par/ingress';
import pg from 'pg';
import { FrontDoorClient } from './front-door.ts';
import { madeUpDay } from './made-up-day.ts';
import { endLeftServices, ServiceProcesses } from './service-processes.ts';
import { DIRECTORY, HOST, portVariable, readSettings, RUN_FILE, StartError, type Settings } from './settings.ts';
import { Terminal } from './terminal.ts';

type Addresses = Record<ServiceName, string>;

const DAY_PLAYED = join(DIRECTORY, 'day-played');
const KEY_FILE = join(DIRECTORY, 'producer-key');

/** The whole of `npm start`: returns when everything is up; signals stop it. Ends the process with 1 where it cannot start. */
export async function start(args: readonly string[]): Promise<void> {
  const terminal = new Terminal();
  let release = (): void => undefined;
  let house: House | undefined;
  let stopping: Promise<void> | undefined;
  const stop = (code: number): Promise<void> =>
    (stopping ??= (async () => {
      await house?.stop();
      release();
      terminal.print(code === 0 ? 'Everything is stopped; the data are kept. Đã dừng.' : '');
      process.exit(code);
    })());
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => void stop(0));
  onEndOfNpm(() => void stop(0));
  try {
    const settings = readSettings(args, process.env);
    makeStateDirectory(DIRECTORY);
    release = takeOwnerLock(DIRECTORY);
    house = new House(settings, terminal);
    await house.start();
  } catch (error) {
    // A stop during the start makes it fail; that failure says nothing.
    if (stopping) return stopping;
    terminal.print(`\nPAR Ledger could not start. Không khởi động được.\n${explain(error)}`);
    await stop(1);
  }
}

function explain(error: unknown): string {
  if (error instanceof LockHeldError)
    return `npm start is already running here (process ${error.pid}). Stop it with Ctrl-C, or: kill ${error.pid}`;
  if (error instanceof StartError || error instanceof InfrastructureError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

class House {
  private readonly startedAt = new Date();
  private infrastructure: Infrastructure | undefined;
  private services: ServiceProcesses | undefined;
  private readonly settings: Settings;
  private readonly terminal: Terminal;
  private readonly urls: Addresses;

  constructor(settings: Settings, terminal: Terminal) {
    this.settings = settings;
    this.terminal = terminal;
    this.urls = Object.fromEntries(SERVICES.map((service) => [service, `http://${HOST}:${settings.ports[service]}`])) as Addresses;
  }

  async start(): Promise<void> {
    const step = (line: string): void => this.terminal.step(line);
    await endLeftServices();
    rmSync(RUN_FILE, { force: true });
    await this.checkPorts();
    if (this.settings.fresh) await this.forget();
    const { generate } = (await import(pathToFileURL(join(CHECKOUT, 'tools/generate.mjs')).href)) as { generate: () => Promise<void> };
    await generate();

    let databases: Addresses | undefined;
    this.infrastructure = await startInfrastructure({
      purpose: 'start',
      directory: DIRECTORY,
      progress: step,
      onPostgres: async (url) => {
        databases = Object.fromEntries(SERVICES.map((service) => [service, withDatabase(url, databaseNameOf(service))])) as Addresses;
        await migrateServices(SERVICES, (service) => databases![service as ServiceName], step);
      },
    });
    const { postgres, rabbitmq } = this.infrastructure;
    databases ??= Object.fromEntries(
      SERVICES.map((service) => [service, withDatabase(postgres.url, databaseNameOf(service))]),
    ) as Addresses;

    step('starting the four services');
    const producerKey = operatorKey();
    this.services = new ServiceProcesses(this.plans(databases, rabbitmq.amqpUrl, producerKey), (line) => this.terminal.print(line));
    await this.services.start();
    // The topology is declared now; on RabbitMQ 3.10 it would else be lost in a power cut within its first three minutes. A broker that
    // cannot be told so still works, so this is no reason not to start.
    await rabbitmq.syncBroker().catch((error: Error) => {
      this.terminal.print(`RabbitMQ could not be asked to write its tables to disk now (${error.message.split('\n')[0]}).`);
      this.terminal.print(
        'A power cut within the next three minutes could lose queues of RabbitMQ 3.10; it writes them by itself after that.',
      );
    });
    await addOperatorKey(databases, producerKey);
    writeRunFile({ startedAt: this.startedAt.toISOString(), urls: this.urls, databases, amqpUrl: rabbitmq.amqpUrl, producerKey });
    if (!this.settings.empty) await this.fill(new FrontDoorClient(this.urls, producerKey));
    this.welcome();
  }

  /** Stops services, then servers. Can be called at any moment of the start. */
  async stop(): Promise<void> {
    this.terminal.step('stopping the services');
    await this.services?.stop();
    await endLeftServices();
    this.terminal.step('stopping PostgreSQL and RabbitMQ');
    await this.infrastructure?.stop();
    // Also what was on its way up when the stop came.
    await stopLeftovers(DIRECTORY);
    rmSync(RUN_FILE, { force: true });
  }

  private async checkPorts(): Promise<void> {
    for (const service of SERVICES) {
      const port = this.settings.ports[service];
      if (await isPortFree(port, HOST)) continue;
      throw new StartError(
        `Port ${port}, which ${service} needs, is in use by another program. Stop that program, or choose another port: ${portVariable(service)}=${port + 1000} npm start`,
      );
    }
  }

  private async forget(): Promise<void> {
    this.terminal.step('removing the data of earlier starts');
    await removeInstances(DIRECTORY);
    for (const file of [DAY_PLAYED, KEY_FILE, join(DIRECTORY, 'log')]) rmSync(file, { recursive: true, force: true });
  }

  private plans(databases: Addresses, amqpUrl: string, key: string) {
    // Without a gateway of the axis, messages between the units of this city come back to our own door; the key is shown there and nowhere else.
    const edxml: Record<string, string> = process.env.EDXML_DESTINATIONS
      ? {}
      : { EDXML_DESTINATIONS: `*=${this.urls['edocument-workflow']}/v1/edxml?unit={organ}`, EDXML_TOKEN: key };
    return SERVICES.map((service) => ({
      service,
      url: this.urls[service],
      env: {
        DATABASE_URL: databases[service],
        AMQP_URL: amqpUrl,
        HOST,
        PORT: String(this.settings.ports[service]),
        LOG_LEVEL: this.settings.logLevel,
        TSLCD_RANGES: this.settings.tslcdRanges,
        SCORING_URL: this.urls['index-scoring'],
        ...(service === 'edocument-workflow' ? edxml : {}),
      },
    }));
  }

  /** Loads Huế's organisation and plays the made-up day, once per data directory. Posting twice would only give duplicates. */
  private async fill(door: FrontDoorClient): Promise<void> {
    if (existsSync(DAY_PLAYED)) return;
    this.terminal.step('loading the organisation of Huế city');
    const organisation = hueOrganisation();
    await door.post(organisation);
    const units = organisation.filter(({ type }) => type === 'vn.par.unit.opened.v1').length;
    await Promise.all(SERVICES.map((service) => this.waitForUnits(service, units)));

    this.terminal.step('playing a made-up day: 5 July 2021');
    const day = madeUpDay();
    await door.post([...day.records, ...day.tslcd]);
    await door.post(day.internet, '127.0.0.2').catch((error: NodeJS.ErrnoException) => {
      // Only Linux answers on all of 127.0.0.0/8; elsewhere the few Internet dossiers come over the same line as the rest.
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EINVAL') return door.post(day.internet);
      throw error;
    });
    await this.waitForFigures(day.finished);
    writeFileSync(DAY_PLAYED, '');
  }

  private async waitForUnits(service: ServiceName, count: number): Promise<void> {
    let known = 0;
    const read = async (): Promise<boolean> => {
      const response = await fetch(`${this.urls[service]}/v1/units`, { signal: AbortSignal.timeout(5_000) });
      if (response.ok) known = ((await response.json()) as { units: unknown[] }).units.length;
      return known >= count;
    };
    if (!(await waitUntil(read, 60_000, 200)))
      throw new StartError(`${service} knows ${known} of ${count} units after 60 s; see ${join(DIRECTORY, 'log')}`);
  }

  private async waitForFigures(finished: number): Promise<void> {
    const query = new URLSearchParams({ indicator: 'G1-ONTIME', unit: 'hue', period: '2021' });
    const read = async (): Promise<boolean> => {
      const response = await fetch(`${this.urls['index-scoring']}/v1/figures?${query.toString()}`, { signal: AbortSignal.timeout(5_000) });
      if (!response.ok) return false;
      const figures = (await response.json()) as { denominator: number }[];
      return figures.some(({ denominator }) => denominator >= finished);
    };
    if (!(await waitUntil(read, 60_000, 200)))
      throw new StartError(`the made-up day is not counted after 60 s; see ${join(DIRECTORY, 'log')}`);
  }

  private welcome(): void {
    const seconds = ((Date.now() - this.startedAt.getTime()) / 1000).toFixed(1);
    this.terminal.print(
      [
        '',
        `PAR Ledger is running (up in ${seconds} s). PAR Ledger đang chạy.`,
        `  Figures, live       ${this.urls.reporting}`,
        `  Dossier intake      ${this.urls['dossier-intake']}/v1/events`,
        `  E-document workflow ${this.urls['edocument-workflow']}/v1/events`,
        `  Index scoring       ${this.urls['index-scoring']}/v1/figures`,
        `  Producer key        in .par/run.json, which the par command reads by itself`,
        `  Logs                .par/start/log`,
        'Ctrl-C stops everything and keeps the data; npm start -- --fresh begins anew.',
      ].join('\n'),
    );
  }
}

/** The operator's key, made once per data directory. */
function operatorKey(): string {
  if (existsSync(KEY_FILE)) return readFileSync(KEY_FILE, 'utf8');
  const key = `par_${randomBytes(32).toString('base64url')}`;
  writeFileSync(KEY_FILE, key, { mode: 0o600 });
  return key;
}

/** Lets the operator in at both doors. */
async function addOperatorKey(databases: Addresses, key: string): Promise<void> {
  for (const door of ['dossier-intake', 'edocument-workflow'] as const) {
    const client = new pg.Client({ connectionString: databases[door] });
    await client.connect();
    try {
      await addProducerKey(client, { name: 'operator of this machine (npm start)', sources: ['*'], units: ['*'], declares: true, key });
    } finally {
      await client.end();
    }
  }
}

function writeRunFile(content: object): void {
  // Written beside and renamed: a command that reads it never sees half of it.
  const scratch = `${RUN_FILE}.${process.pid}`;
  writeFileSync(scratch, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(scratch, RUN_FILE);
}
