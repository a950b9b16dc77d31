import { describe, expect, it } from '@jest/globals';
import { MANIFEST_LIMITS } from '@par/contracts';
import { ManifestFault } from './manifest-fault.ts';
import { dossierHash, hashText } from './manifest-items.ts';
import { readManifest } from './read-manifest.ts';

const NOW = new Date('2021-07-06T00:00:00Z');
const ZERO = '0000000000000000';
const STATE = { unit: 'u', state: '10', count: 0, hash: ZERO };
const EVENT = { unit: 'u', type: 'vn.par.dossier.received.v1', count: 0, hash: ZERO };
const manifest = (change: object = {}): object => ({ source: 'urn:s', asOf: '2021-07-05T23:59:59+07:00', lines: [STATE], ...change });
const one = (line: object): object => manifest({ lines: [line] });

function faultOf(posted: unknown, door: 'dossier-intake' | 'edocument-workflow' = 'dossier-intake'): unknown[] {
  try {
    readManifest(posted, door, NOW);
  } catch (error) {
    if (!(error instanceof ManifestFault)) throw error;
    return [error.description.code, error.description.field];
  }
  return [];
}

describe('a posted manifest', () => {
  it('is read with its instant in UTC and the day that its own clock names', () => {
    expect(readManifest(manifest({ lines: [STATE, EVENT] }), 'dossier-intake', NOW)).toEqual({
      source: 'urn:s',
      asOf: '2021-07-05T16:59:59.000Z',
      day: '2021-07-05',
      lines: [STATE, { ...EVENT, day: '2021-07-05' }],
    });
    expect(readManifest(manifest({ day: '2021-07-04', lines: [EVENT] }), 'dossier-intake', NOW).lines[0]).toMatchObject({
      day: '2021-07-04',
    });
  });

  it('takes names that add up to the sum beside them', () => {
    const hash = hashText(dossierHash('D1', '10'));
    expect(faultOf(one({ ...STATE, count: 1, hash, codes: ['D1'] }))).toEqual([]);
    expect(faultOf(one({ ...STATE, count: 1, hash, parts: [{ prefix: hash.slice(0, 2), count: 1, hash, codes: ['D1'] }] }))).toEqual([]);
  });

  const d1 = hashText(dossierHash('D1', '10'));
  it.each<[string, string | undefined, unknown]>([
    ['schema.bad-value', 'manifest', []],
    ['schema.unknown-field', 'applicant', manifest({ applicant: 'x' })],
    ['schema.missing-field', 'source', manifest({ source: undefined })],
    ['schema.bad-value', 'source', manifest({ source: ' a' })],
    ['schema.missing-field', 'asOf', manifest({ asOf: undefined })],
    ['time.no-offset', 'asOf', manifest({ asOf: '2021-07-05T23:59:59' })],
    ['time.malformed', 'asOf', manifest({ asOf: 5 })],
    ['time.in-the-future', 'asOf', manifest({ asOf: '2021-07-06T00:06:00Z' })],
    ['schema.bad-value', 'day', manifest({ day: '2021-02-29' })],
    ['manifest.no-lines', 'lines', manifest({ lines: [] })],
    ['manifest.too-many', 'lines', manifest({ lines: Array.from({ length: MANIFEST_LIMITS.lines + 1 }, () => STATE) })],
    ['schema.unknown-field', 'lines[0].name', one({ ...STATE, name: 'Nguyễn Văn A' })],
    ['schema.unknown-field', 'lines[0].ids', one({ ...STATE, ids: [] })],
    ['schema.unknown-field', 'lines[0].codes', one({ ...EVENT, codes: [] })],
    ['manifest.bad-state', 'lines[0].state', one({ ...STATE, state: 'returned' })],
    ['manifest.bad-state', 'lines[0].state', one({ ...STATE, state: 10 })],
    ['event.unknown-type', 'lines[0].type', one({ ...EVENT, type: 'vn.par.x.v1' })],
    ['event.wrong-door', 'lines[0].type', one({ ...EVENT, type: 'vn.par.work-dossier.step-taken.v1' })],
    ['schema.bad-value', 'lines[0].count', one({ ...STATE, count: -1 })],
    ['schema.bad-value', 'lines[0].count', one({ ...STATE, count: 1.5 })],
    ['schema.bad-value', 'lines[0].hash', one({ ...STATE, hash: 'ABCDEF0123456789' })],
    ['manifest.line-twice', 'lines[1]', manifest({ lines: [STATE, STATE] })],
    ['manifest.names-disagree', 'lines[0].codes', one({ ...STATE, codes: ['D1'] })],
    ['manifest.names-disagree', 'lines[0].codes', one({ ...STATE, count: 2, hash: d1, codes: ['D1'] })],
    ['manifest.name-twice', 'lines[0].codes[1]', one({ ...STATE, count: 2, codes: ['D1', 'D1'] })],
    ['manifest.names-and-parts', 'lines[0].parts', one({ ...STATE, count: 1, hash: d1, codes: ['D1'], parts: [] })],
    ['schema.bad-value', 'lines[0].parts[0].prefix', one({ ...STATE, parts: [{ prefix: 'XY', count: 0, hash: ZERO }] })],
    [
      'manifest.bad-parts',
      'lines[0].parts[1].prefix',
      one({ ...STATE, parts: ['00', '0'].map((prefix) => ({ prefix, count: 0, hash: ZERO })) }),
    ],
    [
      'manifest.not-in-part',
      'lines[0].parts[0].codes[0]',
      one({ ...STATE, parts: [{ prefix: d1.startsWith('0') ? '1' : '0', count: 1, hash: d1, codes: ['D1'] }] }),
    ],
    ['manifest.too-many', 'lines[0].codes', one({ ...STATE, codes: Array.from({ length: MANIFEST_LIMITS.names + 1 }, (_, n) => `D${n}`) })],
    [
      'manifest.too-many',
      'lines[31].day',
      manifest({
        lines: Array.from({ length: 32 }, (_, n) => ({
          ...EVENT,
          day: `2021-0${n < 31 ? 1 : 2}-${String((n % 31) + 1).padStart(2, '0')}`,
        })),
      }),
    ],
  ])('is refused with %s at %s', (code, field, posted) => {
    expect(faultOf(posted)).toEqual([code, field]);
  });

  it('has states at the door of dossiers only', () => {
    expect(faultOf(manifest(), 'edocument-workflow')).toEqual(['event.wrong-door', 'lines[0].state']);
    expect(faultOf(one({ ...EVENT, type: 'vn.par.work-dossier.completed.v1' }), 'edocument-workflow')).toEqual([]);
  });
});
