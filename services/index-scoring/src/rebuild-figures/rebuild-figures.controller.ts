import { Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { OperatorGuard, Problem } from '@par/service-kit';
import { RebuildFigures, type RebuildReport } from './rebuild-figures.handler.ts';

/** `POST /v1/rebuild` starts a rebuild of all figures by the plan of the files, for operators only; `GET /v1/rebuild` tells how far the last one of this process is. */
@Controller('v1/rebuild')
export class RebuildFiguresController {
  constructor(private readonly rebuild: RebuildFigures) {}

  @Post()
  @UseGuards(OperatorGuard)
  @HttpCode(202)
  async start(): Promise<RebuildReport> {
    return this.rebuild.start();
  }

  @Get()
  show(): RebuildReport {
    if (this.rebuild.report) return this.rebuild.report;
    throw new Problem({
      status: 404,
      code: 'rebuild.none',
      title: { en: 'No rebuild was started in this process', vi: 'Tiến trình này chưa chạy lần tính lại nào' },
    });
  }
}
