import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BatchContext, BatchHandler, type Delivery } from '@par/messaging';
import { CountEventsHandler } from './count-events.handler.ts';

@Controller()
export class CountEventsConsumer {
  constructor(private readonly handler: CountEventsHandler) {}

  @BatchHandler('index-scoring.count-events')
  count(@Payload() batch: Delivery[], @Ctx() context: BatchContext): Promise<Delivery[]> {
    return this.handler.handle(batch, context);
  }
}
