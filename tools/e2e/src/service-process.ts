import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type ServiceName } from '@par/contracts';
import { CHECKOUT } from '@par/infrastructure';

const KEPT_LINES = 400;

/** One service as a process of its own, as `npm start` runs it, on a free port. */
export class ServiceProcess {
  readonly lines: string[] = [];
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  url = '';

  private constructor(
    readonly service: ServiceName,
    private readonly child: ChildProcess,
  ) {
    this.exited = new Promise((done) => {
      child.once('exit', (code, signal) => done({ code, signal }));
    });
  }

  /** Resolves when the service listens and says that it is ready. @throws with the end of its log where it ends or does not get there. */
  static async start(service: ServiceName, env: Record<string, string>): Promise<ServiceProcess> {
    const child = spawn(process.execPath, [join(CHECKOUT, 'tools/run.mjs'), join(CHECKOUT, `services/${service}/src/main.ts`)], {
      cwd: CHECKOUT,
      env: { ...process.env, NODE_OPTIONS: '', PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'info', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const process_ = new ServiceProcess(service, child);
    const listening = new Promise<string>((found) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          process_.lines.push(line);
          if (process_.lines.length > KEPT_LINES) process_.lines.shift();
          const address = /listening on (http:\/\/[^"\s]+)/.exec(line)?.[1];
          if (address !== undefined) found(address);
        });
      }
    });
    const ended = process_.exited.then(() => {
      throw new Error(`${service} ended at start:\n${process_.lines.slice(-20).join('\n')}`);
    });
    process_.url = await Promise.race([listening, ended]);
    await process_.becomeReady();
    return process_;
  }

  /** Waits until the broker has its consumers attached. */
  async becomeReady(timeoutMs = 60_000): Promise<void> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (answer?.ok) return;
      if (Date.now() > end)
        throw new Error(`${this.service} is not ready: ${(await answer?.text()) ?? 'no answer'}\n${this.lines.slice(-20).join('\n')}`);
      await new Promise((next) => setTimeout(next, 100));
    }
  }

  /** As a power cut: no chance to finish anything. */
  async kill9(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** As an orchestrator stops it; answers the exit code. */
  async terminate(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return (await this.exited).code;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}
