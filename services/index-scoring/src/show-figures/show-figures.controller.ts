import { Controller, Get, Query } from '@nestjs/common';
import { type FigureRow } from '@par/contracts';
import { Clock, Problem } from '@par/service-kit';
import { askedPeriod } from '../asked-period.ts';
import { BasisRegister } from '../basis-register.ts';
import { FigureReader } from '../figure-reader.ts';
import { figureRows } from '../figure-rows.ts';

/** The figures, per unit and total, with all that makes them: `GET /v1/figures?indicator=&unit=&period=`. */
@Controller('v1/figures')
export class ShowFiguresController {
  constructor(
    private readonly reader: FigureReader,
    private readonly basis: BasisRegister,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Query() query: { indicator?: string; unit?: string; period?: string }): Promise<FigureRow[]> {
    const now = this.clock.now();
    const period = askedPeriod(query.period, now);
    const { indicator, unit } = query;
    const basis = await this.basis.latest();
    if (indicator !== undefined && !basis.plan.indicators.some(({ id }) => id === indicator)) {
      throw new Problem({
        status: 404,
        code: 'figure.unknown-indicator',
        field: 'indicator',
        title: { en: 'There is no such indicator', vi: 'Không có chỉ tiêu này' },
      });
    }
    if (unit !== undefined && !basis.organisation.unit(unit)) {
      throw new Problem({
        status: 404,
        code: 'unit.unknown',
        field: 'unit',
        title: { en: 'There is no such unit', vi: 'Không có đơn vị này' },
      });
    }
    return figureRows(
      basis.plan,
      basis.organisation,
      await this.reader.leaves(basis, period, now, indicator),
      { period, ...(indicator === undefined ? {} : { indicator }), ...(unit === undefined ? {} : { unit }) },
      now,
    );
  }
}
