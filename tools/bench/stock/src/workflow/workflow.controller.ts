import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload, type RmqContext } from '@nestjs/microservices';
import { acknowledgeAfter } from '../acknowledge.ts';
import { EventDto } from '../event.dto.ts';
import { WorkflowService } from './workflow.service.ts';

@Controller()
export class WorkflowController {
  constructor(private readonly workflow: WorkflowService) {}

  @EventPattern('event.accepted')
  async accepted(@Payload() event: EventDto, @Ctx() context: unknown): Promise<void> {
    await acknowledgeAfter(context as RmqContext, () => this.workflow.handle(event));
  }
}
