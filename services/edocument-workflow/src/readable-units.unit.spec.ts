import { describe, expect, it } from '@jest/globals';
import { hueOrganisation, Organisation, type UnitEvent } from '@par/administration';
import { Problem } from '@par/service-kit';
import { readableUnits } from './readable-units.ts';

const NOW = new Date('2021-08-01T01:00:00Z');
const organisation = Organisation.fold(
  hueOrganisation().map((event) => ({ ...event, unit: event.subject, received: event.time }) as unknown as UnitEvent),
);
const city = organisation.roots()[0]!;
const wards = organisation.inForce('2021-08-01').filter(({ kind }) => kind === 'ward');
const [ward, other] = wards as [(typeof wards)[0], (typeof wards)[0]];
const ended = organisation.units().find(({ validTo }) => validTo !== undefined)!;

const codeOf = (units: readonly string[], asked: string): string => {
  try {
    return `no refusal: ${readableUnits({ units: [...units] }, asked, organisation, NOW).length}`;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.description.field).toBe('unit');
    return `${error.description.status} ${error.description.code}`;
  }
};

describe('which units a reader gets', () => {
  it('all below a city, ended ones too', () => {
    const units = readableUnits({ units: [city.id] }, undefined, organisation, NOW);
    expect(new Set(units)).toEqual(new Set(organisation.units().map(({ id }) => id)));
    expect(units).toContain(ended.id);
    expect(readableUnits({ units: ['*'] }, city.id, organisation, NOW)).toEqual(units);
  });

  it('everything for a key of everything that names no unit', () => {
    expect(readableUnits({ units: ['*'] }, undefined, organisation, NOW)).toBe('all');
  });

  it('its own for a ward, also where it asks for the city', () => {
    expect(readableUnits({ units: [ward.id] }, undefined, organisation, NOW)).toEqual([ward.id]);
    expect(readableUnits({ units: [ward.id] }, city.id, organisation, NOW)).toEqual([ward.id]);
    expect(readableUnits({ units: [ward.id, other.id] }, city.id, organisation, NOW)).toEqual([ward.id, other.id].sort());
  });

  it('by official code', () => {
    const coded = wards.find(({ code }) => code !== undefined)!;
    expect(readableUnits({ units: ['*'] }, coded.code, organisation, NOW)).toEqual([coded.id]);
  });

  it.each([
    ['a unit of others', [ward.id], other.id, '403 producer.not-for-unit'],
    ['a key of no unit', [], city.id, '403 producer.not-for-unit'],
    ['a unit that nobody knows', ['*'], 'atlantis', '400 unit.unknown'],
  ])('refuses %s', (_case, units, asked, code) => {
    expect(codeOf(units, asked)).toBe(code);
  });

  it('nothing for a key of no unit that names none', () => {
    expect(readableUnits({ units: [] }, undefined, organisation, NOW)).toEqual([]);
  });
});
