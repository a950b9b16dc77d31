import { hash } from 'node:crypto';
import { Problem } from '@par/service-kit';
import { type Direction } from '../register-book.ts';

/** The source under which numbers are asked for that name none of their own. */
export const REGISTER_SOURCE = 'urn:par:edocument-workflow:registers';

/** The body of `POST /v1/registers/{direction}`. */
export interface NumberRequest {
  unit: string;
  /** Kind of the register: `cong-van`. */
  register: string;
  /** Identity of the document. */
  document: string;
  /** Identifier of the organisation that registers it; of an incoming document only. */
  recipient?: string;
  /** When it was registered or numbered; now where it is not told. Its local year is the register's. */
  time?: string;
  /** Source of the event that is made of it, one that the key may speak for. */
  source?: string;
}

const REQUIRED = ['unit', 'register', 'document'] as const;
const OPTIONAL = ['time', 'source'] as const;

/** Reads the body. What its texts may be, the event that is made of them is held against. @throws the problem of the first field that is wrong */
export function readRequest(body: unknown, direction: Direction): NumberRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem({
      status: 400,
      code: 'register.not-an-object',
      title: { en: 'A request for a number is a JSON object.', vi: 'Yêu cầu cấp số phải là đối tượng JSON.' },
    });
  }
  const posted = body as Record<string, unknown>;
  const required: readonly string[] = direction === 'incoming' ? [...REQUIRED, 'recipient'] : REQUIRED;
  const known = new Set<string>([...required, ...OPTIONAL]);
  for (const field of Object.keys(posted)) {
    if (!known.has(field)) throw wrong('schema.unknown-field', field.replace(/[\p{C}\p{Z}]/gu, ' ').slice(0, 64), UNKNOWN);
  }
  for (const field of required) if (posted[field] === undefined) throw wrong('schema.missing-field', field, MISSING);
  for (const [field, value] of Object.entries(posted)) if (typeof value !== 'string') throw wrong('schema.bad-value', field, NO_TEXT);
  return posted as unknown as NumberRequest;
}

const UNKNOWN = { en: 'This field is not part of a request for a number.', vi: 'Yêu cầu cấp số không có trường này.' };
const MISSING = { en: 'This field is required.', vi: 'Thiếu trường bắt buộc này.' };
const NO_TEXT = { en: 'This field must be text.', vi: 'Trường này phải là chuỗi ký tự.' };

function wrong(code: string, field: string, title: { en: string; vi: string }): Problem {
  return new Problem({ status: 422, code, field, title });
}

/**
 * The event that asks for the number. Its identity follows from the unit, the direction and the document alone, so asking again, also at the same moment, makes no second event.
 * @param unit internal id, where it is known
 * @param now taken where the request tells no time
 */
export function eventOf(request: NumberRequest, direction: Direction, unit: string, now: Date): object {
  const { register, document, recipient, source = REGISTER_SOURCE, time = now.toISOString() } = request;
  return {
    specversion: '1.0',
    source,
    id: `register/${direction}/${hash('sha256', JSON.stringify([unit, document]), 'hex')}`,
    type: direction === 'incoming' ? 'vn.par.document.registered.v1' : 'vn.par.document.numbered.v1',
    subject: document,
    unit,
    time,
    datacontenttype: 'application/json',
    data: { register, ...(recipient !== undefined && { recipient }) },
  };
}

const FIELDS: Readonly<Record<string, string>> = { subject: 'document', 'data.register': 'register', 'data.recipient': 'recipient' };

/** The field of the request that a field of the event was made of. */
export function requestFieldOf(field: string): string {
  return FIELDS[field] ?? field;
}
