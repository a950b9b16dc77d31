import { type Environment } from './environment.ts';

/** How many times as long as it took to make it an answer is given. */
const PAYS_FOR = 20;
/** However dear it was, it is made anew after this. */
const LONGEST_MS = 10_000;

/** What an answer has to have cost before it is kept, where keeping it makes it older than the question. */
export function keptFromMs(environment: Environment): number {
  return environment.integer('KEEP_ANSWERS_FROM_MS', 20, { min: 1, max: 60_000 });
}

interface Kept<T> {
  value: T;
  begunAt: number;
  /** Until when it is given as it is, and until when it is given while a new one is made. */
  goodUntil: number;
  usableUntil: number;
  making?: Promise<T>;
}

/**
 * Answers that cost the database much, such as a count over a million dossiers. One that took `KEEP_ANSWERS_FROM_MS` (20) or more is given again for twenty times as long as it took, ten
 * seconds at most, and for as long again while it is made anew beside: so nobody waits for it, and however many ask, making it takes no more than a twentieth of the
 * time. One that is quickly made is made for everyone who asks.
 */
export class KeptAnswers<T> {
  readonly #kept = new Map<string, Kept<T>>();
  readonly #fromMs: number;

  /**
   * @param most how many answers are kept; the one that was made longest ago goes first
   * @param now milliseconds on a clock that is never set back
   */
  constructor(
    private readonly most: number,
    environment: Environment,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#fromMs = keptFromMs(environment);
  }

  /** The answer to a question, by its key. @throws what `make` throws, where no kept answer can be given */
  async get(key: string, make: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(key);
    const now = this.now();
    if (!kept) return this.anew(key, make);
    if (now <= kept.goodUntil) return kept.value;
    kept.making ??= this.anew(key, make).finally(() => delete kept.making);
    if (now > kept.usableUntil) return kept.making;
    // Whoever asks when the kept one can no longer be given is told why there is no new one.
    kept.making.catch(() => undefined);
    return kept.value;
  }

  /** Makes the answer whatever is kept, for those who ask next too. */
  async anew(key: string, make: () => Promise<T>): Promise<T> {
    const begunAt = this.now();
    const value = await make();
    const madeAt = this.now();
    const before = this.#kept.get(key);
    if (before && before.begunAt > begunAt) return value;
    this.#kept.delete(key);
    const costMs = madeAt - begunAt;
    if (costMs < this.#fromMs) return value;
    const paysForMs = Math.min(PAYS_FOR * costMs, LONGEST_MS);
    this.#kept.set(key, { value, begunAt, goodUntil: madeAt + paysForMs, usableUntil: madeAt + 2 * paysForMs });
    if (this.#kept.size > this.most) this.#kept.delete(this.#kept.keys().next().value!);
    return value;
  }
}
