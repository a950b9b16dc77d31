import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from '@par/contracts';
import { Mistake } from './mistake.ts';

/** What `npm start` writes to `.par/run.json` while the city runs. */
interface RunState {
  urls: Partial<Record<ServiceName, string>>;
  databases?: Partial<Record<ServiceName, string>>;
  producerKey?: string;
}

/** Where `npm start` keeps its data, and `par` what it remembers of postings that were broken off. */
export const STATE_DIRECTORY = process.env.PAR_STATE_DIRECTORY || fileURLToPath(new URL('../../../.par', import.meta.url));
const RUN_FILE = join(STATE_DIRECTORY, 'run.json');

const ENV_NAMES: Record<ServiceName, string> = {
  'dossier-intake': 'PAR_INTAKE',
  'edocument-workflow': 'PAR_WORKFLOW',
  'index-scoring': 'PAR_SCORING',
  reporting: 'PAR_REPORTING',
};

/** Where the services are: the option given, else the environment, else the city that `npm start` runs on this machine. */
export class RunningCity {
  #state: RunState | undefined;

  constructor(private readonly env: Readonly<Record<string, string | undefined>> = process.env) {}

  /** Base URL of a service, without a slash at the end. Environment: `PAR_INTAKE_URL` and so on. */
  url(service: ServiceName, given?: string): string {
    const url = given ?? this.env[`${ENV_NAMES[service]}_URL`] ?? this.#running().urls[service];
    if (url === undefined) throw notRunning();
    if (!URL.canParse(url) || !/^https?:/.test(url)) {
      throw new Mistake('option.bad-url', {
        en: `${url} is no http address of ${service}`,
        vi: `${url} không phải địa chỉ http của ${service}`,
      });
    }
    return url.replace(/\/+$/, '');
  }

  /** Database of a service. Environment: `PAR_INTAKE_DATABASE_URL` and so on. */
  database(service: ServiceName, given?: string): string {
    const url = given ?? this.env[`${ENV_NAMES[service]}_DATABASE_URL`] ?? this.#running().databases?.[service];
    if (url === undefined) throw notRunning();
    return url;
  }

  /** The producer key: the option, else `PAR_PRODUCER_KEY`, else the operator's key of the running city. */
  producerKey(given?: string): string {
    const key = given ?? this.env.PAR_PRODUCER_KEY ?? this.#running().producerKey;
    if (key === undefined) {
      throw new Mistake('option.no-key', {
        en: 'give a producer key: --key, or PAR_PRODUCER_KEY (par producer add makes one)',
        vi: 'cần khóa của hệ thống gửi: --key hoặc PAR_PRODUCER_KEY (tạo bằng par producer add)',
      });
    }
    return key;
  }

  #running(): RunState {
    if (this.#state) return this.#state;
    let text: string;
    try {
      text = readFileSync(RUN_FILE, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw notRunning();
      throw error;
    }
    this.#state = JSON.parse(text) as RunState;
    return this.#state;
  }
}

function notRunning(): Mistake {
  return new Mistake('city.not-running', {
    en: 'the city is not running: npm start (or give the addresses of its services, see --help)',
    vi: 'hệ thống chưa chạy: npm start (hoặc nêu địa chỉ các dịch vụ, xem --help)',
  });
}
