import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { type ServiceName } from '@par/contracts';
import { MESSAGE_TRANSPORT } from '@par/service-kit';
import { BalanceSheet } from './balance-sheet.ts';
import { BatchTransport } from './batch-transport.ts';
import { Broker, SERVICE_NAME } from './broker.ts';
import { FiledMessages } from './filed-messages.ts';
import { Heartbeat } from './heartbeat.ts';
import { IdentitySource } from './identity-source.ts';
import { MessagingMetrics } from './messaging-metrics.ts';
import { Outbox } from './outbox.ts';
import { CheckpointPublisher } from './publish-checkpoints.timer.ts';
import { Publisher } from './publisher.ts';
import { AnswerQuestion } from './reconcile/answer-question.handler.ts';
import { CompareLines } from './reconcile/compare-lines.timer.ts';
import { LineStore } from './reconcile/line-store.ts';
import { OwnEvents } from './reconcile/own-events.ts';
import { QuietQueues } from './reconcile/quiet-queues.ts';
import { reconcileConsumerOf } from './reconcile/reconcile.consumer.ts';
import { ReconciliationMetrics } from './reconcile/reconciliation-metrics.ts';
import { TakeAnswer } from './reconcile/take-answer.handler.ts';
import { Relay } from './relay.ts';
import { RelayWatch } from './relay-watch.ts';
import { ShowBalanceController } from './show-balance.controller.ts';

export interface MessagingOptions {
  /** Names the events behind a line of this service's balance sheet. */
  identities?: Type<IdentitySource>;
}

/** How messages leave and arrive in a service. Global. */
@Global()
@Module({})
export class MessagingModule {
  static forService(service: ServiceName, options: MessagingOptions = {}): DynamicModule {
    return {
      module: MessagingModule,
      providers: [
        { provide: SERVICE_NAME, useValue: service },
        Broker,
        Publisher,
        Relay,
        BalanceSheet,
        Outbox,
        FiledMessages,
        Heartbeat,
        MessagingMetrics,
        RelayWatch,
        CheckpointPublisher,
        BatchTransport,
        LineStore,
        OwnEvents,
        QuietQueues,
        TakeAnswer,
        AnswerQuestion,
        CompareLines,
        ReconciliationMetrics,
        { provide: MESSAGE_TRANSPORT, useExisting: BatchTransport },
        ...(options.identities ? [{ provide: IdentitySource, useClass: options.identities }] : []),
      ],
      controllers: [ShowBalanceController, reconcileConsumerOf(service)],
      exports: [SERVICE_NAME, Outbox, BalanceSheet, LineStore, BatchTransport, MESSAGE_TRANSPORT],
    };
  }
}
