import { describe, expect, it } from '@jest/globals';
import { Problem } from '@par/service-kit';
import fc from 'fast-check';
import { nextPageOf, type PlaceInList, readAskedPage } from './work-dossier-page.ts';

function refusalOf(query: Record<string, unknown>): { status: number; code: string; field: string | undefined; text: string } {
  try {
    readAskedPage(query);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { status, code, field } = error.description;
    return { status, code, field, text: JSON.stringify(error.toDocument()) };
  }
  throw new Error('it was not refused');
}

const queryOf = (address: string): Record<string, string> => Object.fromEntries(new URL(address, 'http://spec').searchParams);
const instant = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const place: fc.Arbitrary<PlaceInList> = fc.record({
  dueAt: fc.option(instant),
  id: fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).filter((text) => text.length <= 200 && !/\p{Cc}/u.test(text)),
});
const filters = fc.record(
  {
    unit: fc.constantFrom('hue', 'hue-phuong-phu-hau', '19756'),
    state: fc.constantFrom('open', 'closed'),
    kind: fc.constantFrom('procedure', 'matter'),
    'due-before': instant,
    limit: fc.integer({ min: 1, max: 200 }).map(String),
  },
  { requiredKeys: [] },
);

describe('the parameters of the list of work dossiers', () => {
  it('asks for fifty of every state and kind where nothing is said', () => {
    expect(readAskedPage({})).toEqual({
      states: ['open', 'closed'],
      kinds: ['procedure', 'incoming-document', 'outgoing-document', 'matter', null],
      limit: 50,
    });
  });

  it('reads them', () => {
    const query = { unit: 'hue', state: 'open', kind: 'matter', 'due-before': '2021-07-01T08:00:00+07:00', limit: '200' };
    expect(readAskedPage(query)).toEqual({
      unit: 'hue',
      states: ['open'],
      kinds: ['matter'],
      dueBefore: '2021-07-01T01:00:00.000Z',
      limit: 200,
    });
  });

  it.each([
    ['state', { state: 'unopened' }, 'request.bad-parameter'],
    ['state', { state: ['open', 'closed'] }, 'request.bad-parameter'],
    ['kind', { kind: 'letter' }, 'request.bad-parameter'],
    ['unit', { unit: '' }, 'request.bad-parameter'],
    ['limit', { limit: '0' }, 'request.bad-parameter'],
    ['limit', { limit: '201' }, 'request.bad-parameter'],
    ['limit', { limit: '1e2' }, 'request.bad-parameter'],
    ['due-before', { 'due-before': '2021-07-01' }, 'time.malformed'],
    ['due-before', { 'due-before': '2021-07-01T08:00:00' }, 'time.no-offset'],
    ['due-before', { 'due-before': '2021-02-30T08:00:00Z' }, 'time.impossible'],
    ['after', { after: '50' }, 'request.bad-cursor'],
    ['after', { after: Buffer.from('[null,"D-1"]').toString('base64url') }, 'request.bad-cursor'],
    ['after', { after: Buffer.from('[null,"D\\u0000",""]').toString('base64url') }, 'request.bad-cursor'],
    ['dueBefore', { dueBefore: '2021-07-01T08:00:00Z' }, 'request.unknown-parameter'],
    ['query', { '<script>': '' }, 'request.unknown-parameter'],
  ])('refuses a wrong %s: %j', (field, query, code) => {
    const refusal = refusalOf(query);
    expect(refusal).toMatchObject({ status: 400, code, field });
    expect(refusal.text).toContain('titleVi');
    expect(refusal.text).not.toContain('<script>');
  });

  it('follows its own link to the place that it was made of', () => {
    fc.assert(
      fc.property(filters, place, (query, last) => {
        const next = queryOf(nextPageOf(query, last));
        expect(readAskedPage(next)).toEqual({ ...readAskedPage(query), after: last });
      }),
    );
  });

  it('takes a cursor for no other question', () => {
    fc.assert(
      fc.property(filters, filters, place, (query, other, last) => {
        const same = (['unit', 'state', 'kind', 'due-before'] as const).every((name) => query[name] === other[name]);
        fc.pre(!same);
        const { after } = queryOf(nextPageOf(query, last));
        expect(refusalOf({ ...other, after })).toMatchObject({ status: 400, code: 'request.bad-cursor', field: 'after' });
      }),
    );
  });

  it('takes no cursor in which anything was changed', () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.constantFrom(...'AZaz09-_=.'), (last, where, letter) => {
        const { after = '' } = queryOf(nextPageOf({}, last));
        const changed = after.slice(0, where % after.length) + letter + after.slice((where % after.length) + 1);
        fc.pre(changed !== after);
        expect(refusalOf({ after: changed })).toMatchObject({ code: 'request.bad-cursor', field: 'after' });
      }),
    );
  });

  it('crashes on no cursor whatever', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ minLength: 1 }),
          fc.json().map((json) => Buffer.from(json).toString('base64url')),
        ),
        (after) => {
          expect(refusalOf({ after }).code).toBe('request.bad-cursor');
        },
      ),
    );
  });
});
