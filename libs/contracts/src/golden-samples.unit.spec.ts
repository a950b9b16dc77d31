import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { balanceDay, routingKeyOf, type CloudEvent } from './cloud-event.ts';
import { envelopeSchemaOf, postedSchemaOf } from './envelope-schema.ts';
import { DOOR_OF, EVENT_CLASSES, EVENT_TYPES, type EventType } from './event-types.ts';
import { isInstant } from './instant.ts';
import { printedContracts, readSample } from './printed-contracts.ts';
import { validateData } from './validate-data.ts';

const root = new URL('../../../', import.meta.url);
const ajv = new Ajv({ allErrors: true, strict: true });
addFormats.default(ajv);
const stamped = (type: EventType) => ajv.getSchema(`urn:par:schema:${type}`) ?? ajv.compile(envelopeSchemaOf(type));
const sampleOf = (type: EventType) => readSample(type) as CloudEvent;

describe('every event type', () => {
  it('has one golden sample and one schema, and there are no others', () => {
    const names = EVENT_TYPES.map((type) => `${type}.json`).sort();
    expect(readdirSync(new URL('../samples/', import.meta.url)).sort()).toEqual(names);
    expect(
      readdirSync(new URL('../schemas/', import.meta.url))
        .filter((name) => name.endsWith('.json'))
        .sort(),
    ).toEqual(names);
    expect(readdirSync(new URL('../schemas/posted/', import.meta.url)).sort()).toEqual(
      EVENT_TYPES.filter((type) => DOOR_OF[type])
        .map((type) => `${type}.json`)
        .sort(),
    );
  });

  it.each(EVENT_TYPES)('%s: class, file and type carry one name', (type) => {
    const words = type
      .slice('vn.par.'.length)
      .split(/[.-]/)
      .map((word) => word[0]!.toUpperCase() + word.slice(1));
    expect(EVENT_CLASSES[type].name).toBe(words.join(''));
    const [noun, happened, version] = type.slice('vn.par.'.length).split('.');
    expect(existsSync(new URL(`./events/${noun}-${happened}.${version}.ts`, import.meta.url))).toBe(true);
  });
});

describe.each(EVENT_TYPES)('the golden sample of %s', (type) => {
  it('is a whole stamped event of that type', () => {
    const validate = stamped(type);
    expect({ ok: validate(sampleOf(type)), errors: validate.errors }).toEqual({ ok: true, errors: null });
    expect(validateData(type, sampleOf(type).data)).toEqual([]);
    expect(isInstant(sampleOf(type).time) && isInstant(sampleOf(type).received)).toBe(true);
  });

  it('fills every field of its data', () => {
    const properties = Object.keys(envelopeSchemaOf(type).properties?.data?.properties ?? {});
    expect(Object.keys(sampleOf(type).data).sort()).toEqual(properties.sort());
  });

  it('is refused with one field more, in the envelope or in the data', () => {
    const validate = stamped(type);
    expect(validate({ ...sampleOf(type), ChuHoSo: 'x' })).toBe(false);
    expect(validate({ ...sampleOf(type), data: { ...sampleOf(type).data, SoDienThoai: 'x' } })).toBe(false);
    expect(validateData(type, { ...sampleOf(type).data, SoDienThoai: 'x' })).toEqual([
      expect.objectContaining({ field: 'SoDienThoai', code: 'schema.unknown-field' }),
    ]);
  });

  it('is refused with any required field less', () => {
    const validate = stamped(type);
    for (const name of envelopeSchemaOf(type).required ?? []) expect(validate({ ...sampleOf(type), [name]: undefined })).toBe(false);
    for (const name of envelopeSchemaOf(type).properties?.data?.required ?? []) {
      const rest = Object.fromEntries(Object.entries(sampleOf(type).data).filter(([other]) => other !== name));
      expect(validateData(type, rest)).toEqual([expect.objectContaining({ field: name, code: 'schema.missing-field' })]);
    }
  });
});

describe('what a producer posts', () => {
  const types = EVENT_TYPES.filter((type) => DOOR_OF[type]);

  it.each(types)('%s: the sample without our stamps is accepted, with them refused', (type) => {
    const validate = ajv.compile(postedSchemaOf(type));
    const { received, network, ...posted } = sampleOf(type);
    expect(validate(posted)).toBe(true);
    expect(validate({ ...posted, unit: '19756', time: '2021-07-05T08:30:00+07:00' })).toBe(true);
    expect(validate({ ...posted, received })).toBe(false);
    expect(validate({ ...posted, network })).toBe(false);
  });
});

describe('an event on its way', () => {
  it('is routed by what happened and where, and counted under the UTC day of its receipt', () => {
    const event = sampleOf('vn.par.work-dossier.step-taken.v1');
    expect(routingKeyOf(event)).toBe('work-dossier.step-taken.v1.hue-19756-gia-hoi');
    expect(balanceDay({ received: '2021-07-05T23:59:59.999Z' })).toBe('2021-07-05');
  });
});

describe('what is printed from the classes and the topology', () => {
  it('is what the repository holds', () => {
    for (const [path, text] of printedContracts()) {
      expect({ path, same: readFileSync(new URL(path, root), 'utf8') === text }).toEqual({ path, same: true });
    }
  });

  it('explains every field that has a docstring', () => {
    const schema = JSON.parse(printedContracts().get('libs/contracts/schemas/vn.par.dossier.received.v1.json')!) as {
      properties: { data: { description: string; properties: { due: { description: string } } } };
    };
    expect(schema.properties.data.description).toContain('Decree 61/2018');
    expect(schema.properties.data.properties.due.description).toContain('Mẫu 01');
  });
});
