import { Controller, Get, Query, Req } from '@nestjs/common';
import { ProducerKeys, unknownKey } from '@par/ingress';
import { OrganisationRegister } from '@par/organisation';
import { Clock, OperatorGuard } from '@par/service-kit';
import type { FastifyRequest } from 'fastify';
import { type Reader, readableUnits } from '../readable-units.ts';
import { nextPageOf, readAskedPage } from '../work-dossier-page.ts';
import { type ListedWorkDossier, ListWorkDossiersQuery } from './list-work-dossiers.query.ts';

const OPERATOR: Reader = { units: ['*'] };

export interface WorkDossierPage {
  /** ISO instant of the answer: what is overdue is so at this time. */
  asOf: string;
  items: ListedWorkDossier[];
  /** Address of the next page; null after the last. */
  next: string | null;
}

/**
 * `GET /v1/work-dossiers?unit=&state=&kind=&due-before=&limit=&after=`: work dossiers by when they are due, a page at a time, of the units that the caller's key
 * speaks for. Work dossiers that were never opened are not listed. No total is given: counting a million rows would cost more than all pages that anybody reads.
 */
@Controller('v1/work-dossiers')
export class ListWorkDossiersController {
  constructor(
    private readonly query: ListWorkDossiersQuery,
    private readonly organisation: OrganisationRegister,
    private readonly keys: ProducerKeys,
    private readonly operators: OperatorGuard,
    private readonly clock: Clock,
  ) {}

  @Get()
  async list(@Query() query: Record<string, unknown>, @Req() request: FastifyRequest): Promise<WorkDossierPage> {
    const reader = await this.#readerOf(request);
    const asked = readAskedPage(query);
    const now = this.clock.now();
    const units = readableUnits(reader, asked.unit, this.organisation.current(), now);
    // No key speaks for what has no unit, whatever it speaks for; an operator has to see it, or nobody would.
    const withoutUnit = reader === OPERATOR && units === 'all';
    const found = await this.query.page({ ...asked, units, withoutUnit, limit: asked.limit + 1 }, now);
    const items = found.slice(0, asked.limit);
    return { asOf: now.toISOString(), items, next: found.length > items.length ? nextPageOf(query, items.at(-1)!) : null };
  }

  async #readerOf(request: FastifyRequest): Promise<Reader> {
    const producer = await this.keys.knownProducerOf(request.headers.authorization);
    if (producer) return producer;
    if (this.operators.isOperator(request)) return OPERATOR;
    throw unknownKey();
  }
}
