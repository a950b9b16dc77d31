import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BatchContext, BatchHandler, type Delivery } from '@par/messaging';
import { FollowDocumentsHandler } from './follow-documents.handler.ts';

@Controller()
export class FollowDocumentsConsumer {
  constructor(private readonly handler: FollowDocumentsHandler) {}

  /** Returns the deliveries that were taken in for the first time. */
  @BatchHandler('edocument-workflow.follow-documents')
  follow(@Payload() batch: Delivery[], @Ctx() context: BatchContext): Promise<Delivery[]> {
    return this.handler.follow(batch, context);
  }
}
