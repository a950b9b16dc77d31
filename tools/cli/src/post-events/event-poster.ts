import { setTimeout as pause } from 'node:timers/promises';
import type { Door } from '@par/contracts';
import { Mistake } from '../mistake.ts';
import { noAnswer, told } from '../service-client.ts';
import type { AnswerListener, EventResult, Postable } from './posting-report.ts';

export interface PostingOptions {
  door: Door;
  url: string;
  key: string;
  /** Events per request. */
  batch: number;
  /** Requests at a time; 1 where an event needs those before it to be known. */
  inFlight?: number;
  /** How long a door may be away before the posting gives up, in milliseconds. */
  patienceMs?: number;
}

const USUAL_IN_FLIGHT = 4;
/** Well below the 5 MB that a door takes. */
const LARGEST_BATCH = 2 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;
const USUAL_PATIENCE_MS = 300_000;
const LONGEST_PAUSE_MS = 10_000;
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Posts events to one front door in batches, a few requests in flight. A door that is away or busy is tried again with back-off,
 * which is safe for ever since an event that was taken in already is answered as a duplicate.
 */
export class EventPoster {
  readonly #waiting: Postable[] = [];
  #waitingSize = 0;
  readonly #flights = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #failure: Error | undefined;

  constructor(
    private readonly options: PostingOptions,
    private readonly listener: AnswerListener,
  ) {}

  /** Takes an event; returns when there is room for the next one. */
  async add(event: Postable): Promise<void> {
    this.#waiting.push(event);
    this.#waitingSize += event.json.length;
    if (this.#waiting.length >= this.options.batch || this.#waitingSize >= LARGEST_BATCH) await this.flush();
  }

  /** Posts what is left and waits for every answer. */
  async finish(): Promise<void> {
    await this.flush();
    await this.settle();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Waits for the answers to what is on its way; whether they are good is not asked. */
  async settle(): Promise<void> {
    await Promise.all(this.#flights);
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Gives up what is on its way: where another door has failed, nobody waits for the answers any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.settle();
  }

  /** Sends what waits for its batch to fill. */
  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const events = this.#waiting.splice(0);
    this.#waitingSize = 0;
    while (this.#flights.size >= (this.options.inFlight ?? USUAL_IN_FLIGHT) && this.#failure === undefined)
      await Promise.race(this.#flights);
    if (this.#failure !== undefined) throw this.#failure;
    const flight = this.#post(events)
      .catch((error: unknown) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.#flights.delete(flight));
    this.#flights.add(flight);
  }

  async #post(events: readonly Postable[]): Promise<void> {
    const { door } = this.options;
    const { status, text } = await this.#request(events);
    const results = resultsOf(text);
    if (results?.length === events.length) {
      this.#tell(events, results);
      return;
    }
    if (status === 413 && events.length > 1) {
      const half = Math.ceil(events.length / 2);
      await this.#post(events.slice(0, half));
      await this.#post(events.slice(half));
      return;
    }
    if (status === 413) {
      const result: EventResult = { index: 0, result: 'refused', code: 'request.too-large', message: told(door, status, text) };
      this.#tell(events, [result]);
      return;
    }
    throw new Mistake('import.door-refused', told(door, status, text));
  }

  /** One request, repeated while the door is away or busy. */
  async #request(events: readonly Postable[]): Promise<{ status: number; text: string }> {
    const { door, url, key, patienceMs = USUAL_PATIENCE_MS } = this.options;
    const body = `[${events.map(({ json }) => json).join(',')}]`;
    const giveUpAt = Date.now() + patienceMs;
    for (let attempt = 1; ; attempt++) {
      let answer: { status: number; text: string; retryAfter: number };
      try {
        const response = await fetch(`${url}/v1/events`, {
          method: 'POST',
          headers: { 'content-type': 'application/cloudevents-batch+json', authorization: `Bearer ${key}`, accept: 'application/json' },
          body,
          signal: AbortSignal.any([AbortSignal.timeout(REQUEST_TIMEOUT_MS), this.#stop.signal]),
        });
        answer = { status: response.status, text: await response.text(), retryAfter: Number(response.headers.get('retry-after')) || 0 };
      } catch (error) {
        if (this.#stop.signal.aborted || Date.now() >= giveUpAt) throw noAnswer(door, url, error);
        await this.#pause(backOff(attempt, 0));
        continue;
      }
      if (!PASSING.has(answer.status)) return answer;
      if (Date.now() >= giveUpAt) {
        throw new Mistake('import.door-busy', told(door, answer.status, answer.text));
      }
      await this.#pause(backOff(attempt, answer.retryAfter));
    }
  }

  /** Ends early where all is given up; the next request then finds that out. */
  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }

  #tell(events: readonly Postable[], results: readonly EventResult[]): void {
    results.forEach((result, position) => {
      const posted = events[result.index ?? position];
      if (posted) this.listener.answered(posted, result);
    });
  }
}

/** Waits double each time, from a quarter of a second, and never less than the door asks for. */
function backOff(attempt: number, retryAfterSeconds: number): number {
  return Math.max(retryAfterSeconds * 1_000, Math.min(LONGEST_PAUSE_MS, 250 * 2 ** Math.min(attempt - 1, 10)));
}

function resultsOf(text: string): EventResult[] | undefined {
  try {
    const body = JSON.parse(text) as { results?: unknown } | null;
    return Array.isArray(body?.results) ? (body.results as EventResult[]) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
