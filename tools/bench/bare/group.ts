interface Waiting<T, R> {
  item: T;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

/**
 * Joins what comes within a moment into groups, two of which are worked on at a time: the group commit of the door, the micro-batch of a consumer.
 * An idle one works at once; a busy one waits `lingerMs` for more.
 */
export class Grouped<T, R> {
  #waiting: Waiting<T, R>[] = [];
  #working = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly work: (items: T[]) => Promise<R[]>,
    private readonly limits: { most: number; lingerMs: number },
  ) {}

  submit(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#waiting.length === 0 || this.#working >= 2) return;
    if (this.#waiting.length >= this.limits.most) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.limits.lingerMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const group = this.#waiting.splice(0, this.limits.most);
    if (group.length === 0) return;
    this.#working += 1;
    this.work(group.map(({ item }) => item))
      .then((results) => group.forEach(({ resolve }, index) => resolve(results[index]!)))
      .catch((error: unknown) => group.forEach(({ reject }) => reject(error)))
      .finally(() => {
        this.#working -= 1;
        this.#schedule();
      });
  }
}
