/** Words after which a quoted text is a name of ours and not a value. */
const NAMES =
  /(?:relation|column|constraint|index|table|schema|role|user|database|function|type|encoding|operator|extension|setting|parameter) $/i;

/**
 * A line for the log without the values that error texts quote. PostgreSQL says `invalid input syntax for type integer: "…"`, JSON.parse quotes
 * the text it stumbled over, Prisma prints the arguments of the call: each may be content of an event, which is never logged (promise 7).
 */
export function withoutValues(text: string): string {
  return withoutQuoted(text)
    .replace(/(Invalid `[^`]*` invocation)[\s\S]*?(?=\n\s+at |$)/g, '$1')
    .replace(/Unexpected token .{1,12}? in JSON/g, 'Unexpected token in JSON')
    .replace(/Unexpected token '.{1,8}?'/g, 'Unexpected token')
    .replace(/Cannot convert [\s\S]*? to a BigInt/g, 'Cannot convert … to a BigInt')
    .replace(/\)=\([\s\S]*?\)/g, ')=(…)')
    .replace(/Failing row contains \([\s\S]*?\)\.?/g, 'Failing row contains (…)');
}

/** PostgreSQL does not escape quotes inside of a quoted value, so all from the first that is no name to the last quote goes. */
function withoutQuoted(text: string): string {
  const last = text.lastIndexOf('"');
  for (let at = text.indexOf('"'); at >= 0 && at < last; at = text.indexOf('"', at + 1)) {
    if (!NAMES.test(text.slice(Math.max(0, at - 12), at))) return `${text.slice(0, at)}"…"${text.slice(last + 1)}`;
    // The name's own closing quote.
    at = text.indexOf('"', at + 1);
  }
  return text;
}

/** Fields of PostgreSQL's errors that name things and hold no values; `detail`, `where`, `hint` and the statement are left out. */
const NAMING_FIELDS = ['code', 'table', 'column', 'constraint', 'routine'] as const;

/** What may be said of an error outside of the database: its kind, its words without values, what it names. One line. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return withoutValues(String(error));
  const fields = error as Error & Partial<Record<(typeof NAMING_FIELDS)[number], unknown>>;
  const named = NAMING_FIELDS.flatMap((name) => (typeof fields[name] === 'string' ? [`${name} ${fields[name]}`] : []));
  return `${withoutValues(error.message)}${named.length > 0 ? ` (${named.join(', ')})` : ''}`;
}

/** The same with the places in the code, for a mistake of our own. */
export function errorStack(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}: ${errorText(error)}`, ...frames].join('\n');
}
