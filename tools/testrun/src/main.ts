// npm test [-- <jest arguments>]: every suite over a PostgreSQL and a RabbitMQ of its own, beside a running `npm start`.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CHECKOUT,
  endProcesses,
  InfrastructureError,
  LockHeldError,
  onEndOfNpm,
  processesWithEnvironment,
  startInfrastructure,
  stopLeftovers,
  stopPrivateBroker,
  takeOwnerLock,
  type Infrastructure,
} from '@par/infrastructure';
import { JestRunner, type JestRun } from './jest-run.ts';
import { clearSpecLeftovers } from './spec-leftovers.ts';
import { parseSelection, specsOf, type Project, type Selection } from './selection.ts';
import { skippedIn, switchedOffIn, tallyOf, type Tally } from './tally.ts';

const RUN_MARK = 'PAR_TEST_RUN';
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** A state directory that no other test run of this checkout uses now. */
function takeDirectory(): { directory: string; release: () => void } {
  for (let n = 1; ; n++) {
    const directory = join(CHECKOUT, '.par', n === 1 ? 'test' : `test-${n}`);
    try {
      return { directory, release: takeOwnerLock(directory) };
    } catch (error) {
      if (!(error instanceof LockHeldError) || n === 16) throw error;
    }
  }
}

class TestRun {
  private infrastructure: Infrastructure | undefined;
  private stopping: Promise<void> | undefined;
  private readonly directory: string;
  private readonly jest: JestRunner;
  private readonly brokers: string;

  constructor(directory: string) {
    this.directory = directory;
    this.jest = new JestRunner(directory);
    this.brokers = join(directory, 'brokers');
  }

  async run(selection: Selection): Promise<Tally> {
    await this.stopSpecProcesses();
    const files = specFiles();
    const needs = (project: Project): boolean => specsOf(project, files, selection).length > 0;
    const server = needs('int') || needs('e2e') ? this.startServers() : undefined;
    // A failure is reported when the suites that need the servers have their turn; until then it must not end the process.
    server?.catch(() => undefined);
    const runs: JestRun[] = [];
    if (needs('unit')) runs.push(await this.jest.run(['unit'], selection, [], { [RUN_MARK]: this.directory }));
    if (server) {
      const env = await server;
      const inBand = availableParallelism() < 4 ? ['--runInBand'] : ['--maxWorkers=2'];
      if (needs('int')) runs.push(await this.jest.run(['int'], selection, inBand, env));
      // Failure tests start, kill and time whole services; they have the machine to themselves.
      if (needs('e2e')) runs.push(await this.jest.run(['e2e'], selection, ['--runInBand'], env));
    }
    return this.judge(runs, selection);
  }

  /** Stops everything that this run started. Can be called more than once. */
  stop(): Promise<void> {
    return (this.stopping ??= (async () => {
      await this.jest.stop();
      await this.stopSpecProcesses();
      await this.infrastructure?.stop();
      // Also what was on its way up when an interrupt came.
      await stopLeftovers(this.directory);
    })());
  }

  private async startServers(): Promise<Record<string, string>> {
    // A broker without a past: RabbitMQ 3.10 may lose the workers of other queues when queues are deleted right after it came up, so the
    // leftovers of a run that was killed are not deleted from it but never loaded.
    await stopLeftovers(this.directory);
    rmSync(join(this.directory, 'rabbitmq'), { recursive: true, force: true });
    this.infrastructure = await startInfrastructure({ purpose: 'test', directory: this.directory, progress: say });
    const { postgres, rabbitmq } = this.infrastructure;
    if (rabbitmq.managementUrl === undefined) throw new InfrastructureError('for tests, AMQP_URL needs RABBITMQ_MANAGEMENT_URL beside it');
    if (rabbitmq.privateBroker) await clearSpecLeftovers(postgres.url, rabbitmq.managementUrl);
    return {
      [RUN_MARK]: this.directory,
      PAR_TEST_POSTGRES_URL: postgres.url,
      PAR_TEST_AMQP_URL: rabbitmq.amqpUrl,
      PAR_TEST_MANAGEMENT_URL: rabbitmq.managementUrl,
      PAR_TEST_BROKER_STATE: this.brokers,
      PAR_TEST_STATE: this.directory,
    };
  }

  /** Service processes and brokers that specs started and left behind, now or in a run that was killed. */
  private async stopSpecProcesses(): Promise<void> {
    await endProcesses(processesWithEnvironment(RUN_MARK, this.directory), 'SIGTERM', 5_000);
    if (!existsSync(this.brokers)) return;
    for (const name of readdirSync(this.brokers)) await stopPrivateBroker(join(this.brokers, name));
    rmSync(this.brokers, { recursive: true, force: true });
  }

  private judge(runs: readonly JestRun[], selection: Selection): Tally {
    const total: Tally = { passed: 0, failed: 0 };
    const fail = (line: string): void => {
      say(line);
      total.failed++;
    };
    for (const { report, trouble } of runs) {
      if (trouble !== undefined) fail(trouble);
      if (!report) continue;
      const { passed, failed } = tallyOf(report);
      total.passed += passed;
      total.failed += failed;
      if (!selection.byName) for (const test of skippedIn(report)) fail(`failure test skipped: ${test}`);
    }
    for (const line of switchedOffFailureTests()) fail(`failure test switched off: ${line}`);
    if (total.passed + total.failed === 0) fail('no test ran');
    return total;
  }
}

function specFiles(): string[] {
  return ['libs', 'services', 'tools']
    .flatMap((group) => readdirSync(join(CHECKOUT, group), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.spec.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(CHECKOUT, join(entry.parentPath, entry.name)));
}

function switchedOffFailureTests(): string[] {
  const folder = join(CHECKOUT, 'tools/e2e');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]s[^/]*$/.test(entry.name) && !/node_modules|\/dist\b/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((file) => switchedOffIn(relative(folder, file), readFileSync(file, 'utf8')));
}

const { generate } = (await import(pathToFileURL(join(CHECKOUT, 'tools/generate.mjs')).href)) as { generate: () => Promise<void> };
await generate();
mkdirSync(join(CHECKOUT, '.par'), { recursive: true });
const { directory, release } = takeDirectory();
const run = new TestRun(directory);
let interrupted = false;
const interrupt = (): void => {
  interrupted = true;
  void run.stop().finally(() => {
    release();
    process.exit(130);
  });
};
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
onEndOfNpm(interrupt);
const tally = await run.run(parseSelection(process.argv.slice(2))).catch((error: unknown): Tally => {
  if (!interrupted) say(error instanceof InfrastructureError ? error.message : String((error as Error).stack));
  return { passed: 0, failed: 1 };
});
await run.stop();
if (!interrupted) {
  release();
  process.stdout.write(`${tally.passed} passed, ${tally.failed} failed\n`);
  process.exit(tally.failed === 0 ? 0 : 1);
}
