import { setTimeout as pause } from 'node:timers/promises';
import { EventPoster, type AnswerListener, type EventResult, type Postable } from '@par/cli';
import { DOOR_OF, type Door, type ProducerEvent } from '@par/contracts';
import { DOORS, type City } from './city.ts';
import { Dice } from './dice.ts';

export interface LoadOptions {
  /** Everything but the events that open units, which are known already. Read once, and held only in part. */
  events: Iterable<ProducerEvent>;
  seed: number;
  /** Share of the events that come a second time, somewhere near. */
  twice: number;
  /** Events to be refused, mixed among them: one in so many; 0 for none. */
  poisonEvery: number;
  /** Events a second; as fast as the doors take them where it is 0. What was held up by a fault is made up for at once. */
  perSecond: number;
  /** How many events there are, about: see {@link Load.release}. */
  about: number;
}

/** Order is lost within so many events: far more than one batch, so that what belongs together goes over different replicas and times. */
const SHUFFLED_AT_ONCE = 2_000;
const LARGEST_BATCH = 40;
/** Batches that wait for a door; beyond them nothing more is read, so that memory stays bounded however long a door is away. */
const MOST_WAITING = 50;

interface Batch {
  door: Door;
  events: Sent[];
}

interface Sent {
  json: string;
  id: string;
}

const POISON = 'chaos-poison-';

/**
 * Posts a year to all replicas of both doors: shuffled, some of it twice, some of it poison. Each replica has a poster of its own that tries for ever,
 * as a sender may; a replica that is dead holds up only what it has in hand.
 */
export class Load implements AnswerListener {
  readonly counts = { posted: 0, accepted: 0, duplicate: 0, poison: 0, poisonRefused: 0 };
  /** Answers that should not have been given. */
  readonly wrong: string[] = [];
  readonly #identities = new Set<string>();
  readonly #waiting = new Map<Door, Batch[]>(DOORS.map((door) => [door, []]));
  #readAll = false;
  #released = 1;
  #hurries = false;
  #failure: Error | undefined;

  constructor(
    private readonly city: City,
    private readonly options: LoadOptions,
  ) {}

  /** Resolves when every event has its answer. @throws where a door refuses a call for good */
  async run(): Promise<void> {
    const lanes = DOORS.flatMap((door) => this.city.of(door).map((replica) => this.#lane(door, replica.url)));
    await Promise.all([this.#read(), ...lanes].map((work) => work.catch((error: unknown) => this.#fail(error))));
    if (this.#failure) throw this.#failure;
  }

  /** Distinct events that were posted to be accepted: a door tells events apart by their source and id. */
  get distinct(): number {
    return this.#identities.size;
  }

  /** No more than this share of the events is posted until more is released: so that there is load left for a fault that comes late. */
  release(share: number): void {
    this.#released = share;
  }

  /** From now on as fast as the doors take them. */
  hurry(): void {
    this.#hurries = true;
  }

  answered({ id = '' }: Postable, { result, code, field }: EventResult): void {
    if (id.startsWith(POISON)) {
      this.counts.poison += 1;
      if (result === 'refused') this.counts.poisonRefused += 1;
      else this.wrong.push(`poison ${id} was ${result}`);
      return;
    }
    if (result === 'accepted' || result === 'duplicate') this.counts[result] += 1;
    else this.wrong.push(`event ${id} was ${result}: ${code ?? ''} ${field ?? ''}`);
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
  }

  async #read(): Promise<void> {
    const beganAt = performance.now();
    let sent = 0;
    for (const batch of this.#batches()) {
      const waiting = this.#waiting.get(batch.door)!;
      const dueAt = this.options.perSecond === 0 ? 0 : beganAt + (sent / this.options.perSecond) * 1_000;
      const isEarly = (): boolean => !this.#hurries && (performance.now() < dueAt || sent > this.#released * this.options.about);
      while (!this.#failure && (isEarly() || waiting.length >= MOST_WAITING)) await pause(10);
      if (this.#failure) return;
      waiting.push(batch);
      sent += batch.events.length;
    }
    this.#readAll = true;
  }

  async #lane(door: Door, url: string): Promise<void> {
    const poster = new EventPoster({ door, url, key: this.city.key, batch: LARGEST_BATCH, inFlight: 2, patienceMs: Infinity }, this);
    const waiting = this.#waiting.get(door)!;
    while (!this.#failure) {
      const batch = waiting.shift();
      if (!batch) {
        if (this.#readAll) break;
        await pause(10);
        continue;
      }
      for (const { json, id } of batch.events) await poster.add({ json, id, line: 0, row: 0 });
      await poster.flush();
      this.counts.posted += batch.events.length;
    }
    await poster.finish();
  }

  *#batches(): Generator<Batch> {
    const dice = new Dice(this.options.seed);
    const filling = new Map<Door, { events: Sent[]; size: number }>(
      DOORS.map((door) => [door, { events: [], size: dice.whole(1, LARGEST_BATCH) }]),
    );
    for (const { door, ...event } of this.#inDisorder(dice)) {
      const batch = filling.get(door)!;
      batch.events.push(event);
      if (batch.events.length < batch.size) continue;
      yield { door, events: batch.events };
      filling.set(door, { events: [], size: dice.whole(1, LARGEST_BATCH) });
    }
    for (const [door, { events }] of filling) if (events.length > 0) yield { door, events };
  }

  *#inDisorder(dice: Dice): Generator<Sent & { door: Door }> {
    const { events, twice, poisonEvery } = this.options;
    let held: (Sent & { door: Door })[] = [];
    let again: typeof held = [];
    let number = 0;
    for (const event of events) {
      number += 1;
      const sent = { json: JSON.stringify(event), id: event.id, door: DOOR_OF[event.type]! };
      this.#identities.add(`${sent.door} ${event.source} ${event.id}`);
      held.push(sent);
      if (dice.happens(twice)) again.push(sent);
      if (poisonEvery > 0 && number % poisonEvery === 0) held.push({ ...poisonOf(event, number), door: sent.door });
      if (held.length < SHUFFLED_AT_ONCE) continue;
      yield* dice.shuffled(held);
      held = again;
      again = [];
    }
    yield* dice.shuffled([...held, ...again]);
  }
}

/** An event as it must never be taken: with a field that is in no schema, such as a name of an applicant would be. */
function poisonOf(event: ProducerEvent, number: number): Sent {
  const id = `${POISON}${number}`;
  return { id, json: JSON.stringify({ ...event, id, data: { ...event.data, nguoiNop: 'chaos' } }) };
}
