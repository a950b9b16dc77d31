import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type StandableEvent, standingEvents } from './standing-events.ts';

const fact = (id: string, time = id): StandableEvent => ({ source: 's', id, type: 'fact', time, unit: 'one', data: {} });
const back = (id: string, target: string, time = id): StandableEvent => ({
  source: 's',
  id,
  type: 'back',
  time,
  unit: 'one',
  data: { source: 's', id: target },
});
const standing = (...events: StandableEvent[]) => standingEvents(events, 'back').standing.map(({ id }) => id);
const without = (...events: StandableEvent[]) => standingEvents(events, 'back').withoutTarget.map(({ id }) => id);

describe('events that hold', () => {
  it('are in order of time and identity, once each, without the corrections', () => {
    expect(standing(fact('b', '2'), fact('a', '2'), fact('c', '1'), fact('a', '2'), back('z', 'nobody'))).toEqual(['c', 'a', 'b']);
  });

  it('are not those that were taken back, whether the correction is earlier or later', () => {
    expect(standing(fact('a', '5'), fact('b', '6'), back('c', 'a', '1'))).toEqual(['b']);
    expect(standing(fact('a', '5'), fact('b', '6'), back('c', 'a', '9'))).toEqual(['b']);
  });

  it('come back with each correction of a correction', () => {
    const chain = [fact('a'), back('c1', 'a'), back('c2', 'c1'), back('c3', 'c2')];
    expect(chain.map((_, i) => standing(...chain.slice(0, i + 1)).length)).toEqual([1, 0, 1, 0]);
  });

  it('stay taken back while one of several corrections is in effect', () => {
    expect(standing(fact('a'), back('c1', 'a'), back('c2', 'a'), back('d', 'c1'))).toEqual([]);
    expect(standing(fact('a'), back('c1', 'a'), back('c2', 'a'), back('d', 'c1'), back('e', 'c2'))).toEqual(['a']);
    // c is taken back by d and e; d is not in effect, e is.
    expect(standing(fact('a'), back('c', 'a'), back('d', 'c'), back('e', 'c'), back('f', 'd'))).toEqual(['a']);
  });

  it('are not moved by corrections that take back each other in a ring, or themselves', () => {
    const ring = [back('c', 'd'), back('d', 'e'), back('e', 'c')];
    expect([standing(fact('a'), ...ring), standing(fact('a'), ...ring, back('f', 'a')), without(...ring)]).toEqual([['a'], [], []]);
    // One from outside opens the ring: f takes c back.
    expect(standing(fact('a'), ...ring, back('f', 'c'), back('g', 'f'), back('h', 'a'))).toEqual([]);
    expect([standing(fact('a'), back('c', 'c')), without(back('c', 'c'))]).toEqual([['a'], ['c']]);
  });

  it('name corrections in effect without a target', () => {
    expect(without(fact('a'), back('c', 'a'), back('d', 'x'), back('e', 'y'), back('f', 'e'))).toEqual(['d']);
  });

  it('go along a long chain', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => back(`c${i + 1}`, `c${i}`));
    expect(standing(fact('c0'), ...chain)).toEqual(['c0']);
    expect(standing(fact('c0'), ...chain.slice(1))).toEqual(['c0']);
    expect(standing(fact('c0'), ...chain.slice(0, -1))).toEqual([]);
  });

  it('follow from the definition wherever corrections go in no ring', () => {
    // A correction takes back a fact or a correction with a larger number, so that there is no ring; times are mixed.
    const events = fc
      .array(fc.tuple(fc.nat(12), fc.nat(3)), { maxLength: 9 })
      .map((list) => [
        ...['10', '11', '12'].map((id) => fact(id, '0')),
        ...list.map(([reach, time], i) => back(String(i), String(Math.min(i + 1 + reach, 12)), String(time))),
      ]);
    const holds = (event: StandableEvent, all: readonly StandableEvent[]): boolean =>
      !all.some((other) => other.type === 'back' && (other.data as { id: string }).id === event.id && holds(other, all));
    fc.assert(
      fc.property(events, fc.func(fc.nat()), (list, rank) => {
        const mixed = [...list, ...list.slice(0, 4)].sort((a, b) => rank(a.id) - rank(b.id));
        expect(standing(...mixed)).toEqual(
          list
            .filter((event) => event.type === 'fact' && holds(event, list))
            .map(({ id }) => id)
            .sort(),
        );
      }),
      { numRuns: 400 },
    );
  });
});
