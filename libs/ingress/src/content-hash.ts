import { hash } from 'node:crypto';

/**
 * JSON with the members of every object in one order, so that equal content is equal text. For values that went through a closed
 * schema, whose depth is bounded.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) text += text === '' ? canonicalJson(item) : `,${canonicalJson(item)}`;
    return `[${text}]`;
  }
  const members = value as Record<string, unknown>;
  for (const name of Object.keys(members).sort())
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(members[name])}`;
  return `{${text}}`;
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
