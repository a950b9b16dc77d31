import { Queue, Worker } from 'bullmq';
import pg from 'pg';
import { countAlone, type CountedEvent } from '../counted-table.ts';
import { type PeerSettings } from '../peer-settings.ts';

const CONCURRENCY = 10;

/** BullMQ as its guide shows it, ten jobs at a time, each with a transaction of its own. */
export function consumeWithBullmq({ databaseUrl, redisUrl, queue }: PeerSettings): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONCURRENCY });
  const worker = new Worker<CountedEvent>(nameOf(queue), (job) => countAlone(pool, job.data), {
    connection: { url: redisUrl, maxRetriesPerRequest: null },
    concurrency: CONCURRENCY,
  });
  worker.on('error', (error) => console.error(error));
  return worker.waitUntilReady().then(() => undefined);
}

export async function fillBullmq(redisUrl: string, queue: string, events: readonly CountedEvent[]): Promise<void> {
  const target = new Queue<CountedEvent>(nameOf(queue), { connection: { url: redisUrl } });
  target.on('error', (error) => console.error(error));
  try {
    for (let from = 0; from < events.length; from += 1_000)
      await target.addBulk(
        events.slice(from, from + 1_000).map((data) => ({ name: 'count', data, opts: { removeOnComplete: true, attempts: 5 } })),
      );
  } finally {
    await target.close();
  }
}

/** BullMQ parts its keys by colons and allows none in a name. */
function nameOf(queue: string): string {
  return queue.replaceAll(':', '-');
}
