import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ALLOCATOR_ENVIRONMENT, endProcesses } from '@par/infrastructure';

/** Carried by every process that the bench starts, so that the next run finds those of one that was killed. */
export const BENCH_MARK = 'PAR_BENCH';

const KEPT_LINES = 1_000;
const READY_MS = 60_000;

/** One process of a way. It says `listening on URL`, or `consuming QUEUE` where it has no door, when it is up; other words of it are kept for an error's sake. */
export class WayProcess {
  readonly #lines: string[] = [];
  readonly #closed: Promise<void>;
  url = '';

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    private readonly logs: string,
  ) {
    this.#closed = new Promise((closed) => child.once('close', () => closed()));
  }

  /** Resolves when it listens (and, where asked, answers at a path). @throws with its last words where it ends or does not get there */
  static async start(
    name: string,
    args: readonly string[],
    options: { cwd: string; mark: string; env: Record<string, string>; readyPath?: string },
  ): Promise<WayProcess> {
    const child = spawn(process.execPath, args, {
      cwd: options.cwd,
      env: {
        ...ALLOCATOR_ENVIRONMENT,
        ...process.env,
        NODE_OPTIONS: '',
        HOST: '127.0.0.1',
        PORT: '0',
        [BENCH_MARK]: options.mark,
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const way = new WayProcess(name, child, join(options.mark, 'log'));
    const listening = new Promise<string>((found) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          way.#lines.push(line);
          if (way.#lines.length > KEPT_LINES) way.#lines.shift();
          const [said, address = ''] = /listening on (http:\/\/[^"\s]+)|^consuming \S+/.exec(line) ?? [];
          if (said !== undefined) found(address);
        });
      }
    });
    const ended = new Promise<never>((_, failed) => {
      child.once('exit', () => setImmediate(() => failed(new Error(`${name} ended at start:\n${way.lastWords()}`))));
    });
    way.url = await Promise.race([listening, ended]);
    ended.catch(() => undefined);
    if (options.readyPath !== undefined) await way.#becomesReady(options.readyPath);
    return way;
  }

  get pid(): number {
    return this.child.pid!;
  }

  lastWords(): string {
    return this.#lines.slice(-20).join('\n');
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(name);
  }

  /** Asks it to finish and end; what it said last stays in the folder `log` of the bench. */
  async stop(): Promise<void> {
    const closed = this.#closed;
    if (this.child.exitCode === null && this.child.signalCode === null) await endProcesses([this.pid], 'SIGTERM', 20_000);
    // Its last words are often the reason, and they may still be in the pipe.
    await closed;
    mkdirSync(this.logs, { recursive: true });
    writeFileSync(join(this.logs, `${this.name.replaceAll(' ', '-')}-${this.pid}.log`), `${this.#lines.join('\n')}\n`);
  }

  async #becomesReady(path: string): Promise<void> {
    const giveUpAt = Date.now() + READY_MS;
    for (;;) {
      const answer = await fetch(this.url + path).catch(() => undefined);
      if (answer?.ok) return;
      if (Date.now() > giveUpAt)
        throw new Error(`${this.name} is not ready: ${(await answer?.text()) ?? 'no answer'}\n${this.lastWords()}`);
      await new Promise((next) => setTimeout(next, 100));
    }
  }
}
