import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { OwnDoor, speaksForUnit } from '@par/ingress';
import { OrganisationRegister } from '@par/organisation';
import { OperatorGuard } from '@par/service-kit';
import type { FastifyRequest } from 'fastify';
import { ResendEdxml, type ResentDelivery, unknownDelivery } from './resend-edxml.handler.ts';

/**
 * `POST /v1/edxml/deliveries/{id}/again`, without a body: what was given up is tried again, once whoever refused it takes it now. For the system of the unit that sends it, by
 * its producer key, and for operators. 202 with the delivery, which then waits; one that waits already stays as it is.
 */
@Controller('v1/edxml/deliveries')
export class ResendEdxmlController {
  constructor(
    private readonly deliveries: ResendEdxml,
    private readonly door: OwnDoor,
    private readonly operators: OperatorGuard,
    private readonly organisation: OrganisationRegister,
  ) {}

  /** @throws Problem 401, 404 `edxml.delivery-unknown`, 409 `edxml.delivered` or `edxml.text-gone`, 422 `producer.not-for-unit`, 503 `edxml.not-sending` */
  @Post(':id/again')
  @HttpCode(202)
  async again(@Param('id') id: string, @Req() request: FastifyRequest): Promise<ResentDelivery> {
    const mayWrite = await this.#rightsOf(request);
    if (!/^\d{1,16}$/.test(id)) throw unknownDelivery();
    return this.deliveries.again(Number(id), mayWrite);
  }

  async #rightsOf(request: FastifyRequest): Promise<(unit: string) => boolean> {
    if (this.operators.isOperator(request)) return () => true;
    const producer = await this.door.producerOf(request);
    const organisation = await this.organisation.latest();
    return (unit) => speaksForUnit(producer, unit, organisation);
  }
}
