import { makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { countAlone, type CountedEvent } from '../counted-table.ts';
import { type PeerSettings } from '../peer-settings.ts';

const CONCURRENCY = 10;

/** graphile-worker with its local queue, by which it takes 500 jobs at a time; a transaction a job. */
export async function consumeWithGraphileWorker({ databaseUrl, queue }: PeerSettings): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONCURRENCY });
  await run({
    connectionString: databaseUrl,
    taskList: { [queue]: (event) => countAlone(pool, event as CountedEvent) },
    preset: {
      worker: {
        concurrentJobs: CONCURRENCY,
        maxPoolSize: CONCURRENCY + 2,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  });
}

export async function fillGraphileWorker(databaseUrl: string, queue: string, events: readonly CountedEvent[]): Promise<void> {
  const utils = await makeWorkerUtils({ connectionString: databaseUrl });
  try {
    await utils.migrate();
    for (let from = 0; from < events.length; from += 1_000)
      await utils.addJobs(events.slice(from, from + 1_000).map((payload) => ({ identifier: queue, payload, maxAttempts: 5 })));
  } finally {
    await utils.release();
  }
}
