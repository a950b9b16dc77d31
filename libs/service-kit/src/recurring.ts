/**
 * Work of one process that is done again and again. A round begins some time after the last one ended, so there is never more than one at a time, and a stop waits for the
 * one in hand. A round that fails is told and followed by the next.
 */
export class Recurring {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  /**
   * @param everyMs from the end of a round to the next
   * @param round does the work of one round, and may say in how many milliseconds the next is due
   * @param failed is told why a round failed
   */
  constructor(
    private readonly everyMs: number,
    private readonly round: () => Promise<unknown>,
    private readonly failed: (error: unknown) => void,
  ) {}

  start(): void {
    this.#schedule(this.everyMs);
  }

  /** For a long round: whether it is to come to an end. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#round = this.#run();
    }, delayMs);
  }

  async #run(): Promise<void> {
    let next = this.everyMs;
    try {
      const asked = await this.round();
      if (typeof asked === 'number') next = asked;
    } catch (error) {
      this.failed(error);
    }
    this.#schedule(next);
  }
}
