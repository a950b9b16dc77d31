import { Controller, Get, Query } from '@nestjs/common';
import { localDate } from '@par/administration';
import { Clock, Problem } from '@par/service-kit';
import { OrganisationRegister } from './organisation-register.ts';

export interface ShownUnit {
  id: string;
  code: string | null;
  name: string;
  nameEn: string;
  kind: string;
  parent: string | null;
  city: string;
  agency: boolean;
  validFrom: string;
  /** First day not in force. */
  validTo: string | null;
  timeZone: string;
}

/** The units that this service knows, all of them or those in force on a local date. */
@Controller('v1/units')
export class ShowUnitsController {
  constructor(
    private readonly register: OrganisationRegister,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Query('on') on?: string): Promise<{ units: ShownUnit[] }> {
    if (on !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(on)) {
      throw new Problem({
        status: 400,
        code: 'request.bad-date',
        field: 'on',
        title: { en: 'A date is written YYYY-MM-DD', vi: 'Ngày viết theo dạng YYYY-MM-DD' },
      });
    }
    const organisation = await this.register.latest();
    const units = on === undefined ? organisation.units() : organisation.inForce(on);
    return {
      units: units.map((unit) => {
        const nameDay = on ?? localDate(this.clock.now(), unit.timeZone);
        return {
          id: unit.id,
          code: unit.code ?? null,
          name: organisation.nameOf(unit.id, nameDay),
          nameEn: organisation.nameEnOf(unit.id, nameDay),
          kind: unit.kind,
          parent: unit.parent ?? null,
          city: unit.city,
          agency: unit.agency,
          validFrom: unit.validFrom,
          validTo: unit.validTo ?? null,
          timeZone: unit.timeZone,
        };
      }),
    };
  }
}
