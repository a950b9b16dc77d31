import { PgBoss } from 'pg-boss';
import { countBatch, type CountedEvent } from '../counted-table.ts';
import { type PeerSettings } from '../peer-settings.ts';

/** As fast as pg-boss was found to go: batches of 2,000, four workers, one transaction for a batch's work and its completion. */
export async function consumeWithPgBoss({ databaseUrl, queue }: PeerSettings): Promise<void> {
  const boss = new PgBoss({ connectionString: databaseUrl, max: 10 });
  boss.on('error', (error) => console.error(error));
  await boss.start();
  await boss.work(
    queue,
    { batchSize: 2_000, localConcurrency: 4, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true, transactional: true },
    (jobs: { data: CountedEvent }[], tx) =>
      countBatch(
        (text, values) => tx.executeSql(text, values),
        jobs.map(({ data }) => data),
      ),
  );
}

/** Puts the events into a queue of pg-boss' own, as it advises for many: thousands a statement. */
export async function fillPgBoss(databaseUrl: string, queue: string, events: readonly CountedEvent[]): Promise<void> {
  const boss = new PgBoss({ connectionString: databaseUrl, max: 4 });
  boss.on('error', (error) => console.error(error));
  await boss.start();
  try {
    await boss.createQueue(queue);
    for (let from = 0; from < events.length; from += 2_000)
      await boss.insert(
        queue,
        events.slice(from, from + 2_000).map((data) => ({ data })),
      );
  } finally {
    await boss.stop({ graceful: true });
  }
}
