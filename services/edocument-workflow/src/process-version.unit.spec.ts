import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Assignment, chooseProcess, type ProcessVersion } from './process-version.ts';

const of = (id: string, version: number, validFrom: string, about: Partial<Assignment> = {}): ProcessVersion =>
  ({ id, version, validFrom, procedures: [], units: [], kinds: [], ...about }) as unknown as ProcessVersion;

const VERSIONS = [
  of('by-name', 1, '2021-01-01'),
  of('by-kind', 1, '2021-01-01', { kinds: ['procedure'] }),
  of('by-unit', 1, '2021-01-01', { units: ['hue-a'] }),
  of('by-procedure', 1, '2021-01-01', { procedures: ['1.001'] }),
  of('by-both', 1, '2021-01-01', { procedures: ['1.002'], units: ['hue-a', 'hue-b'] }),
  of('by-procedure', 2, '2021-06-01', { procedures: ['1.001', '1.002'] }),
  of('later-kind', 1, '2022-01-01', { kinds: ['matter'] }),
  of('earlier-kind', 1, '2021-01-01', { kinds: ['matter'] }),
  of('same-day', 1, '2021-01-01', { units: ['hue-c'] }),
  of('same-day', 2, '2021-01-01', { units: ['hue-c'] }),
];
const wish = (openedOn: string, about: object = {}) => ({ openedOn, ...about });

describe('the process that a work dossier follows', () => {
  it.each([
    ['none that is in force for it', wish('2021-03-01'), undefined],
    ['the one that is named', wish('2021-03-01', { process: 'by-name', unit: 'hue-a' }), 'by-name 1'],
    ['a name that nothing bears', wish('2021-03-01', { process: 'nobody', unit: 'hue-a' }), undefined],
    ['a name that is not yet in force', wish('2020-12-31', { process: 'by-name' }), undefined],
    ['kind', wish('2021-03-01', { kind: 'procedure', unit: 'hue-z' }), 'by-kind 1'],
    ['unit before kind', wish('2021-03-01', { kind: 'procedure', unit: 'hue-a' }), 'by-unit 1'],
    ['procedure before unit', wish('2021-03-01', { kind: 'procedure', unit: 'hue-a', procedure: '1.001' }), 'by-procedure 1'],
    ['unit and procedure before procedure', wish('2021-07-01', { unit: 'hue-b', procedure: '1.002' }), 'by-both 1'],
    ['not for one of the two alone', wish('2021-07-01', { unit: 'hue-z', procedure: '1.002' }), 'by-procedure 2'],
    ['the version of the day', wish('2021-06-01', { procedure: '1.001' }), 'by-procedure 2'],
    ['the version before', wish('2021-05-31', { procedure: '1.001' }), 'by-procedure 1'],
    ['of a tie what came into force later', wish('2023-01-01', { kind: 'matter' }), 'later-kind 1'],
    ['the last version of one day', wish('2021-03-01', { unit: 'hue-c' }), 'same-day 2'],
    ['nothing before its day', wish('2020-12-31', { kind: 'procedure', unit: 'hue-a', procedure: '1.001' }), undefined],
  ])('%s', (_name, asked, expected) => {
    fc.assert(
      fc.property(fc.shuffledSubarray(VERSIONS, { minLength: VERSIONS.length }), (versions) => {
        const chosen = chooseProcess(versions, asked);
        expect(chosen && `${chosen.id} ${chosen.version}`).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });
});
