import { describe, expect, it } from '@jest/globals';
import { ArrivalRate, lingerAt } from './queue-consumer.ts';

describe('the rate at which events come', () => {
  it.each([100, 500, 3_000])('of %d a second is found within a tenth, and forgotten when nothing comes', (perSecond) => {
    const rate = new ArrivalRate();
    for (let ms = 0; ms < 5_000; ms += 1_000 / perSecond) rate.add(1, ms);
    expect(rate.at(5_000) / perSecond).toBeGreaterThan(0.9);
    expect(rate.at(5_000) / perSecond).toBeLessThan(1.1);
    expect(rate.at(10_000)).toBeLessThan(perSecond / 100);
  });

  it('lets a batch wait longer the more comes, and hardly at all at rest', () => {
    for (const queue of ['index-scoring.count-events', 'reporting.record-metrics'] as const) {
      const waits = [0, 500, 1_500, 3_000, 50_000].map((rate) => lingerAt(rate, queue));
      expect(waits).toEqual([...waits].sort((a, b) => a - b));
      expect(waits[0]).toBeLessThan(5);
      expect(waits.at(-1)).toBeLessThan(200);
    }
  });

  it('waits longer where nobody waits for the batch', () => {
    expect(lingerAt(500, 'reporting.record-metrics')).toBeGreaterThan(lingerAt(500, 'index-scoring.count-events'));
  });
});
