import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@par/service-kit';
import { BatchTransport } from '../batch-transport.ts';

/** `busy`: messages wait in the queue. `drained`: none waits, but a replica may have some in hand. `settled`: nobody has any. */
export type QueueState = 'busy' | 'drained' | 'settled';

/** Reports of replicas that are gone. */
const FORGET_AFTER = '1 day';

/**
 * Tells whether everything that was on a queue has been worked off. The broker tells what waits and how many consumers there are, but not what
 * they hold, so each replica says when it holds nothing; one that is attached and does not say so, because it cannot reach the database, say,
 * counts as holding something.
 */
@Injectable()
export class QuietQueues {
  readonly #replica = randomUUID();
  #look: ReturnType<BatchTransport['queues']> | undefined;

  constructor(
    private readonly database: Database,
    private readonly transport: BatchTransport,
  ) {}

  /** Writes which queues this replica holds nothing of; only while a line differs, so that nothing is written at rest. */
  async report(): Promise<void> {
    this.#look = undefined;
    const [row] = await this.database.query<{ asked: boolean }>(
      'SELECT EXISTS (SELECT FROM messaging.reconciliation WHERE open AND drained_at IS NOT NULL) AS asked',
    );
    if (!row?.asked) return;
    const queues = await this.transport.queues();
    const idle = queues.filter(({ inHand }) => inHand === 0).map(({ name }) => name);
    await this.database.query(
      `INSERT INTO messaging.idle_consumer (replica, queue, idle_at) SELECT $1, queue, clock_timestamp() FROM unnest($2::text[]) AS q(queue)
       ON CONFLICT (replica, queue) DO UPDATE SET idle_at = excluded.idle_at`,
      [this.#replica, idle],
    );
    await this.database.query(`DELETE FROM messaging.idle_consumer WHERE idle_at < now() - interval '${FORGET_AFTER}'`);
  }

  /** `drainedAt`: when the queue was first seen empty since the line in question stands still. */
  async stateOf(queue: string, drainedAt: Date | null): Promise<QueueState> {
    // One look a turn serves all lines of it.
    this.#look ??= this.transport.queues();
    const look = (await this.#look).find(({ name }) => name === queue);
    // Not attached ourselves: nothing is known.
    if (!look || look.consumers === 0 || look.ready > 0) return 'busy';
    if (drainedAt === null) return 'drained';
    const [row] = await this.database.query<{ idle: number }>(
      'SELECT count(*)::int AS idle FROM messaging.idle_consumer WHERE queue = $1 AND idle_at > $2',
      [queue, drainedAt],
    );
    return (row?.idle ?? 0) >= look.consumers ? 'settled' : 'drained';
  }
}
