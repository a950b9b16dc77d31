import { Controller, type Type } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { reconcileQueueOf, type CloudEvent, type QueueName, type ServiceName } from '@par/contracts';
import { Environment } from '@par/service-kit';
import { BatchContext, BatchHandler } from '../batch-handler.ts';
import { type Delivery } from '../delivery.ts';
import { AnswerQuestion } from './answer-question.handler.ts';
import { stillSecondsOf } from './compare-lines.timer.ts';
import { LineStore } from './line-store.ts';
import { isRead } from './own-events.ts';
import { TakeAnswer } from './take-answer.handler.ts';

type Checkpoint = CloudEvent<'vn.par.checkpoint.advanced.v1'>;

/** The consumer of a service's queue for control traffic; each service has a class of its own, since Nest binds a queue to a class. */
export function reconcileConsumerOf(service: ServiceName): Type {
  const queue: QueueName = reconcileQueueOf(service);

  @Controller()
  class ReconcileConsumer {
    readonly #stillSeconds: number;

    constructor(
      private readonly store: LineStore,
      private readonly questions: AnswerQuestion,
      private readonly answers: TakeAnswer,
      environment: Environment,
    ) {
      this.#stillSeconds = stillSecondsOf(environment);
    }

    /** Takes nothing in as far as the balance sheet goes. */
    @BatchHandler(queue)
    async reconcile(@Payload() batch: Delivery[], @Ctx() { tx }: BatchContext): Promise<Delivery[]> {
      const answers: CloudEvent<'vn.par.reconciliation.answered.v1'>[] = [];
      for (const { event } of batch)
        if (event.type === 'vn.par.reconciliation.answered.v1' && event.data.asker === service) answers.push(event);
      // First of all, since it may take a while: nothing is written yet, so nobody waits for this transaction.
      await this.answers.prepare(tx, answers);
      const heard = newestCheckpoints(batch, service);
      if (heard.length > 0) await this.store.hear(tx, heard, this.#stillSeconds);
      for (const { event } of batch)
        if (event.type === 'vn.par.reconciliation.asked.v1' && event.data.origin === service) await this.questions.answer(tx, event);
      for (const answer of answers) await this.answers.take(tx, answer);
      return [];
    }
  }
  return ReconcileConsumer;
}

/** The newest checkpoint of each line sent to this service. */
function newestCheckpoints(batch: readonly Delivery[], service: ServiceName): Checkpoint[] {
  const newest = new Map<string, Checkpoint>();
  for (const { event } of batch) {
    if (event.type !== 'vn.par.checkpoint.advanced.v1' || event.data.direction !== 'out' || !isRead(service, event.data.eventType))
      continue;
    const key = [event.data.origin, event.data.eventType, event.unit, event.data.day].join(' ');
    const known = newest.get(key);
    if (!known || known.data.revision < event.data.revision) newest.set(key, event);
  }
  return [...newest.values()];
}
