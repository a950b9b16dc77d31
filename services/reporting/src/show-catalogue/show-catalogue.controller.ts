import { Controller, Get, Headers, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { FigurePages } from '../figure-pages.ts';
import { ShowCatalogueQuery } from './show-catalogue.query.ts';

@Controller()
export class ShowCatalogueController {
  constructor(
    private readonly query: ShowCatalogueQuery,
    private readonly pages: FigurePages,
  ) {}

  /** Goals, indicators with their words and targets, and the cities with the years that have data (`CatalogueAnswer`). */
  @Get('v1/catalogue')
  async catalogue(@Res({ passthrough: true }) reply: FastifyReply, @Headers('accept-encoding') acceptEncoding?: string): Promise<Buffer> {
    return this.pages.send(reply, acceptEncoding, 'catalogue', ({ organisation }) => this.query.catalogue(organisation));
  }
}
