import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { askedPeriod } from '@par/organisation';
import { Clock, Problem } from '@par/service-kit';
import type { FastifyReply } from 'fastify';
import { BasisRegister } from '../basis-register.ts';
import { FigureReader } from '../figure-reader.ts';
import { figureRows } from '../figure-rows.ts';
import { FigurePages } from './figure-pages.ts';

/** The figures (`FigureRow[]`), per unit and total, with all that makes them: `GET /v1/figures?indicator=&unit=&period=`. */
@Controller('v1/figures')
export class ShowFiguresController {
  constructor(
    private readonly reader: FigureReader,
    private readonly basis: BasisRegister,
    private readonly pages: FigurePages,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query() query: { indicator?: string; unit?: string; period?: string },
    @Headers('accept-encoding') acceptEncoding?: string,
  ): Promise<Buffer> {
    const period = askedPeriod(query.period, this.clock.now());
    const { indicator, unit } = query;
    const { plan, organisation } = await this.basis.latest();
    if (indicator !== undefined && !plan.indicators.some(({ id }) => id === indicator)) {
      throw new Problem({
        status: 404,
        code: 'figure.unknown-indicator',
        field: 'indicator',
        title: { en: 'There is no such indicator', vi: 'Không có chỉ tiêu này' },
      });
    }
    if (unit !== undefined && !organisation.unit(unit)) {
      throw new Problem({
        status: 404,
        code: 'unit.unknown',
        field: 'unit',
        title: { en: 'There is no such unit', vi: 'Không có đơn vị này' },
      });
    }
    const asked = { period, ...(indicator === undefined ? {} : { indicator }), ...(unit === undefined ? {} : { unit }) };
    return this.pages.send(reply, acceptEncoding, JSON.stringify(asked), async (basis) => {
      const now = this.clock.now();
      const units = unit === undefined ? undefined : [unit, ...basis.organisation.below(unit).map(({ id }) => id)];
      const leaves = await this.reader.leaves(basis, period, now, { ...(indicator && { indicator }), ...(units && { units }) });
      return figureRows(basis.plan, basis.organisation, leaves, asked, now);
    });
  }
}
