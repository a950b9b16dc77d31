import { Controller, Get, Param } from '@nestjs/common';
import { Problem } from '@par/service-kit';
import { ShowWorkDossierQuery, type WorkDossierView } from './show-work-dossier.query.ts';

@Controller('v1/work-dossiers')
export class ShowWorkDossierController {
  constructor(private readonly query: ShowWorkDossierQuery) {}

  @Get(':id')
  async show(@Param('id') id: string): Promise<WorkDossierView> {
    const found = await this.query.find(id);
    if (found) return found;
    throw new Problem({
      status: 404,
      code: 'work-dossier.unknown',
      field: 'id',
      title: { en: 'No work dossier has this id.', vi: 'Không có hồ sơ công việc nào mang mã này.' },
    });
  }
}
