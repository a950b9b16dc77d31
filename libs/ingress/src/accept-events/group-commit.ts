import { isDatabaseAway, isTransactionConflict } from '@par/service-kit';

/** A connection that hangs is as good as none. PostgreSQL's own code for "cannot connect now", so that all handle it as such. */
export class DatabaseSilent extends Error {
  readonly code = '57P03';

  constructor() {
    super('the database did not answer in time');
    this.name = 'DatabaseSilent';
  }
}

export interface GroupCommitLimits {
  /** A group that is this large does not wait for more. */
  rows: number;
  /** A group waits this long for more while another is being committed. */
  lingerMs: number;
  /** Groups being committed at one time. */
  inFlight: number;
  /** A call waits no longer than this. */
  patienceMs: number;
}

export const GROUP_COMMIT_LIMITS: GroupCommitLimits = { rows: 500, lingerMs: 2, inFlight: 2, patienceMs: 10_000 };

/** Calls that come together say that there is load. */
const LOAD = 2;
/** Under load every group waits this long: a commit costs its messages to and from the database and the broker, however few events it has. */
const LINGER_UNDER_LOAD_MS = 12;

interface Waiting<T, R> {
  item: T;
  rows: number;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
  patience: NodeJS.Timeout;
}

const MOST_CONFLICTS = 5;

/**
 * Joins concurrent calls into few transactions. `commit` does a whole group in one transaction and gives a result per item; a call is
 * answered after that. When a group fails for another reason than the database being away, each call is done alone, so that one bad call
 * does not fail its neighbours.
 */
export class GroupCommit<T, R> {
  #waiting: Waiting<T, R>[] = [];
  #rows = 0;
  #inFlight = 0;
  #lingering: NodeJS.Timeout | undefined;
  #soon = false;
  #underLoad = false;

  constructor(
    private readonly commit: (items: T[]) => Promise<R[]>,
    private readonly limits: GroupCommitLimits = GROUP_COMMIT_LIMITS,
  ) {}

  /** Rows that wait for a transaction. */
  get backlog(): number {
    return this.#rows;
  }

  submit(item: T, rows: number): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      const patience = setTimeout(() => {
        // What has not been begun is not done behind the caller's back; what has been may still commit, and a retry is then a duplicate.
        const index = this.#waiting.indexOf(waiting);
        if (index >= 0) {
          this.#waiting.splice(index, 1);
          this.#rows -= rows;
        }
        reject(new DatabaseSilent());
      }, this.limits.patienceMs);
      const waiting: Waiting<T, R> = { item, rows, resolve, reject, patience };
      this.#waiting.push(waiting);
      this.#rows += rows;
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#waiting.length === 0 || this.#inFlight >= this.limits.inFlight) return;
    if (this.#rows >= this.limits.rows) this.#flush();
    else if (this.#inFlight === 0 && !this.#underLoad) {
      // Idle: go at once, with whatever else comes in this turn of the event loop.
      if (this.#soon) return;
      this.#soon = true;
      setImmediate(() => {
        this.#soon = false;
        if (this.#inFlight < this.limits.inFlight) this.#flush();
      });
    } else this.#lingering ??= setTimeout(() => this.#linger(), this.#underLoad ? LINGER_UNDER_LOAD_MS : this.limits.lingerMs);
  }

  #linger(): void {
    this.#lingering = undefined;
    if (this.#inFlight < this.limits.inFlight) this.#flush();
  }

  #flush(): void {
    const group: Waiting<T, R>[] = [];
    for (let rows = 0; this.#waiting.length > group.length && rows < this.limits.rows;) {
      const next = this.#waiting[group.length]!;
      group.push(next);
      rows += next.rows;
      this.#rows -= next.rows;
    }
    this.#waiting = this.#waiting.slice(group.length);
    if (group.length === 0) return;
    this.#underLoad = group.length >= LOAD;
    this.#inFlight += 1;
    void this.#settle(group).finally(() => {
      this.#inFlight -= 1;
      this.#schedule();
    });
    this.#schedule();
  }

  async #settle(group: Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.#commitWithRetries(group.map((waiting) => waiting.item));
      group.forEach((waiting, index) => {
        clearTimeout(waiting.patience);
        waiting.resolve(results[index]!);
      });
    } catch (error) {
      if (group.length > 1 && !isDatabaseAway(error)) {
        for (const waiting of group) await this.#settle([waiting]);
        return;
      }
      for (const waiting of group) {
        clearTimeout(waiting.patience);
        waiting.reject(error);
      }
    }
  }

  async #commitWithRetries(items: T[]): Promise<R[]> {
    for (let conflicts = 0; ; conflicts += 1) {
      try {
        return await this.commit(items);
      } catch (error) {
        if (!isTransactionConflict(error) || conflicts >= MOST_CONFLICTS) throw error;
      }
    }
  }
}
