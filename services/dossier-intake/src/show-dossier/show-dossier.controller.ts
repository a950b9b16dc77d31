import { Controller, Get, Param } from '@nestjs/common';
import { type ShownDossier } from './show-dossier.dto.ts';
import { ShowDossier } from './show-dossier.query.ts';

/** `GET /v1/dossiers/{code}`: the whole life of a dossier, folded from its events. */
@Controller('v1/dossiers')
export class ShowDossierController {
  constructor(private readonly dossiers: ShowDossier) {}

  @Get(':code')
  async show(@Param('code') code: string): Promise<ShownDossier> {
    return this.dossiers.show(code);
  }
}
