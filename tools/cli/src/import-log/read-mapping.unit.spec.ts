import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { assertColumns, MappingMistake, parseMapping, type MappingFault } from './read-mapping.ts';

const coselog = readFileSync(new URL('../../mappings/coselog.yaml', import.meta.url), 'utf8');

function faultsOf(work: () => unknown): readonly MappingFault[] {
  try {
    work();
  } catch (error) {
    if (error instanceof MappingMistake) return error.faults;
    throw error;
  }
  return [];
}

const SMALL = `name: small
source: urn:test:small
timeZone: Asia/Ho_Chi_Minh
case:
  id: { column: code }
  unit: { constant: hue-a }
  events:
    - type: vn.par.dossier.received.v1
      id: '{case}/received'
      time: { column: received at }
      data: { channel: { constant: online } }
`;

describe('parseMapping', () => {
  it('reads the mapping of the CoSeLoG log', () => {
    const mapping = parseMapping(coselog, 'coselog.yaml');
    expect(mapping.organisation.map((unit) => unit.id)).toEqual([
      'coselog-city',
      'coselog-general',
      'coselog-customer-contact',
      'coselog-experts',
    ]);
    expect(mapping.case.events.map((event) => event.type)).toEqual([
      'vn.par.dossier.received.v1',
      'vn.par.dossier.result-ready.v1',
      'vn.par.dossier.returned.v1',
      'vn.par.work-dossier.completed.v1',
    ]);
  });

  it('fills in what is left out', () => {
    expect(parseMapping(SMALL, 'small.yaml')).toMatchObject({
      timeFormat: 'iso',
      csv: { delimiter: ',' },
      organisation: [],
      row: { events: [] },
    });
  });

  it.each<[string, [string, string], number, string, RegExp]>([
    ['a word that is not known', ['source:', 'sauce: x\nsource:'], 2, 'sauce', /not known/],
    ['a missing part', ['timeZone: Asia/Ho_Chi_Minh\n', ''], 1, '', /"timeZone" is missing/],
    ['a zone that does not exist', ['Asia/Ho_Chi_Minh', 'Asia/Hue'], 3, 'timeZone', /no IANA time zone/],
    ['a rule of two minds', ['constant: hue-a', 'constant: hue-a, column: unit'], 6, 'case.unit', /either "constant" or "column"/],
    ['a rule without a source', ['{ constant: hue-a }', '{ optional: true }'], 6, 'case.unit', /either "constant" or "column"/],
    ['an event of ours', ['dossier.received', 'work-dossier.closed'], 8, 'case.events[0].type', /no front door/],
    ['a field that the event lacks', ['channel:', 'name:'], 11, 'case.events[0].data.name', /no such field/],
    ['a required field left out', ['channel: { constant: online }', ''], 11, 'case.events[0].data', /"channel" is required/],
    ['not YAML at all', ['name: small', 'name: "small'], 1, '', /not YAML/],
  ])('says where the fault is: %s', (_name, [from, to], line, field, text) => {
    const faults = faultsOf(() => parseMapping(SMALL.replace(from, to), 'small.yaml'));
    const found = faults.find((fault) => text.test(fault.text.en));
    expect(found?.field).toBe(field);
    if (field) expect(found?.line).toBe(line);
    expect(found?.text.vi).not.toBe('');
  });

  it('names every fault at once, with file, line and both languages', () => {
    const broken = SMALL.replace('Asia/Ho_Chi_Minh', 'Asia/Hue').replace('channel:', 'name:');
    expect(() => parseMapping(broken, 'small.yaml')).toThrow(/small\.yaml:3 {2}timeZone[\s\S]*small\.yaml:11/);
  });

  it('asks a step to have an id of its own', () => {
    const faults = faultsOf(() => parseMapping(coselog.replace("'{case}/step/{concept:instance}'", "'{case}/step'"), 'coselog.yaml'));
    expect(faults[0]?.field).toBe('row.events[0].id');
  });

  it('knows the units that the mapping brings', () => {
    const faults = faultsOf(() => parseMapping(coselog.replace('Experts: coselog-experts', 'Experts: coselog-expert'), 'coselog.yaml'));
    expect(faults.map((fault) => fault.field)).toEqual(['case.unit.map.Experts']);
    expect(faultsOf(() => parseMapping(coselog.replace('kind: department', 'kind: office'), 'coselog.yaml'))[0]?.field).toBe(
      'organisation[1].kind',
    );
    expect(faultsOf(() => parseMapping(coselog.replace('2010-01-01', '2010-02-30'), 'coselog.yaml'))[0]?.field).toBe(
      'organisation[0].validFrom',
    );
  });
});

it('refuses columns that the log does not have', () => {
  const mapping = parseMapping(SMALL, 'small.yaml');
  expect(faultsOf(() => assertColumns(mapping, SMALL, 'small.yaml', ['code', 'received at']))).toEqual([]);
  const [fault] = faultsOf(() => assertColumns(mapping, SMALL, 'small.yaml', ['code', 'received']));
  expect(fault).toMatchObject({ line: 10, field: 'case.events[0].time.column' });
  const [twice] = faultsOf(() => assertColumns(mapping, SMALL, 'small.yaml', ['code', 'received at', 'code']));
  expect(twice).toMatchObject({ field: 'case.id.column', text: { en: expect.stringMatching(/more than once/) } });
});
