import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { delimiter, join } from 'node:path';
import { connect } from 'amqplib';
import { InfrastructureError } from './checkout.ts';
import { runCommand, waitUntil, type CommandResult } from './command.ts';
import { choosePortBlock } from './free-ports.ts';
import { type RabbitmqFiles } from './rabbitmq-files.ts';
import { commandLineOf, endProcesses, isAlive, processesWithEnvironment, signal } from './running-processes.ts';
import { makePrivateDirectory } from './server-user.ts';

/** A RabbitMQ of our own. It goes on when the process that started it is killed; the next start or {@link stopPrivateBroker} finds it. */
export interface PrivateBroker {
  amqpUrl: string;
  /** Base of the management HTTP API, with user and password. */
  managementUrl: string;
  /** See {@link syncPrivateBroker}. */
  syncBroker(): Promise<void>;
  /** For failure tests: the broker process dies at once, as by a power cut. */
  kill9(): Promise<void>;
  /** Starts the broker again on the same ports and data, stopping it cleanly first where it runs. */
  restart(): Promise<void>;
  /** Stops broker and port mapper cleanly; does nothing where they are stopped already. */
  stop(): Promise<void>;
}

export interface PrivateBrokerOptions {
  /** Directory of this instance, such as `.par/start/rabbitmq`. */
  directory: string;
  files: RabbitmqFiles;
  /** Set for a node of a cluster, see `startPrivateCluster`. */
  member?: ClusterMember;
}

/** A node's place in a cluster. All of them share the Erlang cookie in `home/.erlang.cookie` and the password of the first. */
export interface ClusterMember {
  /** Such as `n1`. */
  name: string;
  /** Every node of the cluster, itself among them. */
  all: readonly string[];
  /** Port of the epmd that they share; it is not this node's to start or stop. */
  mapperPort: number;
}

interface Instance {
  directory: string;
  files: RabbitmqFiles;
  member?: ClusterMember;
  /** AMQP listens here; +1 management, +4 Erlang distribution, +5 epmd, +10 … +19 the command-line tools. */
  first: number;
}

/** Every process of an instance carries its directory in this variable; that is how a leftover is told from another's broker. */
export const BROKER_MARK = 'PAR_BROKER';
const PORTS = 20;

/** Erlang expression that writes every open table of the broker to disk. */
export const SYNC_TABLES = '[begin dets:sync(T), T end || T <- dets:all()].';

/**
 * Starts a RabbitMQ of our own in `directory` on free ports of the loopback interface, after stopping what a killed launcher left there.
 * @throws InfrastructureError with the end of its log where it does not come up.
 */
export async function startPrivateBroker({ directory, files, member }: PrivateBrokerOptions): Promise<PrivateBroker> {
  makePrivateDirectory(directory);
  for (const name of ['home', 'mnesia', 'log']) makePrivateDirectory(join(directory, name));
  await stopPrivateBroker(directory);
  const refused = new Set<number>();
  for (let attempt = 1; ; attempt++) {
    const first = await choosePortBlock(directory, PORTS, refused);
    const instance: Instance = { directory, files, first, ...(member && { member }) };
    writeFileSync(join(directory, 'instance.json'), JSON.stringify(instance), { mode: 0o600 });
    const failure = await launch(instance);
    if (failure === undefined) return brokerOf(instance);
    await stopPrivateBroker(directory);
    if (!/eaddrinuse|address already in use/i.test(failure) || attempt === 3) {
      throw new InfrastructureError(`RabbitMQ ${files.version} did not start:\n${failure}`);
    }
    refused.add(first);
  }
}

/** Stops the broker and the port mapper of this directory, whoever started them; does nothing where none runs. */
export async function stopPrivateBroker(directory: string): Promise<void> {
  const ofKind = (kind: RegExp): number[] =>
    processesWithEnvironment(BROKER_MARK, directory).filter((pid) => kind.test(commandLineOf(pid) ?? ''));
  // Erlang takes SIGTERM as a clean stop; the shell around it ends with it.
  await endProcesses(ofKind(/beam(\.smp)?\b/), 'SIGTERM', 25_000);
  await waitUntil(() => ofKind(/^(?!.*epmd)/).length === 0, 5_000);
  await endProcesses(processesWithEnvironment(BROKER_MARK, directory), 'SIGTERM', 3_000);
}

/**
 * Writes the broker's open tables to disk. RabbitMQ 3.10 saves the names of quorum queues and streams only every three minutes, so one that is
 * declared less than that before a kill -9 is lost with its messages; to be called once after the topology is declared.
 */
export async function syncPrivateBroker(directory: string): Promise<void> {
  const result = await runRabbitmqctl(directory, ['eval', SYNC_TABLES]);
  if (result.code !== 0) throw new InfrastructureError(`rabbitmqctl could not sync the broker in ${directory}:\n${result.output}`);
}

/** Runs `rabbitmqctl` against the private broker of a directory, from any process. */
export function runRabbitmqctl(directory: string, args: readonly string[]): Promise<CommandResult> {
  const instance = JSON.parse(readFileSync(join(directory, 'instance.json'), 'utf8')) as Instance;
  const env = environmentOf(instance);
  delete env[BROKER_MARK];
  return runCommand(join(instance.files.sbin, 'rabbitmqctl'), args, { env, cwd: '/', timeoutMs: 60_000 });
}

