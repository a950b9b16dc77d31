import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { askedPeriod } from '@par/organisation';
import { Clock } from '@par/service-kit';
import type { FastifyReply } from 'fastify';
import { FigurePages } from '../figure-pages.ts';
import { ShowFiguresQuery } from './show-figures.query.ts';

@Controller()
export class ShowFiguresController {
  constructor(
    private readonly query: ShowFiguresQuery,
    private readonly pages: FigurePages,
    private readonly clock: Clock,
  ) {}

  /**
   * Every figure of a period (`FigureRow[]`): a row per unit and a total per city. `unit` takes one unit (a city's id gives its total), `city` one city
   * with all below it. A unit that an indicator is about and that was never heard from is there as `no-data`.
   */
  @Get('v1/figures')
  async figures(
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('accept-encoding') acceptEncoding?: string,
    @Query('period') asked?: string,
    @Query('indicator') indicator?: string,
    @Query('unit') unit?: string,
    @Query('city') city?: string,
  ): Promise<Buffer> {
    const period = askedPeriod(asked, this.clock.now());
    const key = JSON.stringify(['figures', period, indicator, unit, city]);
    return this.pages.send(reply, acceptEncoding, key, ({ organisation }) =>
      this.query.figures(organisation, {
        period,
        ...(indicator ? { indicator } : {}),
        ...(unit ? { unit } : {}),
        ...(city ? { city } : {}),
      }),
    );
  }
}
