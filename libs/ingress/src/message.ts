import { type RefusalCode } from './refusal.ts';
import { isMarkedJson, isMarkedProse, isMarkedSecret, mayHoldMark } from './secrecy.ts';

/** A message as it came in, by HTTP or AMQP. */
export interface Message {
  contentType: string | undefined;
  body: string;
  /** Names in lower case. Attributes of binary mode are in `ce-…`. */
  headers: Record<string, unknown>;
}

export interface Limits {
  maxBytes: number;
  maxEvents: number;
}

export const DEFAULT_LIMITS: Limits = { maxBytes: 5 * 1024 * 1024, maxEvents: 1_000 };

/** A fault of the message as a whole. Says nothing of its content. */
export interface MessageFault {
  ok: false;
  status: 400 | 413 | 415 | 422;
  code: Extract<RefusalCode, `request.${string}` | 'secrecy.marked'>;
}

export interface ReadMessage {
  ok: true;
  batch: boolean;
  /** Each as posted, unchecked; `marked` where it carries a secrecy mark and nothing else of it may be looked at. */
  events: { raw: unknown; marked: boolean }[];
}

const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const JSON_TYPE = 'application/json';

/** Takes a message apart: structured, batch or binary mode of CloudEvents. The secrecy edge is here, before anything reads an event. */
export function readMessage(message: Message, limits: Limits): ReadMessage | MessageFault {
  const { body, headers } = message;
  const mode = modeOf(message);
  if (typeof mode !== 'string') return mode;
  if (body.length > limits.maxBytes) return fault(413, 'request.too-large');

  const markedHeaders = headersAreMarked(headers);
  let parsed: unknown;
  if (body !== '' || mode !== 'binary') {
    try {
      parsed = JSON.parse(body);
    } catch {
      // The parser's own words quote the body, so they go nowhere.
      return markedHeaders || isMarkedProse(body) ? fault(422, 'secrecy.marked') : fault(400, 'request.not-json');
    }
  }
  if (mode === 'batch') return readBatch(parsed, body, markedHeaders, limits);
  const marked = markedHeaders || (mayHoldMark(body) && (isMarkedSecret(parsed) || isMarkedJson(body)));
  return {
    ok: true,
    batch: false,
    events: [{ marked, raw: marked ? undefined : mode === 'binary' ? fromHeaders(message, parsed) : parsed }],
  };
}

function readBatch(parsed: unknown, body: string, markedHeaders: boolean, limits: Limits): ReadMessage | MessageFault {
  const suspect = mayHoldMark(body);
  if (!Array.isArray(parsed)) {
    return markedHeaders || (suspect && isMarkedJson(body)) ? fault(422, 'secrecy.marked') : fault(400, 'request.not-a-batch');
  }
  if (parsed.length === 0) return fault(400, 'request.empty-batch');
  if (parsed.length > limits.maxEvents) return fault(413, 'request.too-many-events');
  const events = parsed.map((raw: unknown) => {
    const marked = markedHeaders || (suspect && isMarkedSecret(raw));
    return { marked, raw: marked ? undefined : raw };
  });
  // A mark that no event shows stands under a name given twice: nobody can say whose it is, so none is looked at.
  const hidden = suspect && !events.some((event) => event.marked) && isMarkedJson(body);
  return { ok: true, batch: true, events: hidden ? events.map(() => ({ marked: true, raw: undefined })) : events };
}

function modeOf({ contentType, headers }: Message): 'structured' | 'batch' | 'binary' | MessageFault {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return fault(415, 'request.content-encoding');
  if (contentType === STRUCTURED) return 'structured';
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters.find((parameter) => parameter.trim().startsWith('charset='));
  if (charset !== undefined && !/^\s*charset="?(?:utf-8|us-ascii)"?\s*$/.test(charset)) return fault(415, 'request.media-type');
  switch (type.trim()) {
    case STRUCTURED:
      return 'structured';
    case BATCH:
      return 'batch';
    case JSON_TYPE:
      return Object.keys(headers).some((name) => name.startsWith('ce-')) ? 'binary' : fault(415, 'request.no-event-mode');
    default:
      return fault(415, 'request.media-type');
  }
}

/** Binary mode of the CloudEvents HTTP binding: an attribute per `ce-` header, percent-encoded; the body is the data. */
function fromHeaders({ contentType, headers }: Message, data: unknown): Record<string, unknown> {
  const event: Record<string, unknown> = { datacontenttype: contentType };
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-')) event[name.slice('ce-'.length)] = decoded(value);
  }
  if (data !== undefined) event.data = data;
  return event;
}

/** Marks in headers of our own or of the caller's making; those of HTTP itself mean something else (`strict-transport-security`). */
export function headersAreMarked(headers: Record<string, unknown>): boolean {
  for (const name in headers) {
    if (!name.startsWith('ce-') && !name.startsWith('x-')) continue;
    if (isMarkedSecret({ [name.slice(name.indexOf('-') + 1)]: decoded(headers[name]) })) return true;
  }
  return false;
}

function decoded(value: unknown): unknown {
  if (typeof value !== 'string' || !value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    // Not percent-encoding after all: the value means itself.
    return value;
  }
}

function fault(status: MessageFault['status'], code: MessageFault['code']): MessageFault {
  return { ok: false, status, code };
}
