import pg from 'pg';

/** How the rows of a table are copied to other dossiers: columns that do not stay as they are, as SQL over the row `t`, with `$1` the copy's mark. */
interface CopiedTable {
  table: string;
  /** Column with the key of the subject, `case:<code>`. */
  key: string;
  columns: Readonly<Record<string, string>>;
}

/** The same text about the copy: its code, and every identity that is made from it, begin with the mark. */
const marked = (column: string, key: string): string => `replace(t.${column}, substr(t.${key}, 6), $1 || substr(t.${key}, 6))`;
const copyOf = (key: string): string => `'case:' || $1 || substr(t.${key}, 6)`;

/**
 * Everything that index-scoring keeps per dossier. What is not named here is the same for a copy. A fingerprint is over the subject's name too, so a copy has
 * none until it is judged or rebuilt.
 */
const COPIED: readonly CopiedTable[] = [
  { table: 'subject', key: 'key', columns: { key: copyOf('key'), events: `${marked('events::text', 'key')}::json`, judged: `''` } },
  { table: 'contribution', key: 'subject', columns: { subject: copyOf('subject'), decided_id: marked('decided_id', 'subject') } },
  { table: 'dossier_fact', key: 'subject', columns: { subject: copyOf('subject') } },
  { table: 'finding', key: 'subject', columns: { subject: copyOf('subject'), id: marked('id', 'subject') } },
];

/**
 * What the code of the n-th copy begins with: one more group of the agency's identifier, of which there may be five. No code of a year begins so far behind in
 * the alphabet, so what is no copy is one range of the keys.
 */
export function markOf(copy: number): string {
  return `Z${String(copy).padStart(3, '0')}.`;
}

/** Makes one copy of every dossier that is no copy itself, under codes of its own. */
export async function copyDossiers(client: pg.Client, copy: number): Promise<void> {
  for (const { table, key, columns } of COPIED) {
    const names = await plainColumns(client, table);
    const values = names.map((name) => columns[name] ?? `t.${pg.escapeIdentifier(name)}`);
    await client.query(
      `INSERT INTO ${table} (${names.map((name) => pg.escapeIdentifier(name)).join(', ')})
       SELECT ${values.join(', ')} FROM ${table} AS t WHERE t.${key} COLLATE "C" >= 'case:' AND t.${key} COLLATE "C" < 'case:Z' AND $1::text <> ''`,
      [markOf(copy)],
    );
  }
}

/** Columns of a table that are written and not numbered by the database. */
async function plainColumns(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = $1 AND is_identity = 'NO' AND is_generated = 'NEVER'
       AND coalesce(column_default, '') NOT LIKE 'nextval(%' ORDER BY ordinal_position`,
    [table],
  );
  if (rows.length === 0) throw new Error(`index-scoring has no table ${table} any more: what is copied has to be told anew`);
  return rows.map(({ name }) => name);
}
