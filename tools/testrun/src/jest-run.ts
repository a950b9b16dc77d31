import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '@par/infrastructure';
import type { Project, Selection } from './selection.ts';
import type { JestReport } from './tally.ts';

const GRACE_MS = 30_000;

export interface JestRun {
  report: JestReport | undefined;
  /** What went wrong with the run as a whole; undefined where nothing did. */
  trouble: string | undefined;
}

/** Runs jest over some projects in a process of its own, its output going straight to ours. */
export class JestRunner {
  private child: ChildProcess | undefined;
  private readonly scratch: string;

  constructor(scratch: string) {
    this.scratch = scratch;
  }

  async run(projects: readonly Project[], selection: Selection, more: readonly string[], env: Record<string, string>): Promise<JestRun> {
    const output = join(this.scratch, `jest-${projects.join('-')}.json`);
    rmSync(output, { force: true });
    const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(CHECKOUT, 'node_modules/jest/bin/jest.js')];
    const jestArgs = [...selection.patterns, '--json', `--outputFile=${output}`, '--passWithNoTests', ...more, ...selection.options];
    const child = spawn(process.execPath, [...args, ...jestArgs, '--selectProjects', ...projects], {
      cwd: CHECKOUT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.child = child;
    const ended = new Promise<number | null>((done) => child.once('close', done));
    const lingering = this.endWhenLingering(output, child);
    const code = await ended;
    clearInterval(lingering.timer);
    this.child = undefined;
    const report = existsSync(output) ? (JSON.parse(readFileSync(output, 'utf8')) as JestReport) : undefined;
    if (lingering.killed())
      return { report, trouble: `jest did not end within ${GRACE_MS / 1000} s after the last test: a spec left something open` };
    if (!report) return { report, trouble: `jest ended with code ${code ?? 'none'} and without a report` };
    return { report, trouble: undefined };
  }

  /** Ends the running jest, with force when it does not listen. */
  async stop(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once('close', done));
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(force);
  }

  /** The report is written when all tests are over; a process that goes on long after it has an open handle and would never end. */
  private endWhenLingering(output: string, child: ChildProcess): { timer: NodeJS.Timeout; killed: () => boolean } {
    let writtenAt: number | undefined;
    let killed = false;
    const timer = setInterval(() => {
      if (existsSync(output)) writtenAt ??= Date.now();
      if (writtenAt === undefined || Date.now() - writtenAt < GRACE_MS) return;
      killed = true;
      child.kill('SIGKILL');
    }, 500);
    return { timer, killed: () => killed };
  }
}
