import { describe, expect, it } from '@jest/globals';
import { timedEvents } from './timed-events.ts';

describe('events that can be timed', () => {
  const events = timedEvents(6_000);
  const placeOf = ({ type, unit, time }: (typeof events)[number]): string => `${type} ${unit} ${time.slice(0, 7)}`;

  it('are all told apart by their identity and their subject', () => {
    expect(new Set(events.map(({ source, id }) => `${source} ${id}`)).size).toBe(events.length);
    expect(new Set(events.map(({ subject }) => subject)).size).toBe(events.length);
  });

  it('share a figure with no other for more than 2,000 events, which is four seconds at 500 a second', () => {
    const last = new Map<string, number>();
    let nearest = Infinity;
    events.forEach((event, index) => {
      const before = last.get(placeOf(event));
      if (before !== undefined) nearest = Math.min(nearest, index - before);
      last.set(placeOf(event), index);
    });
    expect(nearest).toBeGreaterThan(2_000);
  });

  it('take both doors in turn', () => {
    expect(events.slice(0, 4).map(({ type }) => type.split('.')[2])).toEqual(['dossier', 'work-dossier', 'dossier', 'work-dossier']);
  });
});
