import { Injectable } from '@nestjs/common';
import { OrganisationRegister } from '@par/organisation';
import { Environment } from '@par/service-kit';
import { type Catalogue, readCatalogue } from '../indicator.ts';
import { ReadModel } from '../read-model.ts';

export interface City {
  id: string;
  name: string;
  nameEn: string;
  timeZone: string;
  /** Years in which at least one dossier of the city was counted, newest first. */
  years: string[];
}

/** What a page needs before it asks for figures. */
export interface CatalogueAnswer extends Catalogue {
  /** The one with most units first. */
  cities: City[];
  /** Whether `GET /v1/figures/{id}/why` is answered here. */
  explains: boolean;
}

@Injectable()
export class ShowCatalogueQuery {
  readonly #catalogue = readCatalogue();
  readonly #explains: boolean;

  constructor(
    private readonly readModel: ReadModel,
    private readonly register: OrganisationRegister,
    environment: Environment,
  ) {
    this.#explains = environment.text('SCORING_URL', '') !== '';
  }

  async catalogue(): Promise<CatalogueAnswer> {
    const organisation = await this.register.latest();
    const used = await this.readModel.prisma.figureCounter.groupBy({
      by: ['unit', 'period'],
      where: { period: { not: 'now' }, denominator: { gt: 0 } },
    });
    const yearsByCity = new Map<string, Set<string>>();
    for (const { unit, period } of used) {
      const city = organisation.unit(unit)?.city;
      if (city === undefined) continue;
      const years = yearsByCity.get(city) ?? new Set();
      yearsByCity.set(city, years.add(period.slice(0, 4)));
    }
    const sizeOf = new Map(organisation.roots().map((root) => [root.id, organisation.below(root.id).length]));
    const roots = organisation.roots().sort((a, b) => sizeOf.get(b.id)! - sizeOf.get(a.id)!);
    const cities = roots.map((root) => ({
      id: root.id,
      name: organisation.nameOf(root.id),
      nameEn: organisation.nameEnOf(root.id),
      timeZone: root.timeZone,
      years: [...(yearsByCity.get(root.id) ?? [])].sort().reverse(),
    }));
    return { ...this.#catalogue, cities, explains: this.#explains };
  }
}
