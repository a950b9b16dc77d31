import { type ArgumentsHost, applyDecorators, Catch, type ExceptionFilter, UseFilters } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { type QueueName } from '@par/contracts';
import { Failure, OperationalError, type Transaction } from '@par/service-kit';
import { type Observable, throwError } from 'rxjs';
import type { Delivery, RawDelivery } from './delivery.ts';

export type Rejection = Failure | OperationalError;

/** What a handler gets beside its batch: the transaction that everything of the batch is part of. */
export class BatchContext {
  readonly rejected = new Map<Delivery, Rejection>();

  constructor(readonly tx: Transaction) {}

  /** Puts one message of the batch aside (dead letter for a Failure, retry later for an OperationalError); the rest count. */
  reject(delivery: Delivery, error: Rejection): void {
    this.rejected.set(delivery, error);
  }
}

/** Context of a front door's batch. */
export class RawBatchContext {
  readonly replies: { to: RawDelivery; body: unknown }[] = [];

  /** Answers the sender, once the batch is done, when it named a reply queue. */
  reply(delivery: RawDelivery, body: unknown): void {
    this.replies.push({ to: delivery, body });
  }
}

/** Nest hides what a message handler throws; the consumer must see it to choose between retry and dead letter. */
@Catch()
export class PassErrorOn implements ExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Marks a controller method as the consumer of a queue. It takes `@Payload() batch: Delivery[]` and `@Ctx() context: BatchContext`, and
 * returns the deliveries that it took in for the first time. When it throws, its transaction is rolled back and the batch is halved
 * until the message at fault stands alone.
 */
export function BatchHandler(queue: QueueName): MethodDecorator {
  return applyDecorators(EventPattern(queue, undefined, { raw: false }), UseFilters(PassErrorOn));
}

/** Marks the consumer of a front door's queue: `@Payload() batch: RawDelivery[]`, `@Ctx() context: RawBatchContext`; returns nothing. */
export function RawBatchHandler(queue: QueueName): MethodDecorator {
  return applyDecorators(EventPattern(queue, undefined, { raw: true }), UseFilters(PassErrorOn));
}
