import { Controller, Get, Query } from '@nestjs/common';
import { Clock } from '@par/service-kit';
import { askedPeriod } from '../asked-period.ts';
import type { FigureRow } from '@par/contracts';
import { ShowFiguresQuery } from './show-figures.query.ts';

@Controller()
export class ShowFiguresController {
  constructor(
    private readonly query: ShowFiguresQuery,
    private readonly clock: Clock,
  ) {}

  /**
   * Every figure of a period: a row per unit and a total per city. `unit` takes one unit (a city's id gives its total), `city` one city
   * with all below it. A unit that an indicator is about and that was never heard from is there as `no-data`.
   */
  @Get('v1/figures')
  async figures(
    @Query('period') period?: string,
    @Query('indicator') indicator?: string,
    @Query('unit') unit?: string,
    @Query('city') city?: string,
  ): Promise<FigureRow[]> {
    return this.query.figures({
      period: askedPeriod(period, this.clock.now()),
      ...(indicator ? { indicator } : {}),
      ...(unit ? { unit } : {}),
      ...(city ? { city } : {}),
    });
  }
}
