import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { environmentOf } from './compose.ts';
import { databaseNameOf, isUpToDate, withDatabase } from './migrate-service.ts';
import { parseVersion } from './postgres-binaries.ts';
import { newerFirst } from './rabbitmq-files.ts';

describe('versions', () => {
  it('of PostgreSQL are read from what it prints', () => {
    expect(parseVersion('postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n')).toEqual({ major: 15, version: '15.18' });
    expect(parseVersion('postgres (PostgreSQL) 18beta1')).toEqual({ major: 18, version: '18beta1' });
    expect(parseVersion('bash: postgres: not found')).toBeUndefined();
  });

  it('of RabbitMQ are ordered by number', () => {
    expect(['3.9.27', '3.10.8', '4.0', '3.10'].sort(newerFirst)).toEqual(['4.0', '3.10.8', '3.10', '3.9.27']);
  });
});

describe('migrations', () => {
  const migration = fc.record({ name: fc.string({ minLength: 1 }), checksum: fc.string() });

  it('are up to date only when all are applied with the same content', () => {
    fc.assert(
      fc.property(fc.uniqueArray(migration, { selector: ({ name }) => name, minLength: 1 }), fc.nat(), (wanted, n) => {
        const applied = wanted.map(({ name, checksum }) => ({ migration_name: name, checksum }));
        const at = n % applied.length;
        expect(isUpToDate(wanted, applied)).toBe(true);
        expect(isUpToDate(wanted, applied.toSpliced(at, 1))).toBe(false);
        expect(isUpToDate(wanted, applied.with(at, { ...applied[at]!, checksum: 'edited' }))).toBe(false);
      }),
    );
  });

  it('go to a database named after the service on the same server', () => {
    expect(databaseNameOf('dossier-intake')).toBe('par_dossier_intake');
    expect(withDatabase('postgresql://u:p%40@h:5433/postgres?sslmode=require', 'par_x')).toBe(
      'postgresql://u:p%40@h:5433/par_x?sslmode=require',
    );
  });
});

describe('the environment of a compose service', () => {
  it('is read as a map and as a list', () => {
    expect(environmentOf({ environment: { A: '1' } })).toEqual({ A: '1' });
    expect(environmentOf({ environment: ['A=1', 'B=x=y'] })).toEqual({ A: '1', B: 'x=y' });
    expect(environmentOf({})).toEqual({});
  });
});
