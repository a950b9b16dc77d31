// npm run bench [-- --help]: PAR Ledger beside the bare path and the stock way, each checked for exactness afterwards.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CHECKOUT,
  endProcesses,
  InfrastructureError,
  LockHeldError,
  onEndOfNpm,
  processesWithEnvironment,
  takeOwnerLock,
} from '@par/infrastructure';
import { type BenchOptions, chosenRows, helpText, OptionMistake, readOptions } from './bench-options.ts';
import { BenchRun } from './bench-run.ts';
import { markdownTable, textTable } from './result-table.ts';
import { ROWS } from './rows.ts';
import { BENCH_MARK } from './ways/way-process.ts';

const DIRECTORY = process.env.PAR_BENCH_DIRECTORY || join(CHECKOUT, '.par/bench');
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Exit code: 0, or 1 where a row failed or something was not exact. */
async function bench(options: BenchOptions): Promise<number> {
  const { generate } = (await import(pathToFileURL(join(CHECKOUT, 'tools/generate.mjs')).href)) as { generate: () => Promise<void> };
  await generate();
  const release = takeOwnerLock(DIRECTORY);
  const run = new BenchRun(DIRECTORY, options, say);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      await endProcesses(processesWithEnvironment(BENCH_MARK, DIRECTORY), 'SIGTERM', 10_000);
      await run.stop();
      release();
    })());
  const interrupt = (): void => void stop().finally(() => process.exit(130));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  onEndOfNpm(interrupt);
  try {
    await endProcesses(processesWithEnvironment(BENCH_MARK, DIRECTORY), 'SIGTERM', 10_000);
    const { result, failures } = await run.measure(chosenRows(ROWS, options));
    process.stdout.write(`${textTable(result.rows)}\n`);
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
    if (options.markdown !== undefined) writeFileSync(options.markdown, markdownTable(result));
    for (const failure of failures) say(`failed · không đo được: ${failure}`);
    const inexact = result.rows.filter(({ exact }) => exact === false).map(({ name }) => name);
    if (inexact.length > 0) say(`NOT EXACT · KHÔNG KHỚP: ${inexact.join(', ')}`);
    return failures.length + inexact.length === 0 ? 0 : 1;
  } finally {
    await stop();
  }
}

try {
  const options = readOptions(process.argv.slice(2), ROWS);
  if (options.help) process.stdout.write(`${helpText(ROWS)}\n`);
  else process.exit(await bench(options));
} catch (error) {
  if (error instanceof LockHeldError) say(`a bench is running here already (process ${error.pid}) · đang có một lần đo khác`);
  else if (error instanceof OptionMistake || error instanceof InfrastructureError) say(error.message);
  else say(String((error as Error).stack));
  process.exit(error instanceof OptionMistake ? 2 : 1);
}
