import { Organisation, type UnitEvent } from '@par/administration';
import { type AnyEvent, DOOR_OF, type ProducerEvent, type ServiceName } from '@par/contracts';
import { demoYear } from '@par/demo-year';
import { isOfDossier } from '../events/dossier-year.ts';
import { Judgements } from './judgements.ts';

/** An event as one of our services publishes it. */
export interface PublishedEvent {
  event: AnyEvent;
  /** The event as JSON, as it goes over the wire. */
  body: string;
  origin: ServiceName;
}

export interface Backlog {
  /** The units, the network and the catalogue: known long before anything heaps up. */
  standing: PublishedEvent[];
  /** What heaped up, in the order in which it was sent; judgements of work dossiers among it. */
  events: PublishedEvent[];
}

/** A year tells about eight events of a dossier and its work dossier, judgement included. */
const EVENTS_PER_DOSSIER = 8;

/**
 * The first `count` events after the standing ones of a made-up year of Huế, stamped as the front doors stamp them: instants in UTC, unit by its id, `received`
 * now, `network` set.
 */
export function backlogOf(count: number, seed: number): Backlog {
  return cut(cityYear(Math.ceil(count / EVENTS_PER_DOSSIER) + 50, seed), count);
}

/** A whole year of a city with so many applications. */
export function wholeYear(dossiers: number, seed: number): Backlog {
  return cut(cityYear(dossiers, seed), Infinity);
}

function cut(year: Iterable<PublishedEvent>, count: number): Backlog {
  const backlog: Backlog = { standing: [], events: [] };
  let begun = false;
  for (const published of year) {
    begun ||= published.event.type.startsWith('vn.par.dossier.');
    if (!begun) backlog.standing.push(published);
    else if (backlog.events.push(published) === count) return backlog;
  }
  if (count !== Infinity) throw new Error(`the year has ${backlog.events.length} events, ${count} are wanted`);
  return backlog;
}

function* cityYear(dossiers: number, seed: number): Generator<PublishedEvent> {
  const units: UnitEvent[] = [];
  let organisation: Organisation | undefined;
  const judgements = new Judgements();
  // Some senders send twice, and a door publishes once.
  const known = new Set<string>();
  const received = new Date().toISOString();
  for (const posted of demoYear({ dossiers, seed })) {
    const identity = `${DOOR_OF[posted.type] ?? ''} ${posted.source} ${posted.id}`;
    if (known.has(identity)) continue;
    known.add(identity);
    if (posted.type.startsWith('vn.par.unit.')) {
      const event = stamped(posted, posted.unit, received);
      units.push(event as UnitEvent);
      yield published(event);
      continue;
    }
    organisation ??= Organisation.fold(units);
    const unit = organisation.resolve(posted.unit, new Date(posted.time));
    // The door would refuse it: not a sound event for a backlog.
    if (typeof unit === 'string') continue;
    const event = stamped(posted, unit.id, received);
    yield published(event);
    const judgement = judgements.after(event);
    if (judgement) yield published(judgement);
  }
}

function stamped({ specversion, id, source, type, subject, time, sent, data }: ProducerEvent, unit: string, received: string): AnyEvent {
  return {
    specversion,
    id,
    source,
    type,
    subject,
    time: new Date(time).toISOString(),
    datacontenttype: 'application/json',
    unit,
    ...(sent === undefined ? {} : { sent: new Date(sent).toISOString() }),
    received,
    network: 'tslcd',
    data,
  } as AnyEvent;
}

function published(event: AnyEvent): PublishedEvent {
  return { event, body: JSON.stringify(event), origin: DOOR_OF[event.type] ?? 'edocument-workflow' };
}

/** The same lives of other dossiers: their codes, and every identity that is made from a code, begin with the mark. */
export function ofOtherDossiers(events: readonly PublishedEvent[], mark: string): PublishedEvent[] {
  return events
    .filter(({ event }) => isOfDossier(event))
    .map((each) => {
      const body = each.body.replaceAll(each.event.subject, mark + each.event.subject);
      return { ...each, body, event: JSON.parse(body) as AnyEvent };
    });
}
