import { exchangeOf, isTask, QUEUES, routingKeyOf, typesInto, type CloudEvent, type EventType, type Exchange } from '@par/contracts';

/** One AMQP message: a single CloudEvent, or a JSON array of them (the CloudEvents batch format). */
export interface Pack {
  exchange: Exchange;
  /** Distinct routing keys of its events; every queue that is bound to one of them gets the message once. */
  routingKeys: string[];
  /** Of a single event its type; of several ''. */
  type: string;
  body: string;
  events: number;
}

/** More saves the broker nothing that is worth the wait for a large message. */
export const MOST_EVENTS_IN_PACK = 32;
const MOST_CHARACTERS_IN_PACK = 96 * 1024;

/**
 * Packs the events of one commit into few messages, in order. Under load a commit has many events, and the broker's work is per message; a lone event is
 * a message of its own as ever. Only events that the same queues are bound to share a pack, so no consumer of ours gets what it did not ask for. Tasks are for queues
 * that we do not know: each is a message of its own.
 * @param bodies the events as JSON, one each
 */
export function packsOf(events: readonly Pick<CloudEvent, 'type' | 'unit'>[], bodies: readonly string[]): Pack[] {
  const packs: Pack[] = [];
  const open = new Map<string, OpenPack>();
  events.forEach((event, index) => {
    const body = bodies[index]!;
    const exchange = exchangeOf(event.type);
    if (isTask(event.type)) {
      packs.push({ exchange, routingKeys: [routingKeyOf(event)], type: event.type, body, events: 1 });
      return;
    }
    const readers = readersOf(event.type);
    let pack = open.get(readers);
    if (pack && (pack.bodies.length === MOST_EVENTS_IN_PACK || pack.characters + body.length > MOST_CHARACTERS_IN_PACK)) {
      packs.push(closed(pack));
      pack = undefined;
    }
    if (!pack) open.set(readers, (pack = { exchange, type: event.type, keys: new Set(), bodies: [], characters: 0 }));
    pack.keys.add(routingKeyOf(event));
    pack.bodies.push(body);
    pack.characters += body.length;
  });
  for (const pack of open.values()) packs.push(closed(pack));
  return packs;
}

/** How many events a message of ours holds, without reading its body. */
export function eventsInMessage(headers: Record<string, unknown> | undefined): number {
  const count = headers?.[EVENT_COUNT_HEADER];
  return typeof count === 'number' && count > 0 ? count : 1;
}

/** AMQP header of a pack: the number of its events. */
export const EVENT_COUNT_HEADER = 'par-events';

interface OpenPack {
  exchange: Exchange;
  type: string;
  keys: Set<string>;
  bodies: string[];
  characters: number;
}

function closed({ exchange, type, keys, bodies }: OpenPack): Pack {
  const isSingle = bodies.length === 1;
  return {
    exchange,
    routingKeys: [...keys],
    type: isSingle ? type : '',
    body: isSingle ? bodies[0]! : `[${bodies.join(',')}]`,
    events: bodies.length,
  };
}

const readersByType = new Map<EventType, string>();

/** Exchange and queues of a type, as one text. */
function readersOf(type: EventType): string {
  let readers = readersByType.get(type);
  if (readers === undefined) {
    const names = QUEUES.filter((queue) => typesInto(queue, [type]).length > 0).map(({ name }) => name);
    readersByType.set(type, (readers = [exchangeOf(type), ...names].join(' ')));
  }
  return readers;
}
