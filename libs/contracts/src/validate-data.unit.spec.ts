import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { dataSchemaOf, nestedClassOf, type JsonSchema } from './data-schema.ts';
import { EVENT_CLASSES, EVENT_TYPES, type EventType } from './event-types.ts';
import { isInstant, isLocalDate } from './instant.ts';
import { readSample } from './printed-contracts.ts';
import { validateData, type DataFault } from './validate-data.ts';

type Data = Record<string, unknown>;
const sampleData = (type: EventType) => (readSample(type) as { data: Data }).data;
const codes = (faults: DataFault[]) => faults.map(({ field, code }) => `${field}: ${code}`);

describe('validateData', () => {
  const received: Data = { channel: 'online' };

  it.each<[string, EventType, unknown, string[]]>([
    ['nothing wrong', 'vn.par.dossier.received.v1', received, []],
    ['not an object', 'vn.par.dossier.received.v1', 'online', [': schema.bad-value']],
    ['null', 'vn.par.dossier.received.v1', null, [': schema.bad-value']],
    ['a list', 'vn.par.dossier.received.v1', [], [': schema.bad-value']],
    ['no data at all', 'vn.par.dossier.received.v1', undefined, [': schema.bad-value']],
    ['a missing field', 'vn.par.dossier.received.v1', {}, ['channel: schema.missing-field']],
    ['a code outside its list', 'vn.par.dossier.received.v1', { channel: 'fax' }, ['channel: schema.bad-value']],
    ['a number as text', 'vn.par.dossier.received.v1', { ...received, onlineLevel: '4' }, ['onlineLevel: schema.bad-value']],
    ['a level above 4', 'vn.par.dossier.received.v1', { ...received, onlineLevel: 5 }, ['onlineLevel: schema.bad-value']],
    ['null for an optional field', 'vn.par.dossier.received.v1', { ...received, due: null }, ['due: schema.bad-value']],
    ["an applicant's name", 'vn.par.dossier.received.v1', { ...received, ChuHoSo: 'x' }, ['ChuHoSo: schema.unknown-field']],
    ['a field that objects have', 'vn.par.dossier.received.v1', { ...received, toString: 'x' }, ['toString: schema.unknown-field']],
    ['data for an empty event', 'vn.par.dossier.result-ready.v1', { note: 'x' }, ['note: schema.unknown-field']],
    ['an empty event', 'vn.par.dossier.result-ready.v1', {}, []],
    ['one part of a split', 'vn.par.unit.split.v1', { into: ['a'], from: '2021-07-01' }, ['into: schema.bad-value']],
    ['a bad part of a split', 'vn.par.unit.split.v1', { into: ['a', 'B'], from: '2021-07-01' }, ['into[1]: schema.bad-value']],
  ])('%s', (_, type, data, expected) => expect(codes(validateData(type, data))).toEqual(expected));

  it('names the field inside a nested object', () => {
    const data = sampleData('vn.par.figure.changed.v1');
    const lastEvent = { ...(data.lastEvent as Data), id: 7, applicant: 'x' };
    expect(codes(validateData('vn.par.figure.changed.v1', { ...data, lastEvent })).sort()).toEqual([
      'lastEvent.applicant: schema.unknown-field',
      'lastEvent.id: schema.bad-value',
    ]);
  });

  it('refuses a field called __proto__ as it came over the wire', () => {
    const data: unknown = JSON.parse('{"channel":"online","__proto__":{"admin":true}}');
    expect(codes(validateData('vn.par.dossier.received.v1', data))).toEqual(['__proto__: schema.unknown-field']);
  });

  it.each([
    ['2021-07-12T01:30:00Z', true],
    ['2021-07-12T08:30:00.123456+07:00', true],
    ['2020-02-29T00:00:00Z', true],
    ['2021-02-29T00:00:00Z', false],
    ['2021-04-31T00:00:00Z', false],
    ['2021-07-12', false],
    ['2021-07-12T08:30:00', false],
    ['2021-07-12 08:30:00Z', false],
    ['2021-07-12T24:00:00Z', false],
    ['2016-12-31T23:59:60Z', false],
    ['2021-W05', false],
    ['2021-123', false],
    ['20210712', false],
  ])('takes the due time %s: %s', (due, good) => {
    expect(codes(validateData('vn.par.dossier.received.v1', { channel: 'post', due }))).toEqual(good ? [] : ['due: schema.bad-value']);
    if (good) expect(Number.isNaN(Date.parse(due))).toBe(false);
  });

  it('never repeats a value, and speaks both languages', () => {
    const secret = 'NguyenVanA';
    const onlyBad = fc.constantFrom(...EVENT_TYPES).filter((type) => Object.keys(dataSchemaOf(type).properties ?? {}).length > 0);
    fc.assert(
      fc.property(onlyBad, (type) => {
        const data = Object.fromEntries(Object.keys(sampleData(type)).map((name) => [name, [{ [secret]: secret }, secret]]));
        const faults = validateData(type, data);
        expect(faults.length).toBeGreaterThan(0);
        for (const { detail } of faults) {
          expect(`${detail.en}${detail.vi}`).not.toContain(secret);
          expect(detail.en.length * detail.vi.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('keeps its answer short, whatever is sent', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`${'x'.repeat(500)}\n${i}`, i]));
    const faults = validateData('vn.par.dossier.received.v1', { ...many, ...received });
    expect(faults.length).toBeLessThanOrEqual(20);
    for (const { field } of faults) expect(field).toMatch(/^[^\n]{1,64}$/);
  });

  it('checks more than 100,000 good events a second', () => {
    const data = sampleData('vn.par.dossier.received.v1');
    const rounds = 20_000;
    const measure = () => {
      const start = performance.now();
      for (let i = 0; i < rounds; i++) validateData('vn.par.dossier.received.v1', data);
      return (rounds / (performance.now() - start)) * 1000;
    };
    // The best of several rounds: what the code can do, not how busy the machine is.
    expect(Math.max(...Array.from({ length: 10 }, measure))).toBeGreaterThan(100_000);
  });
});

describe('the compiled schema and the class-validator class', () => {
  // Variation selectors are the one thing that the two count differently in the length of a text.
  const junk: fc.Arbitrary<unknown> = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 250 }).filter((text) => !/[\uFE0E\uFE0F]/.test(text)),
    fc.constantFrom<unknown>(
      '',
      '0',
      'paper',
      'online',
      '2021-07-01',
      '2021-W05',
      '2021-07-01T10:00',
      '2021-02-30T10:00:00Z',
      '2021-07-01T10:00:00Z',
    ),
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      1,
      4,
      5,
      -1,
      1.5,
      1e300,
      [],
      {},
      ['a', 'b'],
      [null],
      [['a']],
      ['paper-step', 'paper-step'],
    ),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const good = (schema: JsonSchema): fc.Arbitrary<unknown> => {
    if (schema.enum) return fc.constantFrom<unknown>(...schema.enum);
    if (schema.format === 'date-time')
      return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((d) => d.toISOString());
    if (schema.pattern) return fc.stringMatching(new RegExp(schema.pattern, 'u'));
    switch (schema.type) {
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return fc.integer({ min: schema.minimum, max: schema.maximum });
      case 'string':
        return fc.string({ unit: 'grapheme-ascii', minLength: schema.minLength, maxLength: schema.maxLength });
      case 'array':
        return fc.array(good(schema.items!), { minLength: schema.minItems, maxLength: schema.maxItems ?? 5 });
      default:
        return object(schema);
    }
  };
  const object = (schema: JsonSchema): fc.Arbitrary<Data> =>
    fc.record(Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, property]) => [name, good(property)])), {
      requiredKeys: schema.required ?? [],
    });
  const changed = (schema: JsonSchema): fc.Arbitrary<Data> => {
    const names = [...Object.keys(schema.properties ?? {}), 'unknown', 'Channel', 'constructor1'];
    const change = fc.oneof(
      fc.tuple(fc.constantFrom(...names), junk).map(([name, value]) => (data: Data) => ({ ...data, [name]: value })),
      fc.constantFrom(...names).map((name) => (data: Data) => Object.fromEntries(Object.entries(data).filter(([other]) => other !== name))),
      ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
        property.type === 'object' ? [changed(property).map((inner) => (data: Data) => ({ ...data, [name]: inner }))] : [],
      ),
    );
    return fc
      .tuple(object(schema), fc.array(change, { minLength: 1, maxLength: 2 }))
      .map(([data, changes]) => changes.reduce((d, c) => c(d), data));
  };

  const classAccepts = (type: EventType, data: Data) =>
    validateSync(plainToInstance(EVENT_CLASSES[type] as new () => object, data), {
      whitelist: true,
      forbidNonWhitelisted: true,
      // A class without properties is unknown to class-validator, which then refuses even the empty object.
      forbidUnknownValues: false,
    }).length === 0;

  /** Where the schema is meant to be narrower: an instant is RFC 3339, absent is not `null`, a nested object is there, one object is not a list of them. */
  const narrower = (target: new () => object, schema: JsonSchema, data: Data): boolean =>
    Object.entries(schema.properties ?? {}).some(([name, property]) => {
      const value = data[name];
      const nested = nestedClassOf(target, name);
      // Nothing at all is a good nested object to class-validator.
      if (value === undefined) return nested !== undefined && property.type === 'object' && schema.required?.includes(name) === true;
      if (value === null) return nested !== undefined || !schema.required?.includes(name);
      if (property.format === 'date-time') return typeof value === 'string' && !isInstant(value);
      if (nested === undefined) return false;
      if (property.type !== 'array') return Array.isArray(value) || narrower(nested, property, value as Data);
      return Array.isArray(value) && value.some((item) => Array.isArray(item) || narrower(nested, property.items!, item as Data));
    });

  it.each(EVENT_TYPES)('agree on %s', (type) => {
    const schema = dataSchemaOf(type);
    fc.assert(
      fc.property(fc.oneof(object(schema), changed(schema)), (data) => {
        const expected = classAccepts(type, data) && !narrower(EVENT_CLASSES[type], schema, data);
        expect(validateData(type, data).length === 0).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });

  it.each(EVENT_TYPES)('both take what the schema of %s describes', (type) => {
    fc.assert(
      fc.property(object(dataSchemaOf(type)), (data) => {
        expect(codes(validateData(type, data))).toEqual([]);
        expect(classAccepts(type, data)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('dates', () => {
  it('exist exactly when the calendar has them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }), (y, m, d) => {
        const text = `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
        const exists = new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
        expect(isLocalDate(text)).toBe(exists);
        expect(isInstant(`${text}T23:59:59Z`)).toBe(exists);
      }),
    );
  });
});
