import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES, type ServiceName } from '@par/contracts';
import { CHECKOUT, endProcesses, isPortFree, removeInstances } from '@par/infrastructure';
import { monotonicMs } from '../load/load-order.ts';
import type { Row } from '../row.ts';
import { BENCH_MARK } from '../ways/way-process.ts';

const LIMIT_MS = 180_000;
const POLL_MS = 100;
/** Away from the ports of a start that runs already, and below those that the system gives out. */
const FIRST_PORT = 19_000;

/** From the command to a page with figures that dossiers moved, beginning without any data. */
export const startUp: Row = {
  name: 'start-up',
  title: 'npm start on an empty state folder, until the page shows live figures',
  inQuick: false,
  run: async (ctx) => {
    const state = join(ctx.directory, 'start-up');
    mkdirSync(state, { recursive: true });
    const ports = await freePorts();
    const env: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: '', PAR_STATE_DIRECTORY: state, [BENCH_MARK]: ctx.processMark };
    for (const service of SERVICES) env[`PORT_${service.toUpperCase().replaceAll('-', '_')}`] = String(ports[service]);
    // Servers that were given would be ready before the command.
    for (const name of ['POSTGRES_URL', 'AMQP_URL', 'RABBITMQ_MANAGEMENT_URL', 'npm_lifecycle_event']) delete env[name];
    const startedAt = monotonicMs();
    const child = spawn(process.execPath, ['tools/run.mjs', 'tools/start/src/main.ts'], {
      cwd: CHECKOUT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    try {
      while (!(await showsLiveFigures(`http://127.0.0.1:${ports.reporting}`))) {
        if (child.exitCode !== null || monotonicMs() - startedAt > LIMIT_MS)
          throw new Error(`npm start did not get to its figures:\n${said.slice(-2_000)}`);
        await new Promise((next) => setTimeout(next, POLL_MS));
      }
      const seconds = (monotonicMs() - startedAt) / 1000;
      const note = 'packages installed, RabbitMQ fetched and sources compiled before; PostgreSQL, RabbitMQ and all data begun anew';
      return [{ name: 'start-up', value: seconds, unit: 's', ratioToBare: null, ratioToStock: null, exact: null, note }];
    } finally {
      if (child.exitCode === null) await endProcesses([child.pid!], 'SIGINT', 30_000);
      writeFileSync(join(state, 'said.log'), said);
      await removeInstances(join(state, 'start'));
    }
  },
};

/** The page itself, and reporting's own copy of a figure with all that the made-up day finishes. */
async function showsLiveFigures(reporting: string): Promise<boolean> {
  const page = await get(`${reporting}/`);
  const figures = await get(`${reporting}/v1/figures?indicator=G1-ONTIME&unit=hue&period=2021`);
  if (page === undefined || figures === undefined) return false;
  return (JSON.parse(figures) as { denominator: number }[]).some(({ denominator }) => denominator > 0);
}

/** Undefined while nobody answers, or not yet well. */
async function get(url: string): Promise<string | undefined> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  return answer?.ok ? answer.text() : undefined;
}

async function freePorts(): Promise<Record<ServiceName, number>> {
  const ports: Partial<Record<ServiceName, number>> = {};
  let port = FIRST_PORT;
  for (const service of SERVICES) {
    while (!(await isPortFree(port))) port += 1;
    ports[service] = port++;
  }
  return ports as Record<ServiceName, number>;
}
