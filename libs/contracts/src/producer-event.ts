import { type EventData, type EventType } from './event-types.ts';

/**
 * An event as a producer posts it to a front door, before the door stamps `received` and `network` and resolves `unit`.
 * Unlike `CloudEvent` it may name its unit by official code, write its instants with any offset, and leave out `datacontenttype`.
 */
export interface ProducerEvent<T extends EventType = EventType> {
  specversion: '1.0';
  id: string;
  source: string;
  type: T;
  subject: string;
  /** When it happened, RFC 3339 with offset. */
  time: string;
  /** Unit id, or official code in force at `time`. Unit events carry the id of their own subject. */
  unit: string;
  /** When the source sent it, RFC 3339 with offset. */
  sent?: string;
  datacontenttype?: 'application/json';
  /** W3C trace context of the sender. */
  traceparent?: string;
  data: EventData[T];
}
