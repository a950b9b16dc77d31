import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT, endProcesses } from '@par/infrastructure';
import { BENCH_MARK } from '../ways/way-process.ts';
import { environmentOf, type PeerSettings } from './peer-settings.ts';
import { type Peer } from './peers.ts';

/** A consumer that ours is compared with, in a process of its own. What it says goes to a file of this run. */
export class PeerProcess {
  #stopping = false;

  private constructor(
    readonly pid: number,
    /** Rejects when it ends before it is asked to, with its last words. */
    readonly failed: Promise<never>,
  ) {}

  static start(directory: string, { name, script }: Pick<Peer, 'name' | 'script'>, settings: PeerSettings): PeerProcess {
    const log = join(directory, `drain-${name}.log`);
    const out = openSync(log, 'w');
    const child = spawn(process.execPath, ['tools/run.mjs', ...script], {
      cwd: CHECKOUT,
      env: { ...process.env, NODE_OPTIONS: '', [BENCH_MARK]: directory, ...environmentOf(settings) },
      stdio: ['ignore', out, out],
    });
    closeSync(out);
    const failed = new Promise<never>((_, fail) => {
      child.once('error', fail);
      child.once('exit', (code) => {
        if (!started.#stopping) fail(new Error(`${name} ended with code ${code ?? '?'}:\n${readFileSync(log, 'utf8').slice(-2_000)}`));
      });
    });
    // Whoever waits for the drain hears of it; before and after that nobody needs to.
    failed.catch(() => undefined);
    const started = new PeerProcess(child.pid!, failed);
    return started;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await endProcesses([this.pid], 'SIGTERM', 5_000);
  }
}
