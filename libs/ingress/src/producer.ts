import { hash } from 'node:crypto';
import { type Organisation } from '@par/administration';

/** Who a key speaks for. */
export interface Producer {
  name: string;
  /** `*` all; an entry that ends in `*` all sources that begin so. */
  sources: string[];
  /** Unit ids, each with those below it; `*` all. */
  units: string[];
  /** Whether it may send what an authorised person declares (`DECLARED_TYPES`). */
  declares: boolean;
}

/** SHA-256 of a producer key, the only form in which it is kept. A key is 256 random bits, so no slow hash is needed. */
export function hashKey(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}

/** The key in an `Authorization: Bearer <key>` value. */
export function keyOf(authorization: unknown): string | undefined {
  if (typeof authorization !== 'string' || !/^bearer /i.test(authorization)) return undefined;
  const key = authorization.slice('bearer '.length).trim();
  return key === '' || key.length > 200 ? undefined : key;
}

export function speaksForSource(producer: Producer, source: string): boolean {
  return producer.sources.some((entry) => (entry.endsWith('*') ? source.startsWith(entry.slice(0, -1)) : entry === source));
}

/** Whether a unit or one above it is the key's. `parentOf` knows units that the organisation does not have yet. */
export function speaksForUnit(
  producer: Pick<Producer, 'units'>,
  unit: string,
  organisation: Organisation,
  parentOf?: (unit: string) => string | undefined,
): boolean {
  if (producer.units.includes('*')) return true;
  const seen = new Set<string>();
  for (let next: string | undefined = unit; next !== undefined && !seen.has(next);) {
    if (producer.units.includes(next)) return true;
    seen.add(next);
    next = organisation.unit(next)?.parent ?? parentOf?.(next);
  }
  return false;
}
