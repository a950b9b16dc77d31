import { describe, expect, it } from '@jest/globals';
import { Chance } from './chance.ts';

describe('Chance', () => {
  const stream = (seed: number, name: string): number[] => {
    const chance = Chance.of(seed, name);
    return Array.from({ length: 1_000 }, () => chance.next());
  };

  it('gives the same stream for a seed and a name, and another for any other', () => {
    expect(stream(7, 'a')).toEqual(stream(7, 'a'));
    for (const other of [stream(8, 'a'), stream(7, 'b'), stream(7, 'aa')])
      expect(other.slice(0, 5)).not.toEqual(stream(7, 'a').slice(0, 5));
  });

  it('is the same on every machine', () => {
    const chance = Chance.of(7, 'golden');
    expect([chance.whole(0, 999_999), chance.whole(0, 999_999), chance.whole(0, 999_999)]).toEqual(GOLDEN);
  });

  it('spreads evenly, between streams too', () => {
    for (const numbers of [stream(7, 'spread'), Array.from({ length: 1_000 }, (_, n) => Chance.of(7, `dossier/${n}`).next())]) {
      expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
      for (let tenth = 0; tenth < 10; tenth++) {
        const count = numbers.filter((number) => Math.floor(number * 10) === tenth).length;
        expect(count).toBeGreaterThan(60);
        expect(count).toBeLessThan(140);
      }
    }
  });

  it('picks by weight and never what weighs nothing', () => {
    const chance = Chance.of(7, 'weights');
    const picks = Array.from({ length: 4_000 }, () =>
      chance.weighted(['often', 'never', 'seldom'], (one) => ({ often: 3, never: 0, seldom: 1 })[one]!),
    );
    expect(picks).not.toContain('never');
    const often = picks.filter((one) => one === 'often').length / picks.length;
    expect(Math.abs(often - 0.75)).toBeLessThan(0.04);
  });

  it('shuffles without losing anything', () => {
    const list = Array.from({ length: 50 }, (_, n) => n);
    const shuffled = Chance.of(7, 'shuffle').shuffled(list);
    expect(shuffled).not.toEqual(list);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(list);
  });
});

const GOLDEN = [637_863, 319_455, 930_555];
