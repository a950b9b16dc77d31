import { Logger } from '@nestjs/common';
import { type QueueName } from '@par/contracts';
import { type Database, isDatabaseAway, isTransactionConflict, type Transaction } from '@par/service-kit';
import type { ConsumeMessage } from 'amqplib';
import { BatchContext, type Rejection } from './batch-handler.ts';
import { type BalanceSheet } from './balance-sheet.ts';
import { describe } from './broker.ts';
import { type Delivery, type Filing, filingOf, isUnreadable, readDelivery, readMessage, type Unreadable } from './delivery.ts';
import { type FiledMessages, type RetryRow } from './filed-messages.ts';
import { type MessagingMetrics } from './messaging-metrics.ts';
import { judge } from './retry-policy.ts';

/** A handler as Nest gives it: returns the deliveries that it took in for the first time. */
export type Handler = (batch: Delivery[], context: BatchContext) => Promise<readonly Delivery[]>;

const RETRIES_AT_ONCE = 200;

/** Does a batch in one transaction, and finds the message at fault when it fails. */
export class BatchWork {
  readonly #logger: Logger;

  constructor(
    private readonly queue: QueueName,
    private readonly handler: Handler,
    private readonly database: Database,
    private readonly filed: FiledMessages,
    private readonly sheet: BalanceSheet,
    private readonly metrics: MessagingMetrics,
  ) {
    this.#logger = new Logger(`batch ${queue}`);
  }

  /** Settles every message: counted, to be retried, or dead-lettered. Rejects only when the database is away. */
  async settle(messages: readonly ConsumeMessage[]): Promise<void> {
    const readable: Delivery[] = [];
    const unreadable: Unreadable[] = [];
    for (const message of messages) {
      for (const read of readMessage(message)) {
        if (isUnreadable(read)) unreadable.push(read);
        else readable.push(read);
      }
    }
    if (unreadable.length > 0) {
      await this.database.transaction(async (tx) => {
        for (const read of unreadable) await this.filed.giveUp(tx, this.queue, filingOf(read), 0, { code: read.code, text: read.cause });
      });
      for (const { code } of unreadable) this.metrics.unreadable(this.queue, code);
      this.#logger.error(`${unreadable.length} unreadable messages dead-lettered`);
    }
    if (readable.length > 0) await this.#attempt(readable);
  }

  async #attempt(batch: Delivery[]): Promise<void> {
    for (let conflicts = 0; ; conflicts += 1) {
      try {
        await this.database.transaction((tx) => this.#handle(tx, batch), 'key');
        return;
      } catch (error) {
        if (isDatabaseAway(error)) throw error;
        if (isTransactionConflict(error) && conflicts < 10) continue;
        if (batch.length === 1) {
          const [delivery] = batch as [Delivery];
          await this.database.transaction((tx) => this.#file(tx, delivery, error));
          return;
        }
      }
      const middle = batch.length >> 1;
      await this.#attempt(batch.slice(0, middle));
      await this.#attempt(batch.slice(middle));
      return;
    }
  }

  async #handle(tx: Transaction, batch: Delivery[]): Promise<Map<Delivery, Rejection>> {
    const context = new BatchContext(tx);
    const fresh = await this.handler(batch, context);
    const byOrigin = new Map<string, Delivery['event'][]>();
    for (const { origin, event } of fresh) {
      const events = byOrigin.get(origin);
      if (events) events.push(event);
      else byOrigin.set(origin, [event]);
    }
    for (const [origin, events] of byOrigin) this.sheet.add(tx, 'in', origin, events);
    for (const [delivery, error] of context.rejected) {
      if (delivery.attempt === 0) await this.#file(tx, delivery, error);
    }
    return context.rejected;
  }

  async #file(tx: Transaction, delivery: Delivery, error: unknown): Promise<void> {
    const verdict = judge(error, 0);
    const cause = { code: verdict.code, text: describe(error) };
    const { source, id, type } = delivery.event;
    if (verdict.kind === 'dead-letter') {
      this.#logger.error(`dead-lettered ${type} ${source} ${id}: ${cause.text}`);
      await this.filed.giveUp(tx, this.queue, filingOf(delivery), 0, cause);
    } else {
      this.#logger.warn(`retry later ${type} ${source} ${id}: ${cause.text}`);
      await this.filed.retryLater(tx, this.queue, filingOf(delivery), verdict.attempt, verdict.delaySeconds, cause);
    }
  }

  /** Tries the messages that are due; returns how many there were. */
  async retryDue(): Promise<number> {
    let claimed = 0;
    try {
      await this.database.transaction(async (tx) => {
        const rows = await this.filed.claimDue(tx, this.queue, RETRIES_AT_ONCE);
        claimed = rows.length;
        await this.#retry(tx, rows);
      });
      return claimed;
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      this.#logger.warn(`retrying one by one: ${describe(error)}`);
    }
    const due = await this.database.query<{ id: number }>(
      'SELECT id FROM messaging.retry WHERE queue = $1 AND due_at <= now() ORDER BY due_at LIMIT $2',
      [this.queue, RETRIES_AT_ONCE],
    );
    for (const { id } of due) await this.#retryAlone(id);
    return due.length;
  }

  async #retryAlone(id: number): Promise<void> {
    let row: RetryRow | undefined;
    try {
      await this.database.transaction(async (tx) => {
        [row] = await this.filed.claimDue(tx, this.queue, 1, id);
        if (row) await this.#retry(tx, [row]);
      });
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      const failed = row;
      if (failed) await this.database.transaction((tx) => this.#fileAgain(tx, failed, error));
    }
  }

  async #retry(tx: Transaction, rows: RetryRow[]): Promise<void> {
    if (rows.length === 0) return;
    const byDelivery = new Map<Delivery, RetryRow>();
    for (const row of rows) {
      const read = readDelivery(row.body, row.origin, row.attempt);
      if (isUnreadable(read)) await this.#fileAgain(tx, row, new Error(read.cause));
      else byDelivery.set(read, row);
    }
    const rejected = await this.#handle(tx, [...byDelivery.keys()]);
    const done: number[] = [];
    for (const [delivery, row] of byDelivery) {
      const error = rejected.get(delivery);
      if (error) await this.#fileAgain(tx, row, error);
      else done.push(row.id);
    }
    await this.filed.drop(tx, done);
  }

  async #fileAgain(tx: Transaction, row: RetryRow, error: unknown): Promise<void> {
    const verdict = judge(error, row.attempt);
    const cause = { code: verdict.code, text: describe(error) };
    if (verdict.kind === 'retry-later') {
      await this.filed.delay(tx, row.id, verdict.attempt, verdict.delaySeconds, cause);
      return;
    }
    this.#logger.error(`dead-lettered after ${row.attempt} retries: ${row.type}: ${cause.text}`);
    const filing: Filing = { origin: row.origin, type: row.type, unit: row.unit, day: row.day, body: row.body };
    await this.filed.giveUp(tx, this.queue, filing, row.attempt, cause);
    await this.filed.drop(tx, [row.id]);
  }
}
