import { describe, expect, it } from '@jest/globals';
import type { CloudEvent } from '@par/contracts';
import fc from 'fast-check';
import { firstTimers, updatesOf } from './revision.ts';

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
  it('gives the same updates in any order and with any duplicates', () => {
    fc.assert(
      fc.property(events, (drawn) => {
        const batch = drawn.map(([unit, revision]) => changed(unit, revision));
        expect(updatesOf([...batch].reverse().concat(batch))).toEqual(updatesOf(batch));
      }),
    );
  });

  it('counts each revision once, and none that was seen before', () => {
    fc.assert(
      fc.property(events, fc.array(fc.integer({ min: 1, max: 9 })), (drawn, seenBefore) => {
        const batch = drawn.map(([unit, revision]) => ({ event: changed(unit, revision) }));
        const before = updatesOf(batch.map(({ event }) => event)).map((update) => ({
          update,
          seen: update.revisions.map((revision) => seenBefore.includes(revision)),
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
