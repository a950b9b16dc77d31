// npm run chaos: every kind of failure under load, in an order that a seed decides, against the figures of a run without any.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CHECKOUT, endProcesses, LockHeldError, onEndOfNpm, processesWithEnvironment, takeOwnerLock } from '@par/infrastructure';
import { withEntry } from './diary.ts';
import { legsOf, readOptions, USAGE, type Options } from './options.ts';
import { RUN_MARK } from './replica.ts';
import { ChaosRun, type Outcome } from './run-chaos.ts';
import { stopServers } from './servers.ts';

const DIARY = join(CHECKOUT, 'docs/failure-diary.md');
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** A state directory that no other run of this checkout uses now. */
function takeDirectory(): { directory: string; release: () => void } {
  for (let n = 1; ; n++) {
    const directory = join(CHECKOUT, '.par', n === 1 ? 'chaos' : `chaos-${n}`);
    try {
      return { directory, release: takeOwnerLock(directory) };
    } catch (error) {
      if (!(error instanceof LockHeldError) || n === 8) throw error;
    }
  }
}

async function main(options: Options): Promise<number> {
  const { generate } = (await import(pathToFileURL(join(CHECKOUT, 'tools/generate.mjs')).href)) as { generate: () => Promise<void> };
  await generate();
  mkdirSync(join(CHECKOUT, '.par'), { recursive: true });
  const { directory, release } = takeDirectory();
  const processes = join(directory, 'processes');
  const endLeftovers = async (): Promise<void> => endProcesses(processesWithEnvironment(RUN_MARK, processes), 'SIGKILL', 5_000);
  await endLeftovers();
  rmSync(processes, { recursive: true, force: true });
  let run: ChaosRun | undefined;
  const interrupt = (): void => {
    print('interrupted: stopping what was started');
    void Promise.resolve(run?.abandon())
      .then(endLeftovers)
      .then(() => stopServers(directory))
      .finally(() => {
        release();
        process.exit(130);
      });
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, interrupt);
  onEndOfNpm(interrupt);
  const total: Outcome = { faults: 0, accepted: 0, differences: [], seen: [] };
  try {
    for (const leg of legsOf(options)) {
      const current = (run = new ChaosRun(leg, directory, print));
      const outcome = await current.run().finally(() => current.stop());
      total.faults += outcome.faults;
      total.accepted += outcome.accepted;
      total.differences.push(...outcome.differences);
      total.seen.push(...outcome.seen);
    }
  } catch (error) {
    total.differences.push(`the run itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    await endLeftovers();
    await stopServers(directory);
    release();
  }
  if (options.diary) writeFileSync(DIARY, withEntry(readFileSync(DIARY, 'utf8'), options, total, new Date()));
  for (const difference of total.differences) print(`DIFFERENCE ${difference}`);
  print(`chaos: seed ${options.seed}: ${total.faults} faults, ${total.accepted} events accepted, ${total.differences.length} differences`);
  return total.differences.length === 0 ? 0 : 1;
}

let options: Options | undefined;
try {
  options = readOptions(process.argv.slice(2), Math.floor(Date.now() / 1_000) % 1_000_000);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`);
  process.exit(2);
}
process.exit(await main(options));
