import { describe, expect, it } from '@jest/globals';
import type { CloudEvent } from '@par/contracts';
import fc from 'fast-check';
import { firstTimers, newestOf, sightingsOf } from './revision.ts';

type FigureChanged = CloudEvent<'vn.par.figure.changed.v1'>;

const changed = (unit: string, revision: number): FigureChanged => ({
  specversion: '1.0',
  source: 'urn:par:index-scoring',
  id: `${unit}:${revision}`,
  type: 'vn.par.figure.changed.v1',
  subject: unit,
  time: '2011-05-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  unit,
  received: '2011-05-01T00:00:00.000Z',
  data: {
    indicator: 'G1-ONTIME',
    rule: 'due-date',
    ruleVersion: 1,
    period: '2011-05',
    numerator: revision,
    denominator: revision,
    revision,
  },
});
const events = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 9 })), { maxLength: 40 });

describe('a batch of changed figures', () => {
  it('shows the same in any order and with any duplicates', () => {
    fc.assert(
      fc.property(events, (drawn) => {
        const batch = drawn.map(([unit, revision]) => changed(unit, revision));
        const mixed = [...batch].reverse().concat(batch);
        expect(newestOf(mixed)).toEqual(newestOf(batch));
        const revisions = (events: FigureChanged[]): unknown => sightingsOf(events).map((one) => [one.event.unit, one.day, one.revisions]);
        expect(revisions(mixed)).toEqual(revisions(batch));
      }),
    );
  });

  it('counts each revision once, and none that was seen before', () => {
    fc.assert(
      fc.property(events, fc.array(fc.integer({ min: 1, max: 9 })), (drawn, seenBefore) => {
        const batch = drawn.map(([unit, revision]) => ({ event: changed(unit, revision) }));
        const before = sightingsOf(batch.map(({ event }) => event)).map((sighting) => ({
          ...sighting,
          seen: sighting.revisions.map((revision) => seenBefore.includes(revision)),
        }));
        const fresh = firstTimers(batch, before).map(({ event }) => event.id);
        const wanted = new Set(
          drawn.filter(([, revision]) => !seenBefore.includes(revision)).map(([unit, revision]) => `${unit}:${revision}`),
        );
        expect(new Set(fresh)).toEqual(wanted);
        expect(fresh).toHaveLength(wanted.size);
      }),
    );
  });
});
