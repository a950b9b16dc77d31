import { join } from 'node:path';
import { SERVICES, type ServiceName } from '@par/contracts';
import { CHECKOUT } from '@par/infrastructure';

/** Where a start keeps its state and says where it runs; with another folder (and other ports) two houses stand side by side. */
const STATE = process.env.PAR_STATE_DIRECTORY || join(CHECKOUT, '.par');
export const DIRECTORY = join(STATE, 'start');
export const RUN_FILE = join(STATE, 'run.json');
export const HOST = '127.0.0.1';

/** Carried by every service process, so that the next start finds those of a launcher that was killed. */
export const START_MARK = 'PAR_START';

const DEFAULT_PORTS: Record<ServiceName, number> = {
  reporting: 8080,
  'dossier-intake': 8081,
  'edocument-workflow': 8082,
  'index-scoring': 8083,
};

export interface Settings {
  /** Begin anew: the data of earlier starts are removed. */
  fresh: boolean;
  /** Load no organisation and play no made-up day. */
  empty: boolean;
  ports: Record<ServiceName, number>;
  logLevel: string;
  /** CIDR ranges from which calls count as coming over the dedicated network (Mạng TSLCD). */
  tslcdRanges: string;
}

/** Something that the person who typed the command has to put right. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Name of the variable that moves a service to another port: `PORT_DOSSIER_INTAKE`. */
export function portVariable(service: ServiceName): string {
  return `PORT_${service.toUpperCase().replaceAll('-', '_')}`;
}

/** @throws StartError that names what is wrong in the arguments or the environment. */
export function readSettings(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Settings {
  const unknown = args.filter((arg) => arg !== '--fresh' && arg !== '--empty');
  if (unknown.length > 0) throw new StartError(`npm start does not know ${unknown.join(' ')}; it knows: npm start -- [--fresh] [--empty]`);
  const fresh = args.includes('--fresh');
  const given = ['POSTGRES_URL', 'AMQP_URL'].filter((name) => (env[name] ?? '') !== '');
  if (fresh && given.length > 0) {
    throw new StartError(
      `--fresh only removes what npm start itself keeps, but ${given.join(' and ')} is set: drop the databases par_* and the queues there yourself, or unset it.`,
    );
  }
  const ports = Object.fromEntries(
    SERVICES.map((service) => [service, readPort(portVariable(service), env, DEFAULT_PORTS[service])]),
  ) as Settings['ports'];
  const taken = new Set(Object.values(ports));
  if (taken.size < SERVICES.length) throw new StartError(`two services have the same port: ${JSON.stringify(ports)}`);
  return {
    fresh,
    empty: args.includes('--empty'),
    ports,
    logLevel: env.LOG_LEVEL ?? 'info',
    tslcdRanges: env.TSLCD_RANGES ?? '127.0.0.1/32',
  };
}

function readPort(name: string, env: Readonly<Record<string, string | undefined>>, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65_535)
    throw new StartError(`${name} must be a port from 1 to 65535, not "${text}"`);
  return Number(text);
}
