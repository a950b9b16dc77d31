import { hash } from 'node:crypto';

/**
 * JSON with the members of every object in one order, so that equal content is equal text. For values that went through a closed
 * schema, whose depth is bounded.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = value as Record<string, unknown>;
    const names = Object.keys(members).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(members[name])}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** What makes two events of one identity the same: what happened, to what, where and when, as the producer wrote it. */
export interface Content {
  type: string;
  subject: string;
  unit: string;
  time: string;
  data: unknown;
}

/**
 * SHA-256 over the content as sent, before any stamp. `sent` and `traceparent` belong to the sending and not to the event: a retry has
 * new ones and is still the same event.
 */
export function contentHash({ type, subject, unit, time, data }: Content): Buffer {
  return hash('sha256', canonicalJson([type, subject, unit, time, data]), 'buffer');
}
