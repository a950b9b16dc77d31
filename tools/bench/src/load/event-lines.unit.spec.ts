import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type EventLine, Parcels } from './event-lines.ts';

const line = (letter: string, n: number): EventLine => ({
  door: letter === 'I' ? 'dossier-intake' : 'edocument-workflow',
  json: `${letter}${n}`,
});
const linesOf = (letters: string): EventLine[] => [...letters].map((letter, n) => line(letter, n));

describe('parcels', () => {
  it('one by one keep the order', () => {
    const parcels = new Parcels(linesOf('IWWI'), 1);
    expect([1, 2, 3, 4, 5].map(() => parcels.take()?.events[0])).toEqual(['I0', 'W1', 'W2', 'I3', undefined]);
  });

  it('hold events of one door each, the door with the oldest event first', () => {
    const parcels = new Parcels(linesOf('IWIWI'), 2);
    expect([1, 2, 3, 4].map(() => parcels.take()?.events)).toEqual([['I0', 'I2'], ['W1', 'W3'], ['I4'], undefined]);
  });

  it('with what is left of the stretch take every line up to one place, each once', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[IW]{1,40}$/), fc.integer({ min: 1, max: 7 }), fc.nat(10), (letters, size, takes) => {
        const parcels = new Parcels(linesOf(letters), size);
        const taken: string[] = [];
        for (let n = 0; n < takes; n++) taken.push(...(parcels.take()?.events ?? []));
        for (const { events } of parcels.rest()) taken.push(...events);
        expect(parcels.taken).toBe(taken.length);
        expect(taken.map((json) => Number(json.slice(1))).sort((a, b) => a - b)).toEqual([...taken.keys()]);
      }),
      { numRuns: 300 },
    );
  });
});
