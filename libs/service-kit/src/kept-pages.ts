import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply } from 'fastify';

/** An answer says when it was made, so one of an hour in which nothing moved is not wrong; but its reader should not wonder whether the clock stands still. */
const LONGEST_MS = 10_000;
const MOST_BYTES = 8_000_000;
/** Below this the headers are most of what is sent. */
const ZIPPED_FROM_BYTES = 2_000;
const FAST = { level: 2 };
const gzipped = promisify(gzip);

/** An answer as it goes out. */
interface Page<S> {
  state: S;
  madeAt: number;
  body: Buffer;
  zipped?: Promise<Buffer>;
}

interface Making<S> {
  begun: boolean;
  page: Promise<Page<S>>;
}

/**
 * Answers as JSON, kept until what they are made from moves, and packed for readers that take that. An answer is never older than the question: the state read when it is
 * asked decides whether the kept one still holds, and who asks while one is being made waits for the next, together with all others who do. So however many look at the
 * same page, one answer is made at a time.
 */
export class KeptPages<S extends object> {
  readonly #pages = new Map<string, Page<S>>();
  readonly #making = new Map<string, Making<S>>();
  #bytes = 0;

  /**
   * @param read what answers are made from: quickly read, and one of its properties is another as soon as an answer would be
   * @param fromMs an answer made in less is not kept
   */
  constructor(
    private readonly read: () => Promise<S>,
    private readonly fromMs = 0,
  ) {}

  /**
   * Gives the answer to a question, by its key, made by `make` where none is kept that holds.
   * @param acceptEncoding the request's header of this name
   * @throws what `read` or `make` throws
   */
  async send(reply: FastifyReply, acceptEncoding: string | undefined, key: string, make: (state: S) => Promise<object>): Promise<Buffer> {
    const page = (await this.#kept(key, make)) ?? (await this.#inTurn(key, make));
    const age = Math.floor((performance.now() - page.madeAt) / 1000);
    void reply.header('content-type', 'application/json; charset=utf-8').header('vary', 'accept-encoding').header('age', String(age));
    if (page.body.length < ZIPPED_FROM_BYTES || !/\bgzip\b/.test(acceptEncoding ?? '')) return page.body;
    void reply.header('content-encoding', 'gzip');
    page.zipped ??= gzipped(page.body, FAST);
    return page.zipped;
  }

  /** The kept answer if it still holds. One that holds and has become old is given while it is made anew beside, for the time that it tells. */
  async #kept(key: string, make: (state: S) => Promise<object>): Promise<Page<S> | undefined> {
    const page = this.#pages.get(key);
    const ageMs = performance.now() - (page?.madeAt ?? 0);
    if (!page || ageMs > 2 * LONGEST_MS || !isSame(page.state, await this.read())) return undefined;
    // Whoever asks when it can no longer be given is told why there is no new one.
    if (ageMs > LONGEST_MS && !this.#making.has(key)) this.#inTurn(key, make).catch(() => undefined);
    return page;
  }

  async #inTurn(key: string, make: (state: S) => Promise<object>): Promise<Page<S>> {
    const last = this.#making.get(key);
    if (last && !last.begun) return last.page;
    // Why the answer before failed is told to those who waited for it.
    const before = last?.page.catch(() => undefined) ?? Promise.resolve();
    const making: Making<S> = {
      begun: false,
      page: before
        .then(() => {
          making.begun = true;
          return this.#make(key, make);
        })
        .finally(() => {
          if (this.#making.get(key) === making) this.#making.delete(key);
        }),
    };
    this.#making.set(key, making);
    return making.page;
  }

  async #make(key: string, make: (state: S) => Promise<object>): Promise<Page<S>> {
    const madeAt = performance.now();
    // Read before the rest of what the answer is made from: a change in between makes the kept answer too old, never one too old seem new.
    const state = await this.read();
    const body = Buffer.from(JSON.stringify(await make(state)));
    const page = { state, madeAt, body };
    if (performance.now() - madeAt >= this.fromMs) this.#keep(key, page);
    else this.#forget(key);
    return page;
  }

  #keep(key: string, page: Page<S>): void {
    this.#forget(key);
    this.#pages.set(key, page);
    this.#bytes += page.body.length;
    for (const oldest of this.#pages.keys()) {
      if (this.#bytes <= MOST_BYTES) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#pages.get(key)?.body.length ?? 0;
    this.#pages.delete(key);
  }
}

function isSame<S extends object>(a: S, b: S): boolean {
  return (Object.keys(b) as (keyof S)[]).every((property) => a[property] === b[property]);
}
