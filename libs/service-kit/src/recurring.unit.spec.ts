import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Recurring } from './recurring.ts';

describe('Recurring', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('does a round at a time, the next one some time after the last has ended', async () => {
    const begun: number[] = [];
    let end: () => void = () => undefined;
    const work = new Recurring(
      100,
      () => {
        begun.push(Date.now());
        return new Promise<void>((done) => (end = done));
      },
      () => undefined,
    );
    const start = Date.now();
    work.start();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(begun.map((at) => at - start)).toEqual([100]);
    end();
    await jest.advanceTimersByTimeAsync(100);
    expect(begun.map((at) => at - start)).toEqual([100, 1_100]);
    end();
    await work.stop();
  });

  it('waits as long as a round asks for, and goes on after one that failed', async () => {
    const results: (() => Promise<number>)[] = [
      () => Promise.resolve(0),
      () => Promise.reject(new Error('no')),
      () => Promise.resolve(5_000),
    ];
    const told: unknown[] = [];
    let rounds = 0;
    const work = new Recurring(
      100,
      () => results[rounds++]!(),
      (error) => told.push(error),
    );
    work.start();
    await jest.advanceTimersByTimeAsync(101);
    expect(rounds).toBe(2);
    expect(told).toEqual([new Error('no')]);
    await jest.advanceTimersByTimeAsync(100);
    expect(rounds).toBe(3);
    await jest.advanceTimersByTimeAsync(4_000);
    expect(rounds).toBe(3);
    await work.stop();
  });

  it('waits for the round in hand at a stop, and begins none after it', async () => {
    let rounds = 0;
    let end: () => void = () => undefined;
    const work = new Recurring(
      10,
      () => {
        rounds += 1;
        return new Promise<void>((done) => (end = done));
      },
      () => undefined,
    );
    work.start();
    await jest.advanceTimersByTimeAsync(10);
    let isStopped = false;
    const stopped = work.stop().then(() => (isStopped = true));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(isStopped).toBe(false);
    end();
    await stopped;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(rounds).toBe(1);
  });
});
