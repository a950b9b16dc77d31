import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BatchContext, BatchHandler, type Delivery } from '@par/messaging';
import { RecordMetricsHandler } from './record-metrics.handler.ts';

/** Takes every metric of `par.metrics` and the organisation's changes of `par.events`. */
@Controller()
export class RecordMetricsConsumer {
  constructor(private readonly handler: RecordMetricsHandler) {}

  @BatchHandler('reporting.record-metrics')
  async record(@Payload() batch: Delivery[], @Ctx() context: BatchContext): Promise<Delivery[]> {
    return this.handler.record(context.tx, batch);
  }
}
