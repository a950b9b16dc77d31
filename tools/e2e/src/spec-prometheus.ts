import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_CACHE, fetchDebianTree, runCommand, type CommandResult } from '@par/infrastructure';
import { eventually } from '@par/testing';
import { stringify } from 'yaml';

export interface QueryResult {
  metric: Record<string, string>;
  /** Time and value. */
  value: [number, string];
}

export interface RuleState {
  name: string;
  query: string;
  health: string;
  lastError?: string;
}

/** Debian's Prometheus, fetched into the cache where it is not there yet; nothing is installed on the machine. */
async function prometheusFolder(): Promise<string> {
  const recipe = {
    ...{ name: 'prometheus', label: 'Prometheus', root: 'prometheus', along: /^libc6$/, must: 'libc6' },
    programs: ['usr/bin', '-name', 'prom*', '-type', 'f'],
  };
  const { tree } = await fetchDebianTree(DEFAULT_CACHE, recipe, () => undefined);
  return join(tree, 'usr/bin');
}

/** `promtool`, as an operator runs it over the shipped files. */
export async function promtool(...args: string[]): Promise<CommandResult> {
  return runCommand(join(await prometheusFolder(), 'promtool'), args);
}

/** A Prometheus of its own for one spec. */
export class SpecPrometheus {
  private constructor(
    private readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(configuration: object): Promise<SpecPrometheus> {
    const program = join(await prometheusFolder(), 'prometheus');
    const folder = mkdtempSync(join(tmpdir(), 'par-prometheus-'));
    const config = join(folder, 'prometheus.yml');
    writeFileSync(config, stringify(configuration));
    const port = await freePort();
    const args = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`];
    const child = spawn(program, [...args, '--log.level=warn'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const prometheus = new SpecPrometheus(`http://127.0.0.1:${port}`, child, folder);
    try {
      await eventually(
        async () => {
          if (child.exitCode !== null) throw new Error(`prometheus ended: ${said}`);
          return (await fetch(`${prometheus.url}/-/ready`)).ok;
        },
        { timeoutMs: 30_000, everyMs: 200 },
      );
      return prometheus;
    } catch (error) {
      await prometheus.stop();
      throw error;
    }
  }

  /** @throws with Prometheus's own words where it does not understand the expression. */
  async query(expression: string): Promise<QueryResult[]> {
    const answer = await this.#ask<{ result: QueryResult[] }>(`/api/v1/query?query=${encodeURIComponent(expression)}`);
    return answer.result;
  }

  async rules(): Promise<RuleState[]> {
    const { groups } = await this.#ask<{ groups: { rules: RuleState[] }[] }>('/api/v1/rules');
    return groups.flatMap(({ rules }) => rules);
  }

  async #ask<T>(path: string): Promise<T> {
    const body = (await (await fetch(this.url + path)).json()) as { status: string; error?: string; data: T };
    if (body.status !== 'success') throw new Error(`${path}: ${body.error ?? body.status}`);
    return body.data;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = new Promise((done) => this.child.once('exit', done));
      this.child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
