import { Ajv, type ErrorObject } from 'ajv';
import { BUSINESS_TYPES, type BusinessType, PRIORITIES, type Priority, STEERING_TYPES, type SteeringType } from '@par/edxml';
import { type Bilingual } from '@par/service-kit';

interface Organ {
  /** Agency identifier in either form. */
  organ: string;
  name: string;
  inCharge?: string;
}

/** What a unit's system posts to have a document of the unit sent as edXML. */
export interface OutgoingRequest {
  from: Organ;
  to: Organ[];
  code: { number: string; notation: string };
  place: string;
  /** `YYYY-MM-DD`. */
  promulgatedOn: string;
  type: { name: string; code?: string };
  /** Kept until the message is delivered, and nowhere else. */
  subject: string;
  dueOn?: string;
  priority?: Priority;
  pages?: number;
  steering?: SteeringType;
  answers?: { organ: string; code: string; documentId: string; promulgatedOn?: string }[];
  /** When it is sent, `YYYY-MM-DDTHH:mm:ss` on the unit's clocks. */
  sentAt: string;
  business?: { type: BusinessType; documentId?: string; reason?: string; receivers?: { organ: string; change: 'removed' | 'added' }[] };
  /** Content in base64. */
  files?: { name: string; mediaType: string; content: string }[];
}

export interface RequestMistake {
  code: string;
  /** Path in the request: `to[0].organ`. */
  field: string;
  vi: string;
  en: string;
}

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const day = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' };
const list = (items: object, maxItems: number, minItems = 0) => ({ type: 'array', items, maxItems, minItems });
const closed = (properties: Record<string, object>, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const organ = closed({ organ: text(35), name: text(255), inCharge: text(255) }, ['organ', 'name']);

const SCHEMA = closed(
  {
    from: organ,
    to: list(organ, 500, 1),
    code: closed({ number: text(50), notation: text(100) }),
    place: text(255),
    promulgatedOn: day,
    type: closed({ name: text(255), code: text(50) }, ['name']),
    subject: text(1_000),
    dueOn: day,
    priority: { enum: PRIORITIES },
    pages: { type: 'integer', minimum: 0, maximum: 999_999 },
    steering: { enum: STEERING_TYPES },
    answers: list(
      closed({ organ: text(35), code: text(150), documentId: text(120), promulgatedOn: day }, ['organ', 'code', 'documentId']),
      100,
    ),
    sentAt: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d$' },
    business: closed(
      {
        type: { enum: BUSINESS_TYPES },
        documentId: text(120),
        reason: text(1_000),
        receivers: list(closed({ organ: text(35), change: { enum: ['removed', 'added'] } }), 500),
      },
      ['type'],
    ),
    files: list(
      closed({
        name: text(200),
        mediaType: text(127),
        content: { type: 'string' },
      }),
      50,
    ),
  },
  ['from', 'to', 'code', 'place', 'promulgatedOn', 'type', 'subject', 'sentAt'],
);

const validate = new Ajv({ allErrors: true, strict: true }).compile<OutgoingRequest>(SCHEMA);
/** A request with a thousand unknown fields is answered by the first few. */
const MOST_MISTAKES = 20;

export type ReadRequest = { ok: true; request: OutgoingRequest } | { ok: false; mistakes: RequestMistake[] };

/** Holds a posted request against its closed schema: every mistake with its field, no value told. */
export function readRequest(posted: unknown): ReadRequest {
  if (validate(posted)) {
    const broken = (posted.files ?? []).flatMap(({ content }, n) => (isBase64(content) ? [] : [notBase64(`files[${n}].content`)]));
    return broken.length === 0 ? { ok: true, request: posted } : { ok: false, mistakes: broken };
  }
  const mistakes = new Map<string, RequestMistake>();
  for (const error of validate.errors ?? []) {
    const mistake = mistakeOf(error);
    if (!mistakes.has(mistake.field)) mistakes.set(mistake.field, mistake);
    if (mistakes.size === MOST_MISTAKES) break;
  }
  return { ok: false, mistakes: [...mistakes.values()] };
}

const WORDS: Record<string, Bilingual & { code: string }> = {
  additionalProperties: {
    code: 'schema.unknown-field',
    en: 'This field is not part of the request.',
    vi: 'Trường này không có trong yêu cầu.',
  },
  required: { code: 'schema.missing-field', en: 'This field is required.', vi: 'Thiếu trường bắt buộc này.' },
};

function mistakeOf({ keyword, instancePath, params }: ErrorObject): RequestMistake {
  const { additionalProperty, missingProperty } = params as Record<string, string | undefined>;
  const name = (additionalProperty ?? missingProperty)?.replace(/[\p{C}\p{Z}]/gu, ' ').slice(0, 64);
  const { code, en, vi } = WORDS[keyword] ?? badValue(keyword, params);
  return { code, field: pathOf(instancePath, name), vi, en };
}

function badValue(keyword: string, params: Record<string, unknown>): Bilingual & { code: string } {
  const code = 'schema.bad-value';
  const { allowedValues, pattern, limit, type } = params as { allowedValues?: string[]; pattern?: string; limit?: number; type?: string };
  if (allowedValues) return { code, en: `One of: ${allowedValues.join(', ')}.`, vi: `Một trong: ${allowedValues.join(', ')}.` };
  if (pattern !== undefined) return { code, en: `It has the form ${pattern}`, vi: `Phải có dạng ${pattern}` };
  if (limit !== undefined) {
    const most = keyword.startsWith('max');
    return { code, en: `At ${most ? 'most' : 'least'} ${limit}.`, vi: `${most ? 'Tối đa' : 'Tối thiểu'} ${limit}.` };
  }
  return { code, en: `It has to be of type ${type ?? 'object'}.`, vi: `Phải có kiểu ${type ?? 'object'}.` };
}

/** Looks for what is wrong: a pattern that has to match a file of many megabytes as a whole runs out of stack. */
export function isBase64(text: string): boolean {
  const padding = text.indexOf('=');
  return text.length % 4 === 0 && !/[^A-Za-z0-9+/=]|=[^=]/.test(text) && (padding === -1 || padding >= text.length - 2);
}

function notBase64(field: string): RequestMistake {
  return { code: 'schema.bad-value', field, en: 'It has to be base64.', vi: 'Phải là base64.' };
}

/** `/to/0/organ` → `to[0].organ`. */
function pathOf(pointer: string, name?: string): string {
  const parts = pointer.split('/').slice(1);
  if (name !== undefined) parts.push(name);
  return parts.reduce((path, part) => (/^\d+$/.test(part) && path ? `${path}[${part}]` : path ? `${path}.${part}` : part), '');
}
