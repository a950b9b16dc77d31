import { type EventIdentity } from '@par/contracts';

/** What is needed of an event to order it and to tell whether it was taken back. `time` is a UTC text with milliseconds. */
export interface StandableEvent extends EventIdentity {
  type: string;
  time: string;
  unit: string;
  data: object;
}

export interface Standing<E> {
  /** By (time, source, id), each identity once, without the corrections and without what they take back. */
  standing: E[];
  /** Corrections in effect, in the same order. */
  inEffect: E[];
  /** Corrections in effect whose target is not in the set (yet): it may come later. */
  withoutTarget: E[];
}

/**
 * The events of one subject that hold, where events of the type `correction` take others back by identity, wherever the correction stands. A correction
 * that one in effect takes back is not in effect; none takes back itself. A pure function of the set. All events of the set come through one front
 * door, so (`source`, `id`) tells them apart.
 */
export function standingEvents<E extends StandableEvent>(events: Iterable<E>, correction: E['type']): Standing<E> {
  const byKey = distinct(events);
  const ordered = [...byKey.values()].sort(byTimeThenIdentity);
  const corrections = ordered.filter(({ type }) => type === correction);
  if (corrections.length === 0) return { standing: ordered, inEffect: [], withoutTarget: [] };
  const holding = correctionsInEffect(corrections);
  const takenBack = new Set(holding.map(targetOf));
  return {
    standing: ordered.filter((event) => event.type !== correction && !takenBack.has(keyOf(event))),
    inEffect: holding,
    withoutTarget: holding.filter((event) => !byKey.has(targetOf(event)) || targetOf(event) === keyOf(event)),
  };
}

/** Order of every fold: by when it happened, then by identity. Arrival has no part in it. */
export function byTimeThenIdentity(a: EventIdentity & { time: string }, b: EventIdentity & { time: string }): number {
  return order(a.time, b.time) || order(a.source, b.source) || order(a.id, b.id);
}

/** One event per identity. A front door refuses other content under a known identity, so the comparison is a mere tie-break. */
function distinct<E extends StandableEvent>(events: Iterable<E>): Map<string, E> {
  const byKey = new Map<string, E>();
  for (const event of events) {
    const other = byKey.get(keyOf(event));
    if (!other || (other !== event && contentOf(event) < contentOf(other))) byKey.set(keyOf(event), event);
  }
  return byKey;
}

function contentOf({ type, time, unit, data }: StandableEvent): string {
  return JSON.stringify([time, type, unit, data]);
}

/** `corrections` are in order. Each takes back one event, so judging one can only decide its target: the list is walked along, never searched. */
function correctionsInEffect<E extends StandableEvent>(corrections: readonly E[]): E[] {
  const byKey = new Map(corrections.map((event) => [keyOf(event), event]));
  const correctedBy = (event: E): E | undefined => {
    const target = byKey.get(targetOf(event));
    return target === event ? undefined : target;
  };
  /** How many corrections of a correction are not yet judged. */
  const unjudged = new Map<E, number>();
  for (const event of corrections) {
    const target = correctedBy(event);
    if (target) unjudged.set(target, (unjudged.get(target) ?? 0) + 1);
  }
  const inEffect = new Map<E, boolean>();
  const judge = (first: E): void => {
    let holds = true;
    for (let event: E | undefined = first; event && !inEffect.has(event); event = correctedBy(event)) {
      inEffect.set(event, holds);
      const target = correctedBy(event);
      if (!target) return;
      const left = (unjudged.get(target) ?? 1) - 1;
      unjudged.set(target, left);
      // One in effect is enough to take the next back; that none is in effect is known once all are judged.
      if (!holds && left > 0) return;
      holds = !holds;
    }
  };
  // What is left after this goes round in rings, and a correction in a ring takes back nothing outside of it.
  for (const event of corrections) if (!unjudged.has(event)) judge(event);
  return corrections.filter((event) => inEffect.get(event));
}

/** Identity that a correction takes back. */
function targetOf({ data }: StandableEvent): string {
  return keyOf(data as EventIdentity);
}

function keyOf({ source, id }: EventIdentity): string {
  return `${source}\0${id}`;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
