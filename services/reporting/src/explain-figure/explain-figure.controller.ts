import { Controller, Get, Param, Query } from '@nestjs/common';
import { Problem } from '@par/service-kit';
import { type Explanation, ExplainFigureQuery } from './explain-figure.query.ts';

@Controller()
export class ExplainFigureController {
  constructor(private readonly query: ExplainFigureQuery) {}

  /** The dossiers in the numerator, or those that are in the denominator only, with the reasons; pages by `after`. */
  @Get('v1/figures/:id/why')
  async why(
    @Param('id') id: string,
    @Query('part') part = 'numerator',
    @Query('after') after?: string,
    @Query('limit') limit?: string,
  ): Promise<Explanation> {
    if (part !== 'numerator' && part !== 'rest') {
      throw new Problem({
        status: 400,
        code: 'figure.bad-part',
        field: 'part',
        title: { en: 'The part is "numerator" or "rest"', vi: 'Phần xem là "numerator" hoặc "rest"' },
      });
    }
    return this.query.explain(id, { part, ...(after ? { after } : {}), ...(limit ? { limit } : {}) });
  }
}
