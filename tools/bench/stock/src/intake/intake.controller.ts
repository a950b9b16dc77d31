import { Body, Controller, HttpCode, ParseArrayPipe, Post } from '@nestjs/common';
import { EventDto } from '../event.dto.ts';
import { IntakeService } from './intake.service.ts';

const events = new ParseArrayPipe({ items: EventDto });

@Controller('v1/events')
export class IntakeController {
  constructor(private readonly intake: IntakeService) {}

  @Post()
  @HttpCode(202)
  async accept(@Body() body: unknown): Promise<{ result: 'accepted' } | { summary: { accepted: number } }> {
    const given = Array.isArray(body) ? (body as unknown[]) : [body];
    const valid = (await events.transform(given, { type: 'body' })) as EventDto[];
    if (!Array.isArray(body)) {
      await this.intake.accept(valid[0]!);
      return { result: 'accepted' };
    }
    await this.intake.acceptAll(valid);
    return { summary: { accepted: valid.length } };
  }
}
