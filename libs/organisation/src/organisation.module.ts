import { type DynamicModule, Global, Module } from '@nestjs/common';
import { OrganisationRegister } from './organisation-register.ts';
import { ShowUnitsController } from './show-units.controller.ts';

/** A service's copy of the organisation. Global. */
@Global()
@Module({})
export class OrganisationModule {
  static forService(): DynamicModule {
    return {
      module: OrganisationModule,
      providers: [OrganisationRegister],
      controllers: [ShowUnitsController],
      exports: [OrganisationRegister],
    };
  }
}
