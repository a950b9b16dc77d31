import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { validateData } from '@par/contracts';
import { hueOrganisation } from './hue-organisation.ts';
import { Organisation, type Unit } from './organisation.ts';
import { type UnitEvent } from './unit-history.ts';

interface Listed {
  code: string;
  name: string;
  type: string;
  nameWithType: string;
}
interface Change {
  op: 'merge' | 'split' | 'transferIn';
  from?: string | string[];
  to?: string | { unit: string }[];
  units?: string[];
}
// The public lists lie beside the checkout.
const published = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../shared/data/organisation/${name}`, import.meta.url), 'utf8')) as never;
const { units: before } = published('hue-city-communes-before-2021-07-01.json') as { units: Listed[] };
const { units: after } = published('hue-city-communes-from-2021-07-01.json') as { units: Listed[] };
const changes = published('hue-city-commune-changes-2021-07-01.json') as {
  communesBefore: number;
  communesAfter: number;
  phuongAfter: number;
  xaAfter: number;
  operations: Change[];
};

const stamped = hueOrganisation().map((event) => ({ datacontenttype: 'application/json', received: event.time, ...event }) as UnitEvent);
const hue = Organisation.fold(stamped);
const communes = (on: string) => hue.inForce(on).filter((unit) => unit.kind === 'ward' || unit.kind === 'commune');
const ofKind = (units: readonly Unit[], kind: Unit['kind']) => units.filter((unit) => unit.kind === kind).length;

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D');
const slug = (text: string) => plain(text).toLowerCase().replaceAll(' ', '-');
/** Both ways of placing a tone mark (Thuỷ, Thủy) read the same. */
const comparable = (text: string) => text.normalize('NFC').replaceAll('uỷ', 'ủy');
const idOf = (text: string) => {
  const [code = '', ...name] = text.split(' ');
  return `hue-${code}-${slug(name.join(' '))}`;
};

describe('the organisation of Huế', () => {
  it('folds without a finding', () => {
    expect([hue.findings, hue.unresolved]).toEqual([[], []]);
    expect(hue.roots().map(({ id, code, timeZone, dossierCodes }) => [id, code, timeZone, dossierCodes])).toEqual([
      ['hue', '474', 'Asia/Ho_Chi_Minh', 'national'],
    ]);
  });

  it.each([
    ['2021-01-01', before, { ward: 27, commune: 0 }],
    ['2021-06-30', before, { ward: 27, commune: 0 }],
    ['2021-07-01', after, { ward: 29, commune: 7 }],
    ['2024-12-31', after, { ward: 29, commune: 7 }],
  ])('on %s is the published list', (on, list, counts) => {
    const units = communes(on);
    expect({ ward: ofKind(units, 'ward'), commune: ofKind(units, 'commune') }).toEqual(counts);
    const shown = units.map((unit) => [unit.code, unit.kind === 'ward' ? 'phuong' : 'xa', comparable(hue.nameOf(unit.id, on))]);
    expect(shown.sort()).toEqual(list.map((unit) => [unit.code, unit.type, comparable(unit.nameWithType)]).sort());
    expect(units.map((unit) => unit.id).sort()).toEqual(list.map((unit) => `hue-${unit.code}-${slug(unit.name)}`).sort());
  });

  it('has the published numbers', () => {
    expect(before).toHaveLength(changes.communesBefore);
    expect(communes('2021-07-01')).toHaveLength(changes.communesAfter);
    expect(ofKind(communes('2021-07-01'), 'ward')).toBe(changes.phuongAfter);
    expect(ofKind(communes('2021-07-01'), 'commune')).toBe(changes.xaAfter);
  });

  it('tells every published change of 01/07/2021 and no other', () => {
    const told = new Set<string>();
    for (const { op, from, to, units } of changes.operations) {
      if (op === 'merge') {
        for (const source of (from as string[]).filter((name) => name !== to)) {
          expect(hue.unit(idOf(source))).toMatchObject({ validTo: '2021-07-01', successors: [idOf(to as string)] });
          told.add(idOf(source));
        }
        expect(hue.unit(idOf(to as string))?.validTo).toBeUndefined();
      } else if (op === 'split') {
        const parts = (to as { unit: string }[]).map(({ unit }) => idOf(unit));
        expect(hue.unit(idOf(from as string))).toMatchObject({ validTo: '2021-07-01', successors: parts.sort() });
        told.add(idOf(from as string));
      } else {
        for (const unit of units ?? []) expect(hue.unit(idOf(unit))).toMatchObject({ validFrom: '2021-07-01', successors: [] });
      }
    }
    expect(new Set(hue.units().flatMap((unit) => (unit.validTo ? [unit.id] : [])))).toEqual(told);
  });

  it('gives a code that was used again to the unit of the day', () => {
    const idAt = (code: string, time: string) => {
      const unit = hue.resolve(code, new Date(time));
      return typeof unit === 'string' ? unit : unit.id;
    };
    expect(idAt('19756', '2021-06-30T23:59:59+07:00')).toBe('hue-19756-phu-hiep');
    expect(idAt('19756', '2021-07-01T00:00:00+07:00')).toBe('hue-19756-gia-hoi');
    expect(idAt('19768', '2021-06-30T23:59:59+07:00')).toBe('hue-19768-phu-hoa');
    expect(idAt('19768', '2021-07-01T00:00:00+07:00')).toBe('hue-19768-dong-ba');
    expect(idAt('19753', '2021-01-01T00:00:00+07:00')).toBe(idAt('19753', '2021-12-31T00:00:00+07:00'));
    expect(idAt('19900', '2021-06-30T23:59:59+07:00')).toBe('not-in-force');
    expect(idAt('19744', '2021-07-01T00:00:00+07:00')).toBe('not-in-force');
  });

  it('counts 39 agencies before and 48 after: 12 departments and the communes, not the city itself', () => {
    expect(hue.inForce('2021-06-30').filter((unit) => unit.agency)).toHaveLength(39);
    expect(hue.inForce('2021-07-01').filter((unit) => unit.agency)).toHaveLength(48);
    expect(ofKind(hue.below('hue'), 'department')).toBe(12);
    expect(hue.unit('hue')?.agency).toBe(false);
  });

  it('has English names', () => {
    expect(hue.nameEnOf('hue-19756-gia-hoi')).toBe('Gia Hoi Ward');
    expect(hue.nameEnOf('hue-19906-phu-duong')).toBe('Phu Duong Commune');
    expect(hue.nameEnOf('hue-phong-tu-phap')).toBe('Department of Justice');
    for (const unit of hue.units()) expect(hue.nameEnOf(unit.id)).toMatch(/^[A-Za-z ,']+$/);
  });
});

describe('its events', () => {
  it('are what the front door takes, each with an identity of its own', () => {
    for (const event of hueOrganisation()) {
      expect(validateData(event.type, event.data)).toEqual([]);
      expect(event).toMatchObject({ specversion: '1.0', source: 'urn:par:organisation:hue', unit: event.subject });
      const day = 'validFrom' in event.data ? event.data.validFrom : event.data.from;
      expect(event.time).toBe(`${day}T00:00:00+07:00`);
    }
    expect(new Set(hueOrganisation().map((event) => event.id)).size).toBe(hueOrganisation().length);
  });

  it('open a unit before anything below it, and before anything else of it', () => {
    const opened = new Set<string>();
    for (const event of hueOrganisation()) {
      if (event.type === 'vn.par.unit.opened.v1') {
        const { parent } = event.data as { parent?: string };
        expect(parent === undefined || opened.has(parent)).toBe(true);
        opened.add(event.subject);
      } else expect(opened).toContain(event.subject);
    }
  });
});
