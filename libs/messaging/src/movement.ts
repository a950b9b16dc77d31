/** What can be seen of a queue's work from outside. */
export interface Sighting {
  /** Whether messages wait, at the broker or in hand. */
  isWaiting: boolean;
  /** Batches finished so far. */
  finished: number;
  /** Milliseconds of a clock that does not jump. */
  atMs: number;
}

/**
 * Tells an idle queue from a stuck one: messages wait, and for how long no batch has been finished. Time counts from the first look that saw
 * them wait, so a queue that was idle until now is never blamed for its rest.
 */
export class Movement {
  #sinceMs: number | undefined;
  #finished = 0;

  /** How long messages have waited without a finished batch, as of this look. */
  look({ isWaiting, finished, atMs }: Sighting): number {
    if (!isWaiting) {
      this.#sinceMs = undefined;
      return 0;
    }
    if (this.#sinceMs === undefined || finished !== this.#finished) this.#sinceMs = atMs;
    this.#finished = finished;
    return atMs - this.#sinceMs;
  }
}
