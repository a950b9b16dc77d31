import type { Readable } from 'node:stream';
import { Body, Controller, Post, Query, Res, UseGuards } from '@nestjs/common';
import { localDate, WorkingCalendar } from '@par/administration';
import { OrganisationRegister } from '@par/organisation';
import { Clock, OperatorGuard } from '@par/service-kit';
import type { FastifyReply } from 'fastify';
import { type ProcessFacts, processFacts } from '../process-facts.ts';
import { readText } from '../xml-bodies.ts';
import { askedAssignment } from './register-process.dto.ts';
import { RegisterProcessHandler } from './register-process.handler.ts';

const MOST_BYTES = 4_000_000;

/**
 * `POST /v1/processes?valid-from=&procedures=&units=&kinds=` with a BPMN file as `application/xml`: 201 with the version that it became, 200 with the one that it was, 422
 * with every mistake of a process that cannot run. For operators.
 */
@Controller('v1/processes')
export class RegisterProcessController {
  constructor(
    private readonly handler: RegisterProcessHandler,
    private readonly organisation: OrganisationRegister,
    private readonly clock: Clock,
    private readonly calendar: WorkingCalendar,
  ) {}

  @Post()
  @UseGuards(OperatorGuard)
  async register(
    @Body() body: Readable | undefined,
    @Query() query: Record<string, unknown>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProcessFacts> {
    const organisation = await this.organisation.latest();
    const today = localDate(this.clock.now(), this.calendar.timeZone);
    const assignment = askedAssignment(query, today, (unit) => organisation.unit(unit) !== undefined);
    const { version, isNew } = await this.handler.register(await readText(body, MOST_BYTES), assignment);
    void reply.code(isNew ? 201 : 200);
    return processFacts(version);
  }
}
