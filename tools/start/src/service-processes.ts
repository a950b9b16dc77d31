import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ServiceName } from '@par/contracts';
import {
  ALLOCATOR_ENVIRONMENT,
  CHECKOUT,
  endProcesses,
  makePrivateDirectory,
  processesWithEnvironment,
  waitUntil,
  type Progress,
} from '@par/infrastructure';
import { DIRECTORY, START_MARK, StartError } from './settings.ts';

const READY_MS = 90_000;
const DRAIN_MS = 10_000;
const LARGEST_LOG = 20 << 20;

interface Running {
  child: ChildProcess;
  startedAt: number;
  crashes: number;
}

export interface ServicePlan {
  service: ServiceName;
  url: string;
  env: Record<string, string>;
}

/** The four services as processes of their own. Each is its own session, so that a Ctrl-C reaches only the launcher, which stops them in order. */
export class ServiceProcesses {
  private readonly running = new Map<ServiceName, Running>();
  private readonly restarts = new Set<NodeJS.Timeout>();
  private stopping = false;
  private supervised = false;
  private failed: (error: StartError) => void = () => undefined;
  private readonly plans: readonly ServicePlan[];
  private readonly progress: Progress;
  private readonly logs = join(DIRECTORY, 'log');

  constructor(plans: readonly ServicePlan[], progress: Progress) {
    this.plans = plans;
    this.progress = progress;
  }

  /**
   * Starts all and waits until each says that it is ready. From then on one that ends is started again, later each time.
   * @throws StartError with the last lines of its log where one ends before, or is not ready in time.
   */
  async start(): Promise<void> {
    makePrivateDirectory(this.logs);
    const failure = new Promise<never>((_, fail) => (this.failed = fail));
    for (const plan of this.plans) this.spawn(plan, 0);
    await Promise.race([failure, Promise.all(this.plans.map((plan) => this.waitUntilReady(plan)))]);
    this.supervised = true;
  }

  /** Asks all to finish what is in hand and end, and ends by force those that do not within ten seconds. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of this.restarts) clearTimeout(timer);
    const pids = [...this.running.values()].flatMap(({ child }) => (child.exitCode === null && child.pid !== undefined ? [child.pid] : []));
    await endProcesses(pids, 'SIGTERM', DRAIN_MS);
  }

  private spawn(plan: ServicePlan, crashes: number): void {
    const log = this.logOf(plan.service);
    if (existsSync(log) && statSync(log).size > LARGEST_LOG) renameSync(log, `${log}.1`);
    const out = openSync(log, 'a', 0o600);
    const child = spawn(process.execPath, ['tools/run.mjs', `services/${plan.service}/src/main.ts`], {
      cwd: CHECKOUT,
      env: { ...ALLOCATOR_ENVIRONMENT, ...process.env, ...plan.env, [START_MARK]: DIRECTORY },
      detached: true,
      stdio: ['ignore', out, out],
    });
    closeSync(out);
    this.running.set(plan.service, { child, startedAt: Date.now(), crashes });
    child.once('exit', (code, signal) => this.ended(plan, signal ?? `code ${code ?? '?'}`));
    child.once('error', (error) => this.failed(new StartError(`${plan.service} could not be started: ${error.message}`)));
  }

  private ended(plan: ServicePlan, how: string): void {
    if (this.stopping) return;
    if (!this.supervised) {
      this.failed(
        new StartError(`${plan.service} ended (${how}). The end of its log ${this.logOf(plan.service)}:\n${this.lastWords(plan.service)}`),
      );
      return;
    }
    const { startedAt, crashes } = this.running.get(plan.service)!;
    const again = Date.now() - startedAt > 60_000 ? 1 : crashes + 1;
    const waitMs = Math.min(30_000, 500 * 2 ** again);
    this.progress(`${plan.service} ended (${how}); it is started again in ${waitMs / 1000} s. Its log: ${this.logOf(plan.service)}`);
    const timer = setTimeout(() => {
      this.restarts.delete(timer);
      this.spawn(plan, again);
    }, waitMs);
    this.restarts.add(timer);
  }

  private async waitUntilReady({ service, url }: ServicePlan): Promise<void> {
    let last = 'no answer';
    const ready = await waitUntil(
      async () => {
        if (this.stopping) return true;
        try {
          const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
          last = `${response.status} ${await response.text()}`;
          return response.ok;
        } catch (error) {
          last = (error as Error).message;
          return false;
        }
      },
      READY_MS,
      150,
    );
    if (!ready) {
      throw new StartError(
        `${service} is not ready after ${READY_MS / 1000} s (${last}). The end of its log ${this.logOf(service)}:\n${this.lastWords(service)}`,
      );
    }
  }

  private logOf(service: ServiceName): string {
    return join(this.logs, `${service}.log`);
  }

  private lastWords(service: ServiceName): string {
    const log = this.logOf(service);
    return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-15).join('\n') : '(it wrote nothing)';
  }
}

/** Ends the services of a launcher that was killed. */
export async function endLeftServices(): Promise<void> {
  await endProcesses(processesWithEnvironment(START_MARK, DIRECTORY), 'SIGTERM', DRAIN_MS);
}
