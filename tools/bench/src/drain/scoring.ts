import { get } from 'node:http';
import { join } from 'node:path';
import { type ServiceBalance } from '@par/contracts';
import { declareTopology } from '@par/messaging';
import { connect } from 'amqplib';
import { type BenchContext } from '../row.ts';
import { buildServices } from '../ways/built-services.ts';
import { WayProcess } from '../ways/way-process.ts';
import { type PublishedEvent } from './backlog.ts';
import { fillQueue, ourMessages } from './fill-queue.ts';

export const SCORING_QUEUE = 'index-scoring.count-events';

/** Events that index-scoring has taken in for the first time, by its own balance sheet. */
export const SCORED = `SELECT coalesce(sum(count), 0)::int AS counted FROM messaging.balance_line WHERE direction = 'in'`;

export interface ScoringPlace {
  databaseUrl: string;
  amqpUrl: string;
}

/** The audit of index-scoring, as far as the bench looks at it. */
export interface Audit {
  ok: boolean;
  recountedSubjects: number;
  figures: number;
  waiting: number;
  differences: { figure: string }[];
}

/** index-scoring as it is deployed: the built bundle, a process of its own, default settings. Resolves when it is ready. */
export async function startScoring(ctx: BenchContext, { databaseUrl, amqpUrl }: ScoringPlace): Promise<WayProcess> {
  const folder = join(await buildServices(ctx), 'index-scoring');
  return WayProcess.start('index-scoring', [join(folder, 'main.js')], {
    cwd: folder,
    mark: ctx.directory,
    readyPath: '/health/ready',
    env: { DATABASE_URL: databaseUrl, AMQP_URL: amqpUrl },
  });
}

/** Lays events into the queue of index-scoring as our own services would have published them. @returns how many messages they are */
export async function layIntoQueue({ amqpUrl }: ScoringPlace, events: readonly PublishedEvent[]): Promise<number> {
  const connection = await connect(amqpUrl);
  try {
    await declareTopology(connection);
  } finally {
    await connection.close();
  }
  return fillQueue(amqpUrl, SCORING_QUEUE, ourMessages(events));
}

/** Waits until as many events are counted and none waits, and whatever has to be counted again is. */
export async function settled(scoring: WayProcess, events: number, patienceMs = 120_000): Promise<ServiceBalance> {
  for (const since = performance.now(); ;) {
    const balance = await askJson<ServiceBalance>(`${scoring.url}/v1/balance`);
    const counted = countedOf(balance);
    const waits = balance.retries.length + (balance.recounting ?? 0) + balance.outbox.unsent;
    if (counted >= events && waits === 0) return balance;
    if (performance.now() - since > patienceMs)
      throw new Error(`index-scoring has counted ${counted} of ${events} events, ${waits} wait:\n${scoring.lastWords()}`);
    await new Promise((next) => setTimeout(next, 200));
  }
}

export function countedOf({ lines }: Pick<ServiceBalance, 'lines'>): number {
  return lines.reduce((sum, { direction, count }) => (direction === 'in' ? sum + count : sum), 0);
}

/** Whether every event was counted once: as many taken in as there were, none given up, and the audit of all figures finds nothing. */
export async function scoringIsExact(scoring: WayProcess, events: number): Promise<{ exact: boolean; audit: Audit }> {
  const balance = await settled(scoring, events);
  const audit = await askJson<Audit>(`${scoring.url}/v1/audit`);
  return { exact: countedOf(balance) === events && balance.deadLetters.length === 0 && audit.ok && audit.waiting === 0, audit };
}

/** A JSON answer, however long it takes: an audit of a million dossiers answers after minutes, when fetch has given up. */
export function askJson<T>(url: string): Promise<T> {
  return new Promise((done, fail) => {
    const request = get(url, { agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', fail);
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (answer.statusCode === 200) done(JSON.parse(text) as T);
        else fail(new Error(`${url} answered ${answer.statusCode}: ${text.slice(0, 500)}`));
      });
    });
    request.on('error', fail);
  });
}
