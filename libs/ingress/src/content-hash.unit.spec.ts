import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, contentHash } from './content-hash.ts';

const content = { type: 't', subject: 's', unit: 'u', time: '2021-07-01T08:00:00+07:00', data: { channel: 'online', due: 'x' } };

/** The same value with the members of every object in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, shuffled(member)]),
  );
}

describe('the content hash', () => {
  it('never depends on the order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        expect(contentHash({ ...content, data: shuffled(data) })).toEqual(contentHash({ ...content, data }));
      }),
    );
  });

  it('is equal for equal JSON only', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const alike = canonicalJson(a) === canonicalJson(b);
        expect(contentHash({ ...content, data: a }).equals(contentHash({ ...content, data: b }))).toBe(alike);
        expect(canonicalJson(JSON.parse(canonicalJson(a)))).toBe(canonicalJson(a));
      }),
    );
  });

  it.each([{ type: 'x' }, { subject: 'x' }, { unit: 'x' }, { time: '2021-07-01T01:00:00Z' }, { data: { channel: 'post' } }])(
    'changes with %j',
    (change) => {
      expect(contentHash({ ...content, ...change }).equals(contentHash(content))).toBe(false);
    },
  );

  it('is not fooled by members moving between attributes', () => {
    expect(contentHash({ ...content, subject: 's","u', unit: '' }).equals(contentHash({ ...content, subject: 's', unit: 'u' }))).toBe(
      false,
    );
  });
});
