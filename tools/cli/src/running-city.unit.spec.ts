import { describe, expect, it } from '@jest/globals';
import { chosenLanguage } from './language.ts';
import { Mistake } from './mistake.ts';
import { RunningCity } from './running-city.ts';

describe('RunningCity', () => {
  const city = new RunningCity({
    PAR_INTAKE_URL: 'http://127.0.0.1:1/',
    PAR_INTAKE_DATABASE_URL: 'postgresql://db',
    PAR_PRODUCER_KEY: 'from-env',
  });

  it('takes what is given before the environment', () => {
    expect(city.url('dossier-intake', 'http://127.0.0.1:2')).toBe('http://127.0.0.1:2');
    expect(city.url('dossier-intake')).toBe('http://127.0.0.1:1');
    expect(city.database('dossier-intake')).toBe('postgresql://db');
    expect(city.producerKey('given')).toBe('given');
    expect(city.producerKey()).toBe('from-env');
  });

  it.each(['127.0.0.1:8081', 'ftp://host', 'nonsense'])('refuses an address that is none: %s', (url) => {
    expect(() => city.url('reporting', url)).toThrow(Mistake);
  });
});

describe('chosenLanguage', () => {
  it.each([
    ['vi', {}, 'vi'],
    ['en', { PAR_LANG: 'vi' }, 'en'],
    [undefined, { PAR_LANG: 'vi' }, 'vi'],
    [undefined, { LANG: 'vi_VN.UTF-8' }, 'vi'],
    [undefined, { LC_ALL: 'C.UTF-8', LANG: 'vi_VN.UTF-8' }, 'en'],
    [undefined, {}, 'en'],
  ])('is %s with %j → %s', (asked, env, expected) => {
    expect(chosenLanguage(asked, env)).toBe(expected);
  });
});
