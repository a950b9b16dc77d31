import { describe, expect, it } from '@jest/globals';
import { legsOf, readOptions } from './options.ts';

describe('the options of npm run chaos', () => {
  it('are ten minutes of every fault with the seed of the day, unless told otherwise', () => {
    expect(readOptions([], 42)).toEqual({
      minutes: 10,
      seed: 42,
      cluster: false,
      scenario: 'mixed',
      lostMessages: false,
      perSecond: 80,
      diary: false,
    });
  });

  it('are read in both ways of writing them', () => {
    const said = ['--minutes', '2', '--seed=7', '--cluster', '--lost-message', '--rate', '300', '--diary'];
    expect(readOptions(said, 42)).toMatchObject({ minutes: 2, seed: 7, cluster: true, lostMessages: true, perSecond: 300, diary: true });
    expect(readOptions(['--scenario', 'backlog'], 42)).toMatchObject({ scenario: 'backlog', perSecond: 1_000 });
  });

  it.each([
    [['--seed']],
    [['--seed', 'x']],
    [['--minutes', '0']],
    [['--rate', '1.5']],
    [['--scenario', 'other']],
    [['--minute', '2']],
    [['--cluster=1']],
  ])('are refused where they make no sense: %j', (args) => {
    expect(() => readOptions(args, 42)).toThrow();
  });

  it('make a long run end over three brokers', () => {
    expect(legsOf(readOptions([], 1)).map(({ minutes, cluster }) => [minutes, cluster])).toEqual([
      [8, false],
      [2, true],
    ]);
    for (const args of [['--minutes', '2'], ['--cluster'], ['--scenario', 'backlog']]) expect(legsOf(readOptions(args, 1))).toHaveLength(1);
  });
});
