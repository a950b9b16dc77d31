import { describe, expect, it } from '@jest/globals';
import { Movement } from './movement.ts';

describe('whether a queue moves', () => {
  it('is at rest while nothing waits, however long', () => {
    const movement = new Movement();
    expect(movement.look({ isWaiting: false, finished: 0, atMs: 0 })).toBe(0);
    expect(movement.look({ isWaiting: false, finished: 0, atMs: 3_600_000 })).toBe(0);
  });

  it('counts from the look that first saw messages wait', () => {
    const movement = new Movement();
    movement.look({ isWaiting: false, finished: 3, atMs: 0 });
    expect(movement.look({ isWaiting: true, finished: 3, atMs: 900_000 })).toBe(0);
    expect(movement.look({ isWaiting: true, finished: 3, atMs: 960_000 })).toBe(60_000);
  });

  it('begins anew with every finished batch, also when more wait than before', () => {
    const movement = new Movement();
    movement.look({ isWaiting: true, finished: 1, atMs: 0 });
    movement.look({ isWaiting: true, finished: 1, atMs: 50_000 });
    expect(movement.look({ isWaiting: true, finished: 2, atMs: 100_000 })).toBe(0);
    expect(movement.look({ isWaiting: true, finished: 2, atMs: 110_000 })).toBe(10_000);
  });

  it('forgets a wait that ended between two looks', () => {
    const movement = new Movement();
    movement.look({ isWaiting: true, finished: 0, atMs: 0 });
    movement.look({ isWaiting: false, finished: 0, atMs: 10_000 });
    expect(movement.look({ isWaiting: true, finished: 0, atMs: 500_000 })).toBe(0);
  });
});
