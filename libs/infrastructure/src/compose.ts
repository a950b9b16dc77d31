import { existsSync, rmSync, writeFileSync } from 'node:fs';
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

const PROJECT = 'par-start';
const FILE = join(CHECKOUT, 'docker-compose.yml');
let probed: Promise<string[] | NotAvailable> | undefined;

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
  const service = await readService(command, name);
  if (service?.image === undefined) return new NotAvailable(`docker-compose.yml has no service ${name} with an image`);
  const present = await runCommand('docker', ['image', 'inspect', service.image], { timeoutMs: 10_000 });
  if (present.code !== 0) {
    progress(`${name}: pulling ${service.image}`);
    const pulled = await runCommand('docker', ['pull', '--quiet', service.image], { timeoutMs: 180_000 });
    if (pulled.code !== 0) return new NotAvailable(`${service.image} is not here and cannot be pulled`);
  }
  writeFileSync(join(directory, 'compose'), PROJECT);
  const up = await compose(command, ['up', '-d', '--no-deps', name], 120_000);
  if (up.code !== 0) throw new InfrastructureError(`docker compose up ${name}: ${up.output.trim()}`);
  return {
    host: '127.0.0.1',
    port: async (containerPort) => {
      const shown = await compose(command, ['port', name, String(containerPort)], 10_000);
      const port = /:(\d+)\s*$/.exec(shown.output)?.[1];
      if (shown.code !== 0 || port === undefined)
        throw new InfrastructureError(`docker-compose.yml does not publish port ${containerPort} of ${name}`);
      return Number(port);
    },
    environment: environmentOf(service),
    exec: (args) => compose(command, ['exec', '-T', name, ...args], 60_000),
    stop: async () => void (await compose(command, ['rm', '-fs', name], 60_000)),
  };
}

/** Removes what compose keeps for `npm start`; does nothing where it was never used from this directory. */
export async function removeComposeVolumes(directory: string): Promise<void> {
  const record = join(directory, 'compose');
  if (!existsSync(record)) return;
  const command = await composeCommand();
  if (command instanceof NotAvailable)
    throw new InfrastructureError(`the data of the last start lie in Docker volumes (project ${PROJECT}), but ${command.reason}`);
  await compose(command, ['down', '--volumes'], 60_000);
  rmSync(record);
}

function compose(command: readonly string[], args: readonly string[], timeoutMs: number): Promise<CommandResult> {
  return runCommand(command[0]!, [...command.slice(1), '-p', PROJECT, '-f', FILE, ...args], { cwd: CHECKOUT, timeoutMs });
}

async function readService(command: readonly string[], name: ComposeName): Promise<ComposeService | undefined> {
  const config = await compose(command, ['config'], 20_000);
  if (config.code !== 0) return undefined;
  return (parse(config.output) as { services?: Record<string, ComposeService> }).services?.[name];
}

/** Compose prints `environment` as a map or as a list of `NAME=value`. */
export function environmentOf({ environment = {} }: ComposeService): Record<string, string> {
  if (!Array.isArray(environment)) return environment;
  return Object.fromEntries(environment.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
}
