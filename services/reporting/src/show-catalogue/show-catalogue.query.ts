import { Injectable } from '@nestjs/common';
import type { Organisation } from '@par/administration';
import { Database, Environment } from '@par/service-kit';
import { type Catalogue, readCatalogue } from '../indicator.ts';

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
    private readonly database: Database,
    environment: Environment,
  ) {
    this.#explains = environment.text('SCORING_URL', '') !== '';
  }

  async catalogue(organisation: Organisation): Promise<CatalogueAnswer> {
    const used = await this.database.query<{ unit: string; year: string }>(
      `SELECT DISTINCT unit, left(period, 4) AS year FROM figure_counter WHERE period <> 'now' AND denominator > 0`,
    );
    const yearsByCity = new Map<string, Set<string>>();
    for (const { unit, year } of used) {
      const city = organisation.unit(unit)?.city;
      if (city === undefined) continue;
      const years = yearsByCity.get(city) ?? new Set();
      yearsByCity.set(city, years.add(year));
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
