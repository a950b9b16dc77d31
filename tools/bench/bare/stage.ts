import { connect, type ChannelModel, type ConsumeMessage } from 'amqplib';
import pg from 'pg';
import { Grouped } from './group.ts';
import { type OutboxRow, Sender } from './sender.ts';

/** What the bare path reads of an event. */
export interface BareEvent {
  source: string;
  id: string;
  type: string;
  subject: string;
  unit: string;
  time: string;
}

export interface Settings {
  amqpUrl: string;
  databaseUrl: string;
  /** Events per AMQP message at most; 1 is the plain path. */
  pack: number;
}

export function readSettings(env: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const { AMQP_URL: amqpUrl, DATABASE_URL: databaseUrl, PACK: pack = '1' } = env;
  if (amqpUrl === undefined || databaseUrl === undefined) throw new Error('AMQP_URL and DATABASE_URL are needed');
  return { amqpUrl, databaseUrl, pack: Number(pack) };
}

export const EXCHANGE = 'par.events';
export const METRICS = 'par.metrics';

/** Queues that are settled as ours are: quorum, durable. */
export async function declare(connection: ChannelModel): Promise<void> {
  const channel = await connection.createChannel();
  for (const exchange of [EXCHANGE, METRICS]) await channel.assertExchange(exchange, 'topic', { durable: true });
  for (const [queue, key] of [
    ['bare.workflow', 'accepted'],
    ['bare.scoring', 'judged'],
  ] as const) {
    await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 100 } });
    await channel.bindQueue(queue, EXCHANGE, key);
  }
  await channel.close();
}

const PREFETCH = 2_000;
const BATCH = { most: 500, lingerMs: 3 };

interface StageOptions {
  queue: string;
  to: { exchange: string; routingKey: string };
  /** Takes a JSON array of events as $1, does the stage's work in this one statement, and answers the outbox rows it wrote. */
  statement: string;
}

/** A consumer of the bare path: micro-batch → one statement (duplicates, state, outbox) → acknowledge → publish. */
export async function runStage({ queue, to, statement }: StageOptions): Promise<void> {
  const { amqpUrl, databaseUrl, pack } = readSettings();
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  const publishing = await connect(amqpUrl, { noDelay: true });
  const consuming = await connect(amqpUrl, { noDelay: true });
  await declare(publishing);
  const sender = await Sender.open(publishing, pool, to, pack);
  const batches = new Grouped<ConsumeMessage, void>(async (messages) => {
    const events = messages.flatMap(({ content }) => JSON.parse(content.toString()) as BareEvent | BareEvent[]);
    const { rows } = await pool.query<OutboxRow>({ name: 'stage', text: statement, values: [JSON.stringify(events)] });
    sender.send(rows);
    return messages.map(() => undefined);
  }, BATCH);
  const channel = await consuming.createChannel();
  await channel.prefetch(PREFETCH);
  await channel.consume(queue, (message) => {
    if (message) void batches.submit(message).then(() => channel.ack(message));
  });
  process.once('SIGTERM', () => process.exit(0));
  process.stdout.write(`consuming ${queue}\n`);
}
