import type { Bilingual } from '@par/service-kit';
import { getJson } from '../service-client.ts';
import { comparable } from './comparable-text.ts';

/** A unit as `GET /v1/units` shows it. */
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

export type FoundUnit = { ok: true; unit: ShownUnit } | { ok: false; text: Bilingual };

/** The units of the running city, by id, official code or name, as of a day. */
export class UnitDirectory {
  readonly #onDay = new Map<string, Promise<readonly ShownUnit[]>>();

  private constructor(
    /** Every unit of any day. */
    readonly all: readonly ShownUnit[],
    private readonly read: (day: string) => Promise<readonly ShownUnit[]>,
  ) {}

  /** Reads the units of dossier-intake; of one city only where its id is given. */
  static async of(url: string, city?: string): Promise<UnitDirectory> {
    const read = async (query: string): Promise<readonly ShownUnit[]> => {
      const { units } = await getJson<{ units: ShownUnit[] }>('dossier-intake', url, `/v1/units${query}`);
      return city === undefined ? units : units.filter((unit) => unit.city === city);
    };
    return new UnitDirectory(await read(''), (day) => read(`?on=${day}`));
  }

  /** Of units that are given: for specs and for what is known already. */
  static from(units: readonly ShownUnit[]): UnitDirectory {
    const inForce = (day: string): readonly ShownUnit[] =>
      units.filter(({ validFrom, validTo }) => validFrom <= day && (validTo === null || day < validTo));
    return new UnitDirectory(units, (day) => Promise.resolve(inForce(day)));
  }

  /** The unit that a text means on a local day: an id, else an official code, else a name in Vietnamese or English. */
  async find(text: string, day: string): Promise<FoundUnit> {
    let units = this.#onDay.get(day);
    if (!units) this.#onDay.set(day, (units = this.read(day)));
    const found = matching(text, await units);
    const [unit] = found;
    if (unit && found.length === 1) return { ok: true, unit };
    if (found.length > 1) return no(`means more than one unit: ${idsOf(found)}`, `ứng với nhiều đơn vị: ${idsOf(found)}`);
    const ofOtherDays = matching(text, this.all);
    if (ofOtherDays.length === 0) return no('is no unit of the city', 'không phải đơn vị của thành phố');
    return no(`was not in force on ${day} (${spansOf(ofOtherDays)})`, `không có hiệu lực ngày ${day} (${spansOf(ofOtherDays)})`);
  }
}

function matching(text: string, units: readonly ShownUnit[]): ShownUnit[] {
  const wanted = comparable(text);
  for (const textsOf of [
    (unit: ShownUnit) => [unit.id],
    (unit: ShownUnit) => [unit.code ?? ''],
    (unit: ShownUnit) => [unit.name, unit.nameEn],
  ]) {
    const found = units.filter((unit) => textsOf(unit).some((one) => one !== '' && comparable(one) === wanted));
    if (found.length > 0) return found;
  }
  return [];
}

function idsOf(units: readonly ShownUnit[]): string {
  return units.map((unit) => unit.id).join(', ');
}

function spansOf(units: readonly ShownUnit[]): string {
  return units.map((unit) => `${unit.id}: ${unit.validFrom} – ${unit.validTo ?? '…'}`).join('; ');
}

function no(en: string, vi: string): FoundUnit {
  return { ok: false, text: { en, vi } };
}
