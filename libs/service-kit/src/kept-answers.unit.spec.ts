import { beforeEach, describe, expect, it } from '@jest/globals';
import { Environment } from './environment.ts';
import { KeptAnswers } from './kept-answers.ts';

describe('answers that are dear to make', () => {
  let now: number;
  let made: number;
  let answers: KeptAnswers<number>;
  /** An answer that takes so long to make, and is the number of answers made so far. */
  const taking = (ms: number) => async (): Promise<number> => {
    made += 1;
    const value = made;
    now += ms;
    await Promise.resolve();
    return value;
  };
  const settle = (): Promise<void> => new Promise((next) => setImmediate(next));

  beforeEach(() => {
    [now, made] = [0, 0];
    answers = new KeptAnswers(2, new Environment({ KEEP_ANSWERS_FROM_MS: '50' }), () => now);
  });

  it('are made for everyone while they are quickly made', async () => {
    expect(await answers.get('a', taking(49))).toBe(1);
    expect(await answers.get('a', taking(49))).toBe(2);
  });

  it('are given for twenty times as long as they took, then made anew beside, then waited for', async () => {
    expect(await answers.get('a', taking(100))).toBe(1);
    now += 2_000;
    expect(await answers.get('a', taking(100))).toBe(1);
    now += 1;
    expect(await answers.get('a', taking(100))).toBe(1);
    await settle();
    expect(made).toBe(2);
    expect(await answers.get('a', taking(100))).toBe(2);
    now += 4_001;
    expect(await answers.get('a', taking(100))).toBe(3);
  });

  it('are given for ten seconds at most, and ten more', async () => {
    await answers.get('a', taking(60_000));
    now += 20_001;
    expect(await answers.get('a', taking(1))).toBe(2);
  });

  it('are made once for all who wait for the same', async () => {
    await answers.get('a', taking(100));
    now += 10_000;
    expect(await Promise.all([1, 2, 3].map(() => answers.get('a', taking(100))))).toEqual([2, 2, 2]);
  });

  it('of different questions are different, and no more of them are kept than was said', async () => {
    await answers.get('a', taking(100));
    await answers.get('b', taking(100));
    expect(await answers.get('a', taking(100))).toBe(1);
    await answers.get('c', taking(100));
    expect(await answers.get('b', taking(100))).toBe(2);
    expect(await answers.get('a', taking(100))).toBe(4);
  });

  it('tell a failure to those who wait, and to nobody who has an answer', async () => {
    const failing = (): Promise<number> => Promise.reject(new Error('the database is away'));
    await expect(answers.get('a', failing)).rejects.toThrow('away');
    await answers.get('a', taking(100));
    now += 2_001;
    expect(await answers.get('a', failing)).toBe(1);
    await settle();
    now += 2_001;
    await expect(answers.get('a', failing)).rejects.toThrow('away');
    expect(await answers.get('a', taking(100))).toBe(2);
  });

  it('are not replaced by one that was begun before them', async () => {
    let finish = (_: number): void => undefined;
    const slow = answers.anew('a', () => new Promise((done) => (finish = done)));
    now += 10;
    await answers.anew('a', taking(100));
    finish(-1);
    expect(await slow).toBe(-1);
    expect(await answers.get('a', taking(100))).toBe(1);
  });
});
