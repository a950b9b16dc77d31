import { randomBytes } from 'node:crypto';
import { hashKey } from '../producer.ts';

/** Whatever runs SQL with `$1` parameters: our Database, a Transaction, a pg pool or client. */
export interface SqlRunner {
  query(text: string, values: unknown[]): Promise<unknown>;
}

export interface NewProducerKey {
  /** Whose key it is, for people: `iGate Phường Gia Hội`. */
  name: string;
  /** Sources it may speak for; `*` all, an entry ending in `*` all that begin so. */
  sources: string[];
  /** Unit ids it may speak for, each with those below it; `*` all. */
  units: string[];
  /** Whether it may send what an authorised person declares (`DECLARED_TYPES`): counts from paper, inspections, scores. Not where absent. */
  declares?: boolean;
  /** A key made before, to let one key in at both doors. Made anew where absent. */
  key?: string;
}

/**
 * Lets a producer in at the door whose database this is. Returns the key, which is shown this once and kept only as a hash.
 * A second call with the same name makes a further key; with the same key it sets what that key may speak for.
 */
export async function addProducerKey(
  database: SqlRunner,
  { name, sources, units, declares = false, key = newKey() }: NewProducerKey,
): Promise<string> {
  if (name === '' || sources.length === 0 || units.length === 0) throw new Error('a producer key needs a name, a source and a unit');
  await database.query(
    `INSERT INTO ingress.producer_key (key_hash, name, sources, units, declares) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (key_hash) DO UPDATE SET name = excluded.name, sources = excluded.sources, units = excluded.units,
       declares = excluded.declares, revoked_at = NULL`,
    [hashKey(key), name, sources, units, declares],
  );
  return key;
}

function newKey(): string {
  return `par_${randomBytes(32).toString('base64url')}`;
}
