import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { type ServiceName } from '@par/contracts';
import { MESSAGE_TRANSPORT } from '@par/service-kit';
import { BalanceSheet } from './balance-sheet.ts';
import { BatchTransport } from './batch-transport.ts';
import { Broker, SERVICE_NAME } from './broker.ts';
import { FiledMessages } from './filed-messages.ts';
import { Heartbeat } from './heartbeat.ts';
import { Outbox } from './outbox.ts';
import { CheckpointPublisher } from './publish-checkpoints.timer.ts';
import { Publisher } from './publisher.ts';
import { Relay } from './relay.ts';
import { IdentitySource, ShowBalanceController } from './show-balance.controller.ts';

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
        CheckpointPublisher,
        BatchTransport,
        { provide: MESSAGE_TRANSPORT, useExisting: BatchTransport },
        ...(options.identities ? [{ provide: IdentitySource, useClass: options.identities }] : []),
      ],
      controllers: [ShowBalanceController],
      exports: [SERVICE_NAME, Outbox, BalanceSheet, BatchTransport, MESSAGE_TRANSPORT],
    };
  }
}
