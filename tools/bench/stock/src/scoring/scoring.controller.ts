import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload, type RmqContext } from '@nestjs/microservices';
import { acknowledgeAfter } from '../acknowledge.ts';
import { EventDto } from '../event.dto.ts';
import { ScoringService } from './scoring.service.ts';

@Controller()
export class ScoringController {
  constructor(private readonly scoring: ScoringService) {}

  @EventPattern('event.judged')
  async judged(@Payload() event: EventDto, @Ctx() context: unknown): Promise<void> {
    await acknowledgeAfter(context as RmqContext, () => this.scoring.count(event));
  }
}
