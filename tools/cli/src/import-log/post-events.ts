import { setTimeout as pause } from 'node:timers/promises';
import type { Door } from '@par/contracts';
import type { Bilingual } from '@par/service-kit';
import { Mistake } from '../mistake.ts';
import { noAnswer, told } from '../service-client.ts';
import type { ImportReport } from './import-report.ts';
import type { OutgoingEvent } from './map-rows.ts';

export interface PostableEvent {
  event: OutgoingEvent;
  line?: number;
}

interface EventResult {
  index: number;
  id?: string;
  result: 'accepted' | 'duplicate' | 'conflict' | 'refused';
  code?: string;
  field?: string;
  message?: Bilingual;
}

export interface PostingOptions {
  door: Door;
  url: string;
  key: string;
  /** Events per request. */
  batch: number;
  /** How long a door may be away before the import gives up, in milliseconds. */
  patienceMs?: number;
}

const IN_FLIGHT = 4;
const REQUEST_TIMEOUT_MS = 60_000;
const USUAL_PATIENCE_MS = 300_000;
const LONGEST_PAUSE_MS = 10_000;
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Posts events to one front door in batches, a few requests in flight. A door that is away or busy is tried again with back-off,
 * which is safe for ever since an event that was taken in already is answered as a duplicate.
 */
export class EventPoster {
  readonly #waiting: PostableEvent[] = [];
  readonly #flights = new Set<Promise<void>>();
  #failure: Error | undefined;

  constructor(
    private readonly options: PostingOptions,
    private readonly report: ImportReport,
  ) {}

  /** Takes an event; returns when there is room for the next one. */
  async add(event: PostableEvent): Promise<void> {
    this.#waiting.push(event);
    if (this.#waiting.length >= this.options.batch) await this.#launch();
  }

  /** Posts what is left and waits for every answer. */
  async finish(): Promise<void> {
    if (this.#waiting.length > 0) await this.#launch();
    await Promise.all(this.#flights);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #launch(): Promise<void> {
    const events = this.#waiting.splice(0);
    while (this.#flights.size >= IN_FLIGHT && this.#failure === undefined) await Promise.race(this.#flights);
    if (this.#failure !== undefined) throw this.#failure;
    const flight = this.#post(events)
      .catch((error: unknown) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.#flights.delete(flight));
    this.#flights.add(flight);
  }

  async #post(events: readonly PostableEvent[]): Promise<void> {
    const { door } = this.options;
    const { status, text } = await this.#request(events);
    const results = resultsOf(text);
    if (results) {
      this.#count(events, results);
      return;
    }
    if (status === 413 && events.length > 1) {
      const half = Math.ceil(events.length / 2);
      await this.#post(events.slice(0, half));
      await this.#post(events.slice(half));
      return;
    }
    throw new Mistake('import.door-refused', told(door, status, text));
  }

  /** One request, repeated while the door is away or busy. */
  async #request(events: readonly PostableEvent[]): Promise<{ status: number; text: string }> {
    const { door, url, key, patienceMs = USUAL_PATIENCE_MS } = this.options;
    const body = JSON.stringify(events.map(({ event }) => event));
    const giveUpAt = Date.now() + patienceMs;
    for (let attempt = 1; ; attempt++) {
      let answer: { status: number; text: string; retryAfter: number };
      try {
        const response = await fetch(`${url}/v1/events`, {
          method: 'POST',
          headers: { 'content-type': 'application/cloudevents-batch+json', authorization: `Bearer ${key}`, accept: 'application/json' },
          body,
          signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        });
        answer = { status: response.status, text: await response.text(), retryAfter: Number(response.headers.get('retry-after')) || 0 };
      } catch (error) {
        if (Date.now() >= giveUpAt) throw noAnswer(door, url, error);
        await pause(backOff(attempt, 0));
        continue;
      }
      if (!PASSING.has(answer.status)) return answer;
      if (Date.now() >= giveUpAt) {
        throw new Mistake('import.door-busy', told(door, answer.status, answer.text));
      }
      await pause(backOff(attempt, answer.retryAfter));
    }
  }

  #count(events: readonly PostableEvent[], results: readonly EventResult[]): void {
    this.report.posted += events.length;
    results.forEach((result, position) => {
      const posted = events[result.index ?? position];
      this.report[result.result] += 1;
      if (result.result === 'accepted' || result.result === 'duplicate') return;
      this.report.fault(result.code ?? `event.${result.result}`, {
        ...(posted?.line === undefined ? {} : { line: posted.line }),
        ...(posted && { id: posted.event.id }),
        ...(result.field === undefined ? {} : { field: result.field }),
        ...(result.message && { text: result.message }),
      });
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
