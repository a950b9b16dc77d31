import { DOOR_OF, type Door, type EventType, isEventType } from '@par/contracts';
import { readInstant } from './instant.ts';
import { type Refusal } from './refusal.ts';

/** The attributes of a posted event, each of the right form; its data is not looked at yet. */
export interface Envelope {
  source: string;
  id: string;
  type: EventType;
  subject: string;
  /** Unit id or official code, as sent. */
  unit: string;
  /** As sent, for the content's fingerprint. */
  time: string;
  /** UTC milliseconds. */
  happened: string;
  /** UTC milliseconds. */
  sent?: string;
  traceparent?: string;
  data: unknown;
}

export const FUTURE_TOLERANCE_MS = 5 * 60_000;

const ATTRIBUTES = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'unit',
  'sent',
  'datacontenttype',
  'traceparent',
  'data',
]);
const IDENTIFIERS = ['id', 'source', 'type', 'subject', 'unit'] as const;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const MOST_CHARACTERS = 200;

export type ReadEnvelope = { ok: true; envelope: Envelope } | { ok: false; refusal: Refusal };

/** Checks the envelope of a posted event at a door: a closed set of attributes, CloudEvents 1.0, known type, readable times. */
export function readEnvelope(raw: unknown, door: Door, now: Date): ReadEnvelope {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return no({ code: 'event.not-an-object' });
  const posted = raw as Record<string, unknown>;
  const refusal = unknownAttribute(posted) ?? badIdentifier(posted) ?? badDeclaration(posted) ?? wrongType(posted.type as string, door);
  if (refusal) return no(refusal);

  const time = readTime(posted, 'time', now);
  if (!time.ok) return no(time.refusal);
  const sent = posted.sent === undefined ? undefined : readTime(posted, 'sent', now);
  if (sent && !sent.ok) return no(sent.refusal);

  const { source, id, type, subject, unit } = posted as Record<(typeof IDENTIFIERS)[number], string>;
  return {
    ok: true,
    envelope: {
      source,
      id,
      type: type as EventType,
      subject,
      unit,
      time: posted.time as string,
      happened: time.iso,
      ...(sent ? { sent: sent.iso } : {}),
      ...(posted.traceparent === undefined ? {} : { traceparent: posted.traceparent as string }),
      // A type that carries no data may come without the attribute.
      data: posted.data ?? {},
    },
  };
}

/** Whether a text can be an identifier: 1 to 200 characters, none of them control, invisible or half a character, no blanks at the ends. */
export function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MOST_CHARACTERS && !hasBadCharacters(value);
}

function hasBadCharacters(text: string): boolean {
  if (/^[!-~]+$/.test(text)) return false;
  return /[\p{C}\p{Zl}\p{Zp}]/u.test(text) || text.trim() !== text;
}

function unknownAttribute(posted: Record<string, unknown>): Refusal | undefined {
  for (const name of Object.keys(posted)) {
    if (!ATTRIBUTES.has(name)) return { code: 'event.unknown-attribute', field: name.replace(/[\p{C}\p{Z}]/gu, ' ').slice(0, 64) };
  }
  return undefined;
}

function badIdentifier(posted: Record<string, unknown>): Refusal | undefined {
  for (const field of IDENTIFIERS) {
    const value = posted[field];
    if (value === undefined || value === null) return { code: 'event.missing-attribute', field };
    if (typeof value !== 'string' || value === '' || value.length > MOST_CHARACTERS) return { code: 'event.bad-attribute', field };
    if (hasBadCharacters(value)) return { code: 'event.bad-characters', field };
  }
  return undefined;
}

function badDeclaration({ specversion, datacontenttype, traceparent }: Record<string, unknown>): Refusal | undefined {
  if (specversion === undefined) return { code: 'event.missing-attribute', field: 'specversion' };
  if (specversion !== '1.0') return { code: 'event.bad-specversion', field: 'specversion' };
  if (datacontenttype !== undefined && (typeof datacontenttype !== 'string' || !/^application\/json\s*(?:;|$)/i.test(datacontenttype))) {
    return { code: 'event.bad-datacontenttype', field: 'datacontenttype' };
  }
  if (traceparent !== undefined && (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent))) {
    return { code: 'event.bad-traceparent', field: 'traceparent' };
  }
  return undefined;
}

function wrongType(type: string, door: Door): Refusal | undefined {
  if (!isEventType(type)) return { code: 'event.unknown-type', field: 'type' };
  const right = DOOR_OF[type];
  if (right === undefined) return { code: 'event.not-taken', field: 'type' };
  if (right === door) return undefined;
  return {
    code: 'event.wrong-door',
    field: 'type',
    text: { en: `Events of this type are taken by ${right}.`, vi: `Loại sự kiện này gửi tới dịch vụ ${right}.` },
  };
}

function readTime(
  posted: Record<string, unknown>,
  field: 'time' | 'sent',
  now: Date,
): { ok: true; iso: string } | { ok: false; refusal: Refusal } {
  const value = posted[field];
  if (value === undefined || value === null) return { ok: false, refusal: { code: 'event.missing-attribute', field } };
  if (typeof value !== 'string') return { ok: false, refusal: { code: 'time.malformed', field } };
  const read = readInstant(value);
  if (!read.ok) return { ok: false, refusal: { code: read.code, field } };
  if (read.ms > now.getTime() + FUTURE_TOLERANCE_MS) return { ok: false, refusal: { code: 'time.in-the-future', field } };
  return { ok: true, iso: read.iso };
}

function no(refusal: Refusal): ReadEnvelope {
  return { ok: false, refusal };
}
