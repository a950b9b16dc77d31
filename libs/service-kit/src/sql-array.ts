/**
 * Writes a JavaScript array as a PostgreSQL array literal. The driver does it too, element by element with three regular expressions each; set-based SQL sends
 * thousands of elements per statement, so here each costs one look. Elements: text, numbers, booleans, dates, buffers, null and undefined (NULL).
 * @returns undefined for an array with anything else in it, which is left to the driver
 */
export function arrayLiteral(values: readonly unknown[]): string | undefined {
  let literal = '{';
  for (let index = 0; index < values.length; index += 1) {
    const text = elementOf(values[index]);
    if (text === undefined) return undefined;
    literal += index === 0 ? text : `,${text}`;
  }
  return `${literal}}`;
}

const NEEDS_ESCAPE = /["\\]/;
const ESCAPED = /["\\]/g;

function elementOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return `"${NEEDS_ESCAPE.test(value) ? value.replace(ESCAPED, '\\$&') : value}"`;
    case 'number':
      return `"${value}"`;
    case 'boolean':
      return value ? '"true"' : '"false"';
    case 'undefined':
      return 'NULL';
    case 'object':
      if (value === null) return 'NULL';
      // As hexadecimal: `\x…`, its backslash escaped.
      return Buffer.isBuffer(value) ? `\\\\x${value.toString('hex')}` : undefined;
    default:
      return undefined;
  }
}
