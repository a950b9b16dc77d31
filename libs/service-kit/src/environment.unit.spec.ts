import { describe, expect, it } from '@jest/globals';
import { Environment } from './environment.ts';

describe('configuration', () => {
  it('is parsed and typed', () => {
    const environment = new Environment({ NAME: 'x', PORT: '8080', RANGES: ' 10.0.0.0/8, ,127.0.0.1 ' });
    expect([environment.text('NAME'), environment.integer('PORT'), environment.list('RANGES')]).toEqual([
      'x',
      8080,
      ['10.0.0.0/8', '127.0.0.1'],
    ]);
    expect([environment.text('A', 'b'), environment.integer('N', 7), environment.list('L')]).toEqual(['b', 7, []]);
    expect(() => environment.finish()).not.toThrow();
  });

  it('is refused with every mistake at once', () => {
    const environment = new Environment({ PORT: '80x', POOL: '1', EMPTY: '' });
    environment.text('DATABASE_URL');
    environment.text('EMPTY');
    environment.integer('PORT');
    environment.integer('POOL', 5, { min: 2, max: 9 });
    environment.integer('MISSING');
    expect(() => environment.finish()).toThrow(
      'configuration: DATABASE_URL is not set; EMPTY is not set; PORT must be a whole number, not "80x"; POOL must be a whole number from 2 to 9, not "1"; MISSING is not set',
    );
  });
});
