import { type Unit } from '@par/administration';
import { type EventData, type EventType, type ProducerEvent } from '@par/contracts';

export const DAY = '2021-07-05';
/** The workflow systems of the departments. */
export const WORKFLOW = 'urn:par:made-up-day:workflow';
const OFFSET = '+07:00';

interface Draft<T extends EventType> {
  source: string;
  id: string;
  type: T;
  subject: string;
  /** Minutes after 07:00. */
  minute: number;
  unit: Unit;
  data: EventData[T];
}

/** An event of the day, sent when it happened. */
export function event<T extends EventType>({ minute, unit, ...rest }: Draft<T>): ProducerEvent {
  const time = instant(minute);
  return { specversion: '1.0', ...rest, time, sent: time, unit: unit.id, datacontenttype: 'application/json' };
}

/** The local time so many minutes after 07:00 of the day, with its offset. */
export function instant(minute: number): string {
  const shifted = new Date(Date.parse(`${DAY}T07:00:00Z`) + minute * 60_000);
  return `${shifted.toISOString().slice(0, 19)}${OFFSET}`;
}

/** The n-th of a list that begins again at its end. */
export function pick<T>(from: readonly T[], n: number): T {
  return from[n % from.length]!;
}
