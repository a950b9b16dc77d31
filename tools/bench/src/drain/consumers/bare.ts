import { connect, type ConsumeMessage } from 'amqplib';
import pg from 'pg';
import { countBatch, type CountedEvent } from '../counted-table.ts';
import { type PeerSettings } from '../peer-settings.ts';

const BATCH = 500;
const LINGER_MS = 10;

/** The least that can be done: take messages ahead, count 500 events in one statement, acknowledge them together. */
export async function consumeBare({ databaseUrl, amqpUrl, queue, eventsPerMessage }: PeerSettings): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const connection = await connect(amqpUrl, { noDelay: true });
  const channel = await connection.createChannel();
  await channel.prefetch(Math.max(8, Math.ceil((4 * BATCH) / eventsPerMessage)));
  const held: { message: ConsumeMessage; events: CountedEvent[] }[] = [];
  let events = 0;
  let working = false;
  let lingering: NodeJS.Timeout | undefined;
  const takeBatch = (): typeof held => {
    let taken = 0;
    const end = held.findIndex((each) => (taken += each.events.length) >= BATCH);
    const batch = held.splice(0, end === -1 ? held.length : end + 1);
    events -= batch.reduce((sum, each) => sum + each.events.length, 0);
    return batch;
  };
  const work = async (): Promise<void> => {
    clearTimeout(lingering);
    lingering = undefined;
    working = true;
    do {
      const batch = takeBatch();
      await countBatch(
        (text, values) => pool.query({ name: 'count', text, values }),
        batch.flatMap((each) => each.events),
      );
      channel.ack(batch.at(-1)!.message, true);
    } while (events >= BATCH);
    working = false;
    if (events > 0) lingering = setTimeout(() => void work(), LINGER_MS);
  };
  await channel.consume(
    queue,
    (message) => {
      if (!message) return;
      const parsed = JSON.parse(message.content.toString()) as CountedEvent | CountedEvent[];
      const list = Array.isArray(parsed) ? parsed : [parsed];
      held.push({ message, events: list });
      events += list.length;
      if (working) return;
      if (events >= BATCH) void work();
      else lingering ??= setTimeout(() => void work(), LINGER_MS);
    },
    { noAck: false },
  );
}
