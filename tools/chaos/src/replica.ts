import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { type ServiceName } from '@par/contracts';
import { CHECKOUT } from '@par/infrastructure';
import { type Link } from './link.ts';

/** Carried by every process of a run, so that the next run finds those of one that was killed. */
export const RUN_MARK = 'PAR_CHAOS_RUN';

export interface ReplicaOptions {
  service: ServiceName;
  number: number;
  links: Record<'door' | 'broker' | 'database', Link>;
  env: Record<string, string>;
  /** Where its log and its clock are kept. */
  directory: string;
}

const STOP_PATIENCE_MS = 30_000;
const START_PATIENCE_MS = 90_000;

/** One process of a service, that can be killed and started again; callers find it at the same address for ever. */
export class Replica {
  readonly service: ServiceName;
  readonly number: number;
  readonly links: ReplicaOptions['links'];
  readonly #file: string;
  #child: ChildProcess | undefined;
  #ended: Promise<number | null> = Promise.resolve(0);
  #wanted = false;
  readonly #surprises: string[] = [];

  constructor(private readonly options: ReplicaOptions) {
    this.service = options.service;
    this.number = options.number;
    this.links = options.links;
    this.#file = join(options.directory, `${this.name}.clock`);
  }

  get name(): string {
    return `${this.service}#${this.number}`;
  }

  /** Of its door, through its proxy. */
  get url(): string {
    return `http://127.0.0.1:${this.links.door.port}`;
  }

  get pid(): number | undefined {
    return this.#child?.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  /** The times it ended without having been asked to, once it had come up: how, and the end of its log. */
  get surprises(): readonly string[] {
    return this.#surprises;
  }

  /**
   * Starts the process and waits until it listens. One that ends before that (its database may be down) is started again, as an orchestrator does.
   * @throws with the end of its log where it does not come up
   */
  async start(): Promise<void> {
    this.#wanted = true;
    const giveUpAt = Date.now() + START_PATIENCE_MS;
    for (;;) {
      const port = await this.#launch();
      if (port !== undefined) {
        this.links.door.pointTo({ host: '127.0.0.1', port });
        return;
      }
      if (!this.#wanted) return;
      if (Date.now() > giveUpAt) throw new Error(`${this.name} does not come up; the end of its log:\n${lastLines(this.#log)}`);
      await pause(300);
    }
  }

  /** No chance to finish anything. */
  async kill(): Promise<void> {
    this.#wanted = false;
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  /** As an orchestrator stops it; answers the exit code, null where it had to be killed. */
  async stop(): Promise<number | null> {
    this.#wanted = false;
    const child = this.#child;
    if (this.pid === undefined) return 0;
    const force = setTimeout(() => child?.kill('SIGKILL'), STOP_PATIENCE_MS);
    child?.kill('SIGTERM');
    const code = await this.#ended;
    clearTimeout(force);
    return code;
  }

  /** Sets the clock of the process so far off the true time; see `shifted-clock.mjs`. */
  stepClock(byMs: number): void {
    writeFileSync(this.#file, String(byMs));
    this.#child?.kill('SIGUSR2');
  }

  get #log(): string {
    return join(this.options.directory, `${this.name}.log`);
  }

  /** Undefined where it ended before it listened. */
  async #launch(): Promise<number | undefined> {
    const preload = join(import.meta.dirname, 'shifted-clock.mjs');
    const main = [join(CHECKOUT, 'tools/run.mjs'), join(CHECKOUT, `services/${this.service}/src/main.ts`)];
    const child = spawn(process.execPath, ['--import', preload, ...main], {
      cwd: CHECKOUT,
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        HOST: '127.0.0.1',
        PORT: '0',
        LOG_LEVEL: 'info',
        PAR_PROCESS_NAME: this.name,
        PAR_CHAOS_CLOCK: this.#file,
        ...this.options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#ended = new Promise((done) => child.once('exit', (code) => done(code)));
    const log = createWriteStream(this.#log, { flags: 'a' });
    child.stderr.pipe(log, { end: false });
    child.once('close', () => log.end());
    const listening = new Promise<number>((found) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        log.write(`${line}\n`);
        const port = /listening on http:\/\/[^"\s]+:(\d+)/.exec(line)?.[1];
        if (port !== undefined) found(Number(port));
      });
    });
    const port = await Promise.race([listening, this.#ended.then(() => undefined)]);
    if (port !== undefined) void this.#ended.then(() => this.#bringBack(child));
    return port;
  }

  /** A process that nobody asked to end is a finding; the run goes on with another in its place. */
  async #bringBack(child: ChildProcess): Promise<void> {
    if (!this.#wanted || child !== this.#child) return;
    // What it wrote last is on its way through the pipes.
    await new Promise((done) => (child.stderr?.closed ? done(undefined) : child.once('close', done)));
    this.#surprises.push(`${child.signalCode ?? `exit ${child.exitCode}`}; the end of its log:\n${lastLines(this.#log)}`);
    await this.start();
  }
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-15).join('\n');
}
