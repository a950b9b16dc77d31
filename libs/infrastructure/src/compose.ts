import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CHECKOUT, InfrastructureError, type Progress } from './checkout.ts';
import { NotAvailable } from './choice.ts';
import { runCommand, type CommandResult } from './command.ts';

interface ComposeService {
  image?: string;
  environment?: Record<string, string> | string[];
}

/** The services of the project's docker-compose.yml that stand for infrastructure. */
export type ComposeName = 'postgres' | 'rabbitmq';

/** Says that compose was used from a directory, so that what it left can be stopped. */
const RECORD = 'compose';
const PASSWORD_FILE = 'compose-password';
const FILE = join(CHECKOUT, 'docker-compose.yml');
let probed: Promise<string[] | NotAvailable> | undefined;
let last: Promise<unknown> = Promise.resolve();

/** The compose command of an engine that really answers (a `docker` client alone is no sign of one). */
function composeCommand(): Promise<string[] | NotAvailable> {
  return (probed ??= (async () => {
    if (!existsSync(FILE)) return new NotAvailable('no docker-compose.yml');
    const info = await runCommand('docker', ['info', '--format', '{{.ServerVersion}}'], { timeoutMs: 5_000 });
    if (info.code !== 0) return new NotAvailable('no engine answers');
    for (const command of [['docker', 'compose'], ['docker-compose']]) {
      const version = await runCommand(command[0]!, [...command.slice(1), 'version'], { timeoutMs: 10_000 });
      if (version.code === 0) return command;
    }
    return new NotAvailable('an engine answers, but there is no docker compose');
  })());
}

export interface ComposeStarted {
  host: string;
  port(containerPort: number): Promise<number>;
  environment: Record<string, string>;
  exec(args: readonly string[]): Promise<CommandResult>;
  stop(): Promise<void>;
}

/** Starts one service of docker-compose.yml; the image must be present or come within three minutes. */
export async function startComposeService(
  name: ComposeName,
  directory: string,
  progress: Progress,
): Promise<ComposeStarted | NotAvailable> {
  const command = await composeCommand();
  if (command instanceof NotAvailable) return command;
  const env = composeEnvironment(directory);
  const service = await readService(command, name, directory, env);
  if (service instanceof NotAvailable) return service;
  if (service?.image === undefined) return new NotAvailable(`docker-compose.yml has no service ${name} with an image`);
  const present = await runCommand('docker', ['image', 'inspect', service.image], { timeoutMs: 10_000 });
  if (present.code !== 0) {
    progress(`${name}: pulling ${service.image}`);
    const pulled = await runCommand('docker', ['pull', '--quiet', service.image], { timeoutMs: 180_000 });
    if (pulled.code !== 0) return new NotAvailable(`${service.image} is not here and cannot be pulled`);
  }
  writeFileSync(join(directory, RECORD), projectOf(directory));
  const up = await compose(command, directory, env, ['up', '-d', '--no-deps', name], 120_000);
  if (up.code !== 0) throw new InfrastructureError(`docker compose up ${name}: ${up.output.trim()}`);
  return {
    host: '127.0.0.1',
    port: async (containerPort) => {
      const shown = await compose(command, directory, env, ['port', name, String(containerPort)], 10_000);
      const port = /:(\d+)\s*$/.exec(shown.output)?.[1];
      if (shown.code !== 0 || port === undefined)
        throw new InfrastructureError(`docker-compose.yml does not publish port ${containerPort} of ${name}`);
      return Number(port);
    },
    environment: environmentOf(service),
    exec: (args) => compose(command, directory, env, ['exec', '-T', name, ...args], 60_000),
    stop: async () => void (await compose(command, directory, env, ['rm', '-fs', name], 60_000)),
  };
}

/** Stops the containers that compose runs for a directory, whoever started them; their data stay. Does nothing where it was never used. */
export async function stopComposeServices(directory: string): Promise<void> {
  if (!existsSync(join(directory, RECORD))) return;
  const command = await composeCommand();
  // Without an engine no container of it runs either.
  if (command instanceof NotAvailable) return;
  await compose(command, directory, composeEnvironment(directory), ['down'], 60_000);
}

/** Removes what compose keeps for `npm start`; does nothing where it was never used from this directory. */
export async function removeComposeVolumes(directory: string): Promise<void> {
  if (!existsSync(join(directory, RECORD))) return;
  const command = await composeCommand();
  if (command instanceof NotAvailable)
    throw new InfrastructureError(
      `the data of the last start lie in Docker volumes (project ${projectOf(directory)}), but ${command.reason}`,
    );
  await compose(command, directory, composeEnvironment(directory), ['down', '--volumes'], 60_000);
  rmSync(join(directory, RECORD));
  rmSync(join(directory, PASSWORD_FILE), { force: true });
}

/** Containers, network and volumes of one directory carry its own name: two houses on one engine have nothing in common. */
function projectOf(directory: string): string {
  return `par-start-${createHash('sha256').update(directory).digest('hex').slice(0, 8)}`;
}

/**
 * Names and passwords that docker-compose.yml asks for: those of this directory's own servers, whatever a .env says of another deployment.
 * The password is made once and kept as long as the volumes.
 */
function composeEnvironment(directory: string): NodeJS.ProcessEnv {
  const file = join(directory, PASSWORD_FILE);
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  const password = readFileSync(file, 'utf8');
  const anyPort = { PORT_POSTGRES: '0', PORT_RABBITMQ: '0', PORT_RABBITMQ_MANAGEMENT: '0' };
  return { ...process.env, ...anyPort, POSTGRES_PASSWORD: password, RABBITMQ_PASSWORD: password };
}

/** One command after the other: two `up` at the same time each make the project's network. */
function compose(
  command: readonly string[],
  directory: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  timeoutMs: number,
): Promise<CommandResult> {
  const words = [...command.slice(1), '-p', projectOf(directory), '-f', FILE, ...args];
  const run = () => runCommand(command[0]!, words, { cwd: CHECKOUT, env, timeoutMs });
  const result = last.then(run);
  last = result;
  return result;
}

async function readService(
  command: readonly string[],
  name: ComposeName,
  directory: string,
  env: NodeJS.ProcessEnv,
): Promise<ComposeService | NotAvailable | undefined> {
  const config = await compose(command, directory, env, ['config'], 20_000);
  if (config.code !== 0) return new NotAvailable(`docker-compose.yml cannot be read: ${config.output.trim().split('\n').at(-1) ?? ''}`);
  return (parse(config.output) as { services?: Record<string, ComposeService> }).services?.[name];
}

/** Compose prints `environment` as a map or as a list of `NAME=value`. */
export function environmentOf({ environment = {} }: ComposeService): Record<string, string> {
  if (!Array.isArray(environment)) return environment;
  return Object.fromEntries(environment.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
}
