import { type EventData, type EventType, type ProducerEvent } from '@par/contracts';
import { type Chance } from './chance.ts';
import { type Manner, type Offices } from './demo-offices.ts';
import { HOUR, localText, midnightOf, DAY, MINUTE, SECOND, utcText, YEAR_TO } from './office-time.ts';

/** An event before its sender has put its own mark on it. */
export interface Draft<T extends EventType = EventType> {
  type: T;
  source: string;
  id: string;
  subject: string;
  /** Id of the unit that speaks; one that is no more is replaced by its successor before. */
  unit: string;
  /** When it truly happened. */
  at: number;
  data: EventData[T];
}

/** An event on its way, with the instant by which all events are put in order. */
export interface Message {
  /** When it was sent, or happened where its source does not say. */
  key: number;
  event: ProducerEvent;
}

const UPLOADS = [11.75 * HOUR, 17.75 * HOUR];

/**
 * Sends a draft in the manner of its sender: with a clock that is wrong, days later, under an official code. `serial` keeps the order of what one upload
 * stamps with one time. Undefined where its written time lies after `until`, the end of the year.
 */
export function send(draft: Draft, manner: Manner, offices: Offices, chance: Chance, serial = 0, until = YEAR_TO): Message | undefined {
  // To the second, as most software writes it, so that the order of sending can be seen in the texts.
  const { time, sent } = stamps(Math.floor(draft.at / SECOND) * SECOND, manner, chance, serial);
  if (time > until) return undefined;
  // A unit that goes out of force sends its last message before it does.
  const last = offices.lastSecondOf(draft.unit);
  const key = last === undefined ? sent : Math.min(sent, last);
  const text = manner.kind === 'utc' ? utcText : localText;
  const { code } = offices.get(draft.unit).unit;
  const event: ProducerEvent = {
    specversion: '1.0',
    id: draft.id,
    source: draft.source,
    type: draft.type,
    subject: draft.subject,
    time: text(time),
    unit: manner.kind === 'by-code' && code !== undefined ? code : draft.unit,
    ...(saysWhenSent(manner) ? { sent: text(key) } : {}),
    datacontenttype: 'application/json',
    data: draft.data,
  };
  return { key: saysWhenSent(manner) ? key : time, event };
}

function saysWhenSent({ kind }: Manner): boolean {
  return kind !== 'untimed' && kind !== 'national-codes';
}

function stamps(at: number, manner: Manner, chance: Chance, serial: number): { time: number; sent: number } {
  const soon = at + delay(chance);
  switch (manner.kind) {
    case 'outage':
      return { time: at, sent: manner.from <= soon && soon < manner.to ? manner.to + chance.whole(0, 50 * 60) * SECOND : soon };
    case 'clock-ahead':
      return { time: at + manner.by, sent: soon };
    case 'stamps-when-sent': {
      const upload = uploadAfter(at) + serial * SECOND;
      return { time: upload, sent: upload + chance.whole(1, 20) * SECOND };
    }
    case 'plain':
    case 'untimed':
    case 'by-code':
    case 'utc':
    case 'national-codes':
      return { time: at, sent: soon };
  }
}

/** Mostly seconds; now and then a message waits for an hour or two. */
function delay(chance: Chance): number {
  return chance.happens(0.02) ? chance.whole(5, 150) * MINUTE : chance.whole(2, 90) * SECOND;
}

function uploadAfter(at: number): number {
  const midnight = midnightOf(at);
  return UPLOADS.map((clock) => midnight + clock).find((upload) => upload >= at) ?? midnight + DAY + UPLOADS[0]!;
}

/** Holds messages until the day on which they are sent, so that a year can stream: what lies ahead is in memory, what is past is not. */
export class Outgoing {
  readonly #days = new Map<number, Message[]>();

  add(message: Message | undefined): void {
    if (!message) return;
    const day = midnightOf(message.key);
    const messages = this.#days.get(day);
    if (messages) messages.push(message);
    else this.#days.set(day, [message]);
  }

  /** Everything sent on days that begin before an instant, in order of sending; for ever forgotten here. */
  *before(instant: number): Generator<ProducerEvent> {
    const days = [...this.#days.keys()].filter((day) => day < instant).sort((a, b) => a - b);
    for (const day of days) {
      const messages = this.#days.get(day) ?? [];
      this.#days.delete(day);
      messages.sort((a, b) => a.key - b.key || compare(a.event.source, b.event.source) || compare(a.event.id, b.event.id));
      for (const { event } of messages) yield event;
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
