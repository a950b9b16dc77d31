import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BatchContext, BatchHandler, type Delivery } from '@par/messaging';
import { JudgeWorkDossiersHandler } from './judge-work-dossiers.handler.ts';

@Controller()
export class JudgeWorkDossiersConsumer {
  constructor(private readonly handler: JudgeWorkDossiersHandler) {}

  /** Returns the deliveries that were taken in for the first time. */
  @BatchHandler('edocument-workflow.judge-work-dossiers')
  judge(@Payload() batch: Delivery[], @Ctx() context: BatchContext): Promise<Delivery[]> {
    return this.handler.judge(batch, context);
  }
}
