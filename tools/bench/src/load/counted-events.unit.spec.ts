import { describe, expect, it } from '@jest/globals';
import { CountedEvents, type FigureChange } from './counted-events.ts';

const figure = (indicator: string, denominator: number, unit = 'ward', rule = 'received-online'): FigureChange => ({
  unit,
  data: { indicator, rule, period: '2022-03', denominator },
});

function listening(): CountedEvents {
  const events = new CountedEvents([
    { type: 'received', indicator: 'G4-ONLINE', rule: 'received-online' },
    { type: 'completed', indicator: 'G6-WORK' },
  ]);
  for (const at of [100, 200, 300]) events.sent({ type: 'received', unit: 'ward', month: '2022-03' }, at);
  events.sent({ type: 'completed', unit: 'ward', month: '2022-03' }, 400);
  return events;
}

describe('when events were counted', () => {
  it('a figure of n says it of the n-th event, and of those before it that were not heard of', () => {
    const events = listening();
    events.heard(figure('G4-ONLINE', 1), 110);
    events.heard(figure('G4-ONLINE', 3), 320);
    expect(events.spread().byType.received).toEqual({ count: 3, p50: 20, p95: 120, p99: 120, largest: 120 });
    expect(events.uncounted).toBe(1);
    events.heard(figure('G6-WORK-WARD', 1), 430);
    expect(events.spread().byType.completed!.p50).toBe(30);
    expect(events.spread().all!.count).toBe(4);
    expect(events.uncounted).toBe(0);
  });

  it('a figure that comes twice, late, of another unit or by another rule says nothing new', () => {
    const events = listening();
    events.heard(figure('G4-ONLINE', 2), 210);
    events.heard(figure('G4-ONLINE', 1), 900);
    events.heard(figure('G4-ONLINE', 2), 900);
    events.heard(figure('G4-ONLINE', 3, 'other'), 900);
    events.heard(figure('G4-ONLINE', 3, 'ward', 'of-finished'), 900);
    expect(events.spread().all).toEqual({ count: 2, p50: 10, p95: 110, p99: 110, largest: 110 });
    expect(events.uncounted).toBe(2);
  });

  it('events of the warm-up are counted and their times left out', () => {
    const events = listening();
    events.heard(figure('G4-ONLINE', 3), 350, 250);
    expect(events.spread().all!.count).toBe(1);
    expect(events.uncounted).toBe(1);
  });
});
