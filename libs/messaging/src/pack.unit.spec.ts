import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES, exchangeOf, matchesPattern, QUEUES, routingKeyOf, type EventType } from '@par/contracts';
import fc from 'fast-check';
import { eventsInMessage, MOST_EVENTS_IN_PACK, packsOf, type Pack } from './pack.ts';

interface Small {
  type: EventType;
  unit: string;
  id: number;
}

const small = fc.record({ type: fc.constantFrom(...EVENT_TYPES), unit: fc.constantFrom('a', 'b', 'c'), id: fc.nat() });
const pack = (events: Small[]): Pack[] =>
  packsOf(
    events,
    events.map((event) => JSON.stringify(event)),
  );
const eventsOf = ({ body, events }: Pack): Small[] => (events === 1 ? [JSON.parse(body) as Small] : (JSON.parse(body) as Small[]));
const queuesOf = (exchange: string, keys: readonly string[]): string[] =>
  QUEUES.filter((queue) =>
    queue.bindings.some((binding) => binding.exchange === exchange && keys.some((key) => matchesPattern(binding.pattern, key))),
  ).map(({ name }) => name);

describe('packing the events of one commit', () => {
  it('leaves a lone event as it is', () => {
    expect(pack([{ type: 'vn.par.dossier.received.v1', unit: 'a', id: 1 }])).toEqual([
      {
        exchange: 'par.events',
        routingKeys: ['dossier.received.v1.a'],
        type: 'vn.par.dossier.received.v1',
        body: '{"type":"vn.par.dossier.received.v1","unit":"a","id":1}',
        events: 1,
      },
    ]);
  });

  it('keeps every event once, in order among those with the same readers, within the limit', () => {
    fc.assert(
      fc.property(fc.array(small, { maxLength: 200 }), (events) => {
        const packs = pack(events);
        const packed = packs.flatMap(eventsOf);
        expect(packed).toHaveLength(events.length);
        expect(new Set(packed.map((event) => JSON.stringify(event)))).toEqual(new Set(events.map((event) => JSON.stringify(event))));
        for (const { events: count } of packs) expect(count).toBeLessThanOrEqual(MOST_EVENTS_IN_PACK);
        const ofType = (list: Small[], type: EventType): number[] => list.filter((event) => event.type === type).map(({ id }) => id);
        for (const type of EVENT_TYPES) expect(ofType(packed, type)).toEqual(ofType(events, type));
      }),
    );
  });

  it('brings each event to every queue that is bound to it, and to no other', () => {
    fc.assert(
      fc.property(fc.array(small, { minLength: 1, maxLength: 80 }), (events) => {
        for (const one of pack(events)) {
          for (const event of eventsOf(one)) {
            expect(queuesOf(one.exchange, one.routingKeys)).toEqual(queuesOf(exchangeOf(event.type), [routingKeyOf(event)]));
          }
        }
      }),
    );
  });

  it('does not let a message grow large', () => {
    const events = Array.from({ length: 20 }, (_, id): Small => ({ type: 'vn.par.dossier.rated.v1', unit: 'a', id }));
    const bodies = events.map(() => JSON.stringify({ text: 'x'.repeat(30_000) }));
    for (const { body } of packsOf(events, bodies)) expect(body.length).toBeLessThan(100_000);
  });
});

describe('the number of events in a message', () => {
  it.each([
    [undefined, 1],
    [{}, 1],
    [{ 'par-events': 25 }, 25],
    [{ 'par-events': 'many' }, 1],
    [{ 'par-events': -3 }, 1],
  ])('with the headers %o is %d', (headers, count) => {
    expect(eventsInMessage(headers)).toBe(count);
  });
});
