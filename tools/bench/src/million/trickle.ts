import { setTimeout as pause } from 'node:timers/promises';
import { type PublishedEvent } from '../drain/backlog.ts';
import { ourMessages, QueueFiller } from '../drain/fill-queue.ts';
import { SCORING_QUEUE, type ScoringPlace } from '../drain/scoring.ts';

/** While something else is measured, events go on coming at a low rate. */
export const EVENTS_PER_SECOND = 200;
const EVERY_MS = 100;

/** Lays a few events into the queue ten times a second until it is stopped. */
export class Trickle {
  sent = 0;
  #running: Promise<void> | undefined;
  #stopped = false;

  private constructor(
    private readonly filler: QueueFiller,
    private readonly events: readonly PublishedEvent[],
  ) {}

  static async start({ amqpUrl }: ScoringPlace, events: readonly PublishedEvent[]): Promise<Trickle> {
    const trickle = new Trickle(await QueueFiller.open(amqpUrl), events);
    trickle.#running = trickle.#run();
    return trickle;
  }

  async #run(): Promise<void> {
    const atOnce = (EVENTS_PER_SECOND * EVERY_MS) / 1000;
    for (let due = performance.now(); !this.#stopped && this.sent < this.events.length; due += EVERY_MS) {
      const some = this.events.slice(this.sent, this.sent + atOnce);
      await this.filler.lay(SCORING_QUEUE, ourMessages(some));
      this.sent += some.length;
      await pause(Math.max(0, due + EVERY_MS - performance.now()));
    }
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await this.#running;
    await this.filler.close();
  }
}
