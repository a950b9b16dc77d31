import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SERVICES, type ServiceName } from '@par/contracts';
import { CHECKOUT, processesWithEnvironment } from '@par/infrastructure';
import { eventually } from '@par/testing';

/** `npm start` as a newcomer meets it, in a folder and on ports of its own, beside whatever else runs. */
describe('npm start', () => {
  const state = mkdtempSync(join(tmpdir(), 'par-start-'));
  const ports = {} as Record<ServiceName, number>;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    for (const service of SERVICES) ports[service] = await freePort();
    env = { ...process.env, NODE_OPTIONS: '', PAR_STATE_DIRECTORY: state };
    for (const service of SERVICES) env[`PORT_${service.toUpperCase().replaceAll('-', '_')}`] = String(ports[service]);
    for (const name of ['POSTGRES_URL', 'AMQP_URL', 'DATABASE_URL', 'RABBITMQ_MANAGEMENT_URL']) delete env[name];
  });

  afterAll(async () => {
    for (const launcher of launchers) launcher.kill();
    await Promise.all(launchers.map((launcher) => launcher.ended));
    rmSync(state, { recursive: true, force: true });
  }, 60_000);

  class Launcher {
    said = '';
    readonly ended: Promise<number | null>;
    private readonly child: ChildProcess;

    constructor() {
      this.child = spawn(process.execPath, ['tools/run.mjs', 'tools/start/src/main.ts'], {
        cwd: CHECKOUT,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      for (const stream of [this.child.stdout, this.child.stderr]) stream!.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
      this.ended = new Promise((done) => {
        this.child.once('exit', (code) => done(code));
      });
    }

    kill(signal: NodeJS.Signals = 'SIGINT'): void {
      this.child.kill(signal);
    }

    /** Resolves when the addresses are printed. */
    async up(): Promise<void> {
      const end = this.ended.then((code) => {
        throw new Error(`npm start ended with ${code}:\n${this.said}`);
      });
      await Promise.race([eventually(() => this.said.includes('is running'), { timeoutMs: 170_000 }), end]);
    }
  }

  const launchers: Launcher[] = [];
  function launch(): Launcher {
    const launcher = new Launcher();
    launchers.push(launcher);
    return launcher;
  }

  const par = (...args: string[]): Promise<{ code: number | null; said: string }> => run('tools/cli/par.mjs', '--lang', 'en', ...args);

  function run(...args: string[]): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, args, {
      cwd: CHECKOUT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    return new Promise((done) => {
      child.once('close', (code) => done({ code, said }));
    });
  }

  async function finishedInHue(): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${ports['index-scoring']}/v1/figures?indicator=G1-ONTIME&unit=hue&period=2021`);
    const [row] = (await answer.json()) as { denominator: number }[];
    return row!.denominator;
  }

  function leftProcesses(): number[] {
    return [
      ...processesWithEnvironment('PAR_START', join(state, 'start')),
      ...processesWithEnvironment('PAR_BROKER', join(state, 'start/rabbitmq')),
    ];
  }

  it('brings up a city with live figures, a page in Vietnamese, and sheets that balance', async () => {
    const launcher = launch();
    await launcher.up();
    expect(launcher.said).toMatch(/PostgreSQL: .+\n/);
    expect(launcher.said).toMatch(/RabbitMQ: .+\n/);
    const page = await (await fetch(`http://127.0.0.1:${ports.reporting}/`)).text();
    expect(page).toContain('lang="vi"');
    expect(await finishedInHue()).toBeGreaterThan(20);
    expect(await par('audit')).toMatchObject({ code: 0 });
  }, 240_000);

  it('walks a document and its answer between two units, and the figures move', async () => {
    const { code, said } = await run('tools/run.mjs', 'tools/demo-documents/src/main.ts');
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('G6-WORK-WARD.every-step-on-network') });
    expect(said.match(/: 0\/0 → 1\/1$/gm)).toHaveLength(2);
    for (const status of ['01', '03', '04', '05', '06', '15']) expect(said).toContain(`status ${status} came back`);
    expect(await par('audit')).toMatchObject({ code: 0 });
  }, 120_000);

  it('refuses a second house in the same place and says what to do', async () => {
    const second = launch();
    expect(await second.ended).toBe(1);
    expect(second.said).toMatch(/already running|runs already|is running/i);
  }, 60_000);

  it('comes back with its data after its launcher was killed', async () => {
    const before = await finishedInHue();
    launchers[0]!.kill('SIGKILL');
    await launchers[0]!.ended;
    expect(leftProcesses().length).toBeGreaterThan(0);
    await launch().up();
    expect(await finishedInHue()).toBe(before);
    expect(await par('audit')).toMatchObject({ code: 0 });
  }, 240_000);

  it('stops on Ctrl-C and leaves no process, lock or address behind', async () => {
    const launcher = launchers.at(-1)!;
    launcher.kill('SIGINT');
    expect(await launcher.ended).toBe(0);
    expect(leftProcesses()).toEqual([]);
    expect(existsSync(join(state, 'run.json'))).toBe(false);
    expect(existsSync(join(state, 'start/lock'))).toBe(false);
    for (const service of SERVICES) await expect(fetch(`http://127.0.0.1:${ports[service]}/health/live`)).rejects.toThrow();
    const orphaned = await par('figures');
    expect(orphaned.code).toBe(2);
    expect(orphaned.said).toContain('npm start');
  }, 60_000);
});

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
