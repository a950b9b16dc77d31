import { isInstant } from '@par/contracts';

/** An instant as an event carries it. `field` of a fault is the attribute's name, given by the caller. */
export type ReadInstant =
  { ok: true; ms: number; iso: string } | { ok: false; code: 'time.malformed' | 'time.no-offset' | 'time.impossible' };

const SHAPE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * Reads an RFC 3339 instant with offset and gives it in UTC to the millisecond. A local time names no instant (`time.no-offset`), and a
 * day or hour that does not exist is not moved to the next one, as `Date` would (`time.impossible`).
 */
export function readInstant(text: string): ReadInstant {
  if (isInstant(text)) {
    const ms = Date.parse(text);
    return { ok: true, ms, iso: new Date(ms).toISOString() };
  }
  const shape = SHAPE.exec(text);
  if (!shape) return { ok: false, code: 'time.malformed' };
  return { ok: false, code: shape[1] === undefined ? 'time.no-offset' : 'time.impossible' };
}