function brokerOf(instance: Instance): PrivateBroker {
  const { directory, first } = instance;
  const user = `par:${secretOf(directory)}`;
  return {
    amqpUrl: amqpUrlOf(instance),
    managementUrl: `http://${user}@127.0.0.1:${first + 1}`,
    syncBroker: () => syncPrivateBroker(directory),
    kill9: async () => {
      const beam = processesWithEnvironment(BROKER_MARK, directory).filter((pid) => /beam(\.smp)?\b/.test(commandLineOf(pid) ?? ''));
      for (const pid of beam) signal(pid, 'SIGKILL');
      await waitUntil(() => !beam.some(isAlive), 10_000);
    },
    restart: async () => {
      await stopPrivateBroker(directory);
      const failure = await launch(instance);
      if (failure !== undefined) throw new InfrastructureError(`RabbitMQ did not start again:\n${failure}`);
    },
    stop: () => stopPrivateBroker(directory),
  };
}

/** Undefined when the broker takes connections, else what it said. */
async function launch(instance: Instance): Promise<string | undefined> {
  const { directory, files, first } = instance;
  writeSettings(instance);
  const env = environmentOf(instance);
  await startPortMapper(files, mapperPortOf(instance), env);
  const log = join(directory, 'log/startup.log');
  const out = openSync(log, 'w', 0o600);
  const child = spawn(join(files.sbin, 'rabbitmq-server'), [], { cwd: '/', env, detached: true, stdio: ['ignore', out, out] });
  closeSync(out);
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  child.once(
    'exit',
    (code) => (failure ??= `it ended with code ${code}\n${lastLines(log)}\n${lastLines(join(directory, 'log/rabbit.log'))}`),
  );
  child.unref();
  const up = await waitUntil(
    async () => failure !== undefined || ((await takesConnections(first)) && (await greets(instance))),
    90_000,
    100,
  );
  return up ? failure : `no answer within 90 s; its logs are in ${join(directory, 'log')}`;
}

function writeSettings({ directory, first, member }: Instance): void {
  const settings = {
    'listeners.tcp.1': `127.0.0.1:${first}`,
    'management.tcp.ip': '127.0.0.1',
    'management.tcp.port': String(first + 1),
    default_user: 'par',
    default_pass: secretOf(directory),
    ...(member && {
      'cluster_formation.peer_discovery_backend': 'classic_config',
      cluster_partition_handling: 'pause_minority',
      ...Object.fromEntries(member.all.map((name, n) => [`cluster_formation.classic_config.nodes.${n + 1}`, `${name}@localhost`])),
    }),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(join(directory, 'rabbitmq.conf'), lines.join(''), { mode: 0o600 });
  writeFileSync(join(directory, 'enabled_plugins'), '[rabbitmq_management].\n');
  // Erlang refuses a cookie that others can read, and makes a guessable one where there is none.
  const cookie = join(directory, 'home/.erlang.cookie');
  if (!existsSync(cookie)) writeFileSync(cookie, randomBytes(24).toString('hex'), { mode: 0o400 });
}

function mapperPortOf({ first, member }: Instance): number {
  return member?.mapperPort ?? first + 5;
}

function environmentOf(instance: Instance): NodeJS.ProcessEnv {
  const { directory, files, first, member } = instance;
  return {
    PATH: [files.erlang, process.env.PATH].filter((each) => each !== undefined).join(delimiter),
    LC_ALL: 'C.UTF-8',
    HOME: join(directory, 'home'),
    [BROKER_MARK]: directory,
    ...(files.libraries !== undefined && { LD_LIBRARY_PATH: files.libraries }),
    RABBITMQ_NODENAME: `${member?.name ?? 'par'}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(first),
    RABBITMQ_DIST_PORT: String(first + 4),
    ERL_EPMD_PORT: String(mapperPortOf(instance)),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_CTL_DIST_PORT_MIN: String(first + 10),
    RABBITMQ_CTL_DIST_PORT_MAX: String(first + 19),
    RABBITMQ_BASE: directory,
    RABBITMQ_MNESIA_BASE: join(directory, 'mnesia'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_LOGS: join(directory, 'log/rabbit.log'),
    RABBITMQ_PID_FILE: join(directory, 'pid'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    // +sbwt: Erlang would wait for work with a busy loop, on processors that the services could use.
    // +Q: where a container allows a thousand million open files, Erlang would else set aside gigabytes for them.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} +Q 65536 +sbwt none +sbwtdcpu none +sbwtdio none',
  };
}

/** Starts epmd ourselves: RabbitMQ's own way of starting it does not work from an unpacked tree, and ours can be stopped again. */
export async function startPortMapper(files: RabbitmqFiles, port: number, env: NodeJS.ProcessEnv): Promise<void> {
  if (await takesConnections(port)) return;
  const epmd = files.erlang === undefined ? 'epmd' : join(files.erlang, 'epmd');
  const child = spawn(epmd, ['-address', '127.0.0.1', '-port', String(port)], { cwd: '/', env, detached: true, stdio: 'ignore' });
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  child.once('exit', (code) => (failure ??= `it ended with code ${code}`));
  child.unref();
  const up = await waitUntil(async () => failure !== undefined || (await takesConnections(port)), 10_000);
  if (failure !== undefined || !up)
    throw new InfrastructureError(`Erlang's port mapper epmd did not start on port ${port}: ${failure ?? 'no answer'}`);
}

function amqpUrlOf({ directory, first }: Instance): string {
  return `amqp://par:${secretOf(directory)}@127.0.0.1:${first}`;
}

function secretOf(directory: string): string {
  const file = join(directory, 'password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = createConnection({ port, host: '127.0.0.1', timeout: 1_000 });
    const say = (yes: boolean) => () => {
      socket.destroy();
      answer(yes);
    };
    socket.once('connect', say(true)).once('error', say(false)).once('timeout', say(false));
  });
}

async function greets(instance: Instance): Promise<boolean> {
  try {
    const connection = await connect(amqpUrlOf(instance), { timeout: 3_000 });
    await connection.close();
    return true;
  } catch {
    // The listener is open before the broker has made its user; we ask again.
    return false;
  }
}

function lastLines(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-12).join('\n') : '';
}
