import { Controller, Get, Inject, Query } from '@nestjs/common';
import { type FigureRow } from '@par/contracts';
import { OrganisationRegister } from '@par/organisation';
import { Clock, Problem } from '@par/service-kit';
import { askedPeriod } from '../asked-period.ts';
import { FigureReader } from '../figure-reader.ts';
import { PLAN, type Plan } from '../plan.ts';
import { figureRows } from '../figure-rows.ts';

/** The figures, per unit and total, with all that makes them: `GET /v1/figures?indicator=&unit=&period=`. */
@Controller('v1/figures')
export class ShowFiguresController {
  constructor(
    private readonly reader: FigureReader,
    private readonly register: OrganisationRegister,
    private readonly clock: Clock,
    @Inject(PLAN) private readonly plan: Plan,
  ) {}

  @Get()
  async show(@Query() query: { indicator?: string; unit?: string; period?: string }): Promise<FigureRow[]> {
    const now = this.clock.now();
    const period = askedPeriod(query.period, now);
    const { indicator, unit } = query;
    if (indicator !== undefined && !this.plan.indicators.some(({ id }) => id === indicator)) {
      throw new Problem({
        status: 404,
        code: 'figure.unknown-indicator',
        field: 'indicator',
        title: { en: 'There is no such indicator', vi: 'Không có chỉ tiêu này' },
      });
    }
    const organisation = await this.register.latest();
    if (unit !== undefined && !organisation.unit(unit)) {
      throw new Problem({
        status: 404,
        code: 'unit.unknown',
        field: 'unit',
        title: { en: 'There is no such unit', vi: 'Không có đơn vị này' },
      });
    }
    const leaves = [...(await this.reader.counted(period, indicator)), ...(await this.reader.states(organisation, period, now, indicator))];
    return figureRows(
      this.plan,
      organisation,
      leaves,
      { period, ...(indicator === undefined ? {} : { indicator }), ...(unit === undefined ? {} : { unit }) },
      now,
    );
  }
}
