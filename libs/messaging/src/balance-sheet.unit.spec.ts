import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashToHex, identityHash } from './balance-sheet.ts';

const identity = fc.record({ source: fc.string({ minLength: 1 }), id: fc.string({ minLength: 1 }) });
const sum = (identities: { source: string; id: string }[]): bigint => identities.reduce((hash, each) => hash ^ identityHash(each), 0n);

describe('the hash of a balance line', () => {
  it('does not depend on the order of events', () => {
    fc.assert(fc.property(fc.array(identity), (identities) => sum([...identities].reverse()) === sum(identities)));
  });

  it('tells a missing event', () => {
    fc.assert(fc.property(fc.array(identity, { minLength: 1 }), (identities) => sum(identities.slice(1)) !== sum(identities)));
  });

  it('keeps source and id apart', () => {
    expect(identityHash({ source: 'a', id: 'bc' })).not.toBe(identityHash({ source: 'ab', id: 'c' }));
  });

  it('is written as 16 hex digits, also where its first bit is set', () => {
    expect(hashToHex(-1n)).toBe('ffffffffffffffff');
    expect(hashToHex(10n)).toBe('000000000000000a');
  });
});
