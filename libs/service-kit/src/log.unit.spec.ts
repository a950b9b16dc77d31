import { describe, expect, it } from '@jest/globals';
import { StructuredLog } from './log.ts';
import { errorText, withoutValues } from './log-text.ts';

const PLANTED = 'Nguyễn Văn "Kín" 079123456789';

/** What Node and PostgreSQL say of a value that they cannot take, word for word as seen. */
const SAYINGS = [
  `invalid input syntax for type integer: "${PLANTED}"`,
  `invalid input syntax for type integer: "079123456789"`,
  `value "079123456789" is out of range for type integer`,
  `date/time field value out of range: "079123456789"`,
  `invalid input value for enum channel: "079123456789"`,
  `Key (source, id)=(urn:x, 079123456789) already exists.`,
  `Failing row contains (1, 079123456789, null).`,
  `Unexpected token 'N', "079123456789" is not valid JSON`,
  `Unexpected token 'N', ..."a": "079123456789"... is not valid JSON`,
  `Cannot convert 079123456789 to a BigInt`,
  'Invalid `prisma.dossier.create()` invocation in\n/x/y.ts:1:2\n\n{\n  data: {\n    name: "079123456789"\n  }\n}\n\nArgument `n` is missing.',
];

function logged(write: (log: StructuredLog) => void): string {
  let text = '';
  write(new StructuredLog('index-scoring', 'trace', { write: (line) => (text += line) }));
  return text;
}

describe('what the log says of an error', () => {
  it.each(SAYINGS)('leaves out the value in: %s', (saying) => {
    const error = Object.assign(new Error(saying), { detail: `Key (id)=(${PLANTED})`, where: PLANTED, hint: PLANTED, code: '22P02' });
    for (const text of [
      logged((log) => log.error(error)),
      logged((log) => log.error(error.stack, 'X')),
      logged((log) => log.warn(`something: ${saying}`)),
      logged((log) => log.error('said', error.stack, 'X')),
      errorText(error),
    ]) {
      expect(text).not.toContain('079123456789');
      expect(text).not.toContain('Nguyễn');
      expect(text).not.toContain('Kín');
    }
  });

  it('names the kind, the code, the table and the place, so that the mistake is found', () => {
    const error = Object.assign(new TypeError('duplicate key value violates unique constraint "subject_pkey"'), {
      code: '23505',
      table: 'subject',
      constraint: 'subject_pkey',
    });
    const text = logged((log) => log.error(error, 'Store'));
    expect(text).toContain(
      'TypeError: duplicate key value violates unique constraint \\"subject_pkey\\" (code 23505, table subject, constraint subject_pkey)',
    );
    expect(text).toContain('log.unit.spec.ts');
  });

  it('leaves names of the database and lines of our own as they are', () => {
    for (const said of [
      'relation "ledger" does not exist',
      'listening on http://127.0.0.1:8083',
      'index-scoring.count-events: not attached',
    ])
      expect(withoutValues(said)).toBe(said);
  });

  it('tells mistakes of the configuration in full', () => {
    expect(logged((log) => log.fatal(new Error('configuration: PORT must be a whole number, not "x"'), 'bootstrap'))).toContain(
      'not \\"x\\"',
    );
  });
});
