import { Controller, Get } from '@nestjs/common';
import { type CatalogueAnswer, ShowCatalogueQuery } from './show-catalogue.query.ts';

@Controller()
export class ShowCatalogueController {
  constructor(private readonly query: ShowCatalogueQuery) {}

  /** Goals, indicators with their words and targets, and the cities with the years that have data. */
  @Get('v1/catalogue')
  async catalogue(): Promise<CatalogueAnswer> {
    return this.query.catalogue();
  }
}
