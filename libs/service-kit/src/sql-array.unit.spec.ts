import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arrayLiteral } from './sql-array.ts';

/** What the driver itself writes. */
const { prepareValue } = createRequire(import.meta.url)('pg/lib/utils.js') as { prepareValue: (value: unknown) => string };

describe('an array for PostgreSQL', () => {
  it('is written as the driver writes it', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.constantFrom('"', '\\', '{a,b}', 'NULL', '', ' ', '\n', 'Huế', null, undefined, true, false),
            fc.integer(),
            fc.double(),
            fc.uint8Array().map((bytes) => Buffer.from(bytes)),
          ),
          { maxLength: 20 },
        ),
        (values) => {
          expect(arrayLiteral(values)).toBe(prepareValue(values));
        },
      ),
    );
  });

  it.each([[[new Date(0)]], [[['nested']]], [[{}]], [[1n]]])('leaves %o to the driver', (values) => {
    expect(arrayLiteral(values)).toBeUndefined();
  });
});
