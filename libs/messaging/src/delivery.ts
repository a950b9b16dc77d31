import { createHash } from 'node:crypto';
import { type AnyEvent, balanceDay, isEventType } from '@par/contracts';
import type { ConsumeMessage } from 'amqplib';

/** One event as it reached a consumer. */
export interface Delivery {
  event: AnyEvent;
  /** The service that sent it (the AMQP `app-id`). */
  origin: string;
  /** 0 from the broker, 1, 2 … from the retry table. */
  attempt: number;
}

/** A message of a front door's queue as it came, content unread. */
export interface RawDelivery {
  body: Buffer;
  contentType?: string;
  headers: Record<string, unknown>;
  /** The broker user that published it, where the publisher set `user-id`; the broker has checked it. */
  userId?: string;
  replyTo?: string;
  correlationId?: string;
}

/** A message that no handler may see: kept as a dead letter with its cause. */
export interface Unreadable {
  code: 'message.unreadable' | 'event.unknown-type';
  cause: string;
  body: string;
  origin: string;
}

/** Where a message is filed in the retry and dead-letter tables. */
export interface Filing {
  origin: string;
  type: string;
  unit: string;
  day: string;
  body: string;
}

/** Reads an event message; never throws. The sender is one of our services, whose outbox wrote a stamped CloudEvent. */
export function readDelivery(body: string, origin: string, attempt: number): Delivery | Unreadable {
  const event = parsed(body);
  if (event === undefined) return { code: 'message.unreadable', cause: 'not JSON', body, origin };
  return readEvent(event, () => body, origin, attempt);
}

function readEvent(event: unknown, body: () => string, origin: string, attempt: number): Delivery | Unreadable {
  if (!hasTexts(event, ['specversion', 'source', 'id', 'type', 'subject', 'time', 'unit', 'received'])) {
    return { code: 'message.unreadable', cause: 'not a stamped CloudEvent', body: body(), origin };
  }
  if (!isEventType(event.type)) return { code: 'event.unknown-type', cause: 'unknown type', body: body(), origin };
  return { event: event as unknown as AnyEvent, origin, attempt };
}

/** Reads a message of our own: one event, or a pack of several, of which each stands for itself. Never throws. */
export function readMessage(message: ConsumeMessage): (Delivery | Unreadable)[] {
  const body = message.content.toString('utf8');
  const origin = originOf(message);
  if (!body.startsWith('[')) return [readDelivery(body, origin, 0)];
  const events = parsed(body);
  if (!Array.isArray(events)) return [{ code: 'message.unreadable', cause: 'not JSON', body, origin }];
  return events.map((event: unknown) => readEvent(event, () => JSON.stringify(event), origin, 0));
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

export function readRaw(message: ConsumeMessage): RawDelivery {
  const properties = message.properties as unknown as Readonly<Record<string, unknown>>;
  const { contentType, headers, userId, replyTo, correlationId } = properties;
  return {
    body: message.content,
    headers: { ...(headers as object | undefined) },
    ...(typeof contentType === 'string' ? { contentType } : {}),
    ...(typeof userId === 'string' ? { userId } : {}),
    ...(typeof replyTo === 'string' ? { replyTo } : {}),
    ...(typeof correlationId === 'string' ? { correlationId } : {}),
  };
}

export function isUnreadable(read: Delivery | Unreadable): read is Unreadable {
  return 'code' in read;
}

export function filingOf(read: Delivery | Unreadable): Filing {
  if (isUnreadable(read)) return { origin: read.origin, type: read.code, unit: '', day: '1970-01-01', body: read.body };
  return {
    origin: read.origin,
    type: read.event.type,
    unit: read.event.unit,
    day: balanceDay(read.event),
    body: JSON.stringify(read.event),
  };
}

/** Content fingerprint: a message delivered again is filed once. */
export function fingerprint(body: string): Buffer {
  return createHash('sha256').update(body).digest();
}

function originOf(message: ConsumeMessage): string {
  const appId: unknown = message.properties.appId;
  return typeof appId === 'string' ? appId : '';
}

function hasTexts<K extends string>(value: unknown, keys: readonly K[]): value is Record<K, string> {
  return typeof value === 'object' && value !== null && keys.every((key) => typeof (value as Record<string, unknown>)[key] === 'string');
}
