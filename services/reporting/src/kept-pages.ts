import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import type { Organisation } from '@par/administration';
import { OrganisationRegister } from '@par/organisation';
import type { FastifyReply } from 'fastify';
import { ChangeFeed } from './change-feed.ts';

/** An answer says when it was made, so one of an hour in which nothing moved is not wrong; but its reader should not wonder whether the clock stands still. */
const LONGEST_MS = 5_000;
const MOST_BYTES = 12_000_000;
/** Below this the headers are most of what is sent. */
const ZIPPED_FROM_BYTES = 2_000;
const FAST = { level: 2 };
const gzipped = promisify(gzip);

/** An answer as it goes out. */
interface Page {
  /** What it was made from: the place in the feed of changes, and the organisation. */
  version: string;
  organisation: Organisation;
  madeAt: number;
  body: Buffer;
  zipped?: Promise<Buffer>;
}

interface Making {
  begun: boolean;
  page: Promise<Page>;
}

/**
 * Answers made from the read model, as JSON, kept until a figure moves. An answer is never older than the question: what the database has when it is asked decides whether
 * the kept one still holds, and who asks while one is being made waits for the next, together with all others who do. So however many look at the page, one answer is
 * made at a time.
 */
@Injectable()
export class KeptPages {
  readonly #pages = new Map<string, Page>();
  readonly #making = new Map<string, Making>();
  #bytes = 0;

  constructor(
    private readonly feed: ChangeFeed,
    private readonly register: OrganisationRegister,
  ) {}

  /** Gives the answer to a question, by its key, made from the read model and the organisation by `make`; packed where the reader takes that. */
  async send(
    reply: FastifyReply,
    acceptEncoding: string | undefined,
    key: string,
    make: (organisation: Organisation) => Promise<object>,
  ): Promise<Buffer> {
    const page = (await this.#kept(key)) ?? (await this.#inTurn(key, make));
    void reply.header('content-type', 'application/json; charset=utf-8').header('vary', 'accept-encoding');
    if (page.body.length < ZIPPED_FROM_BYTES || !/\bgzip\b/.test(acceptEncoding ?? '')) return page.body;
    void reply.header('content-encoding', 'gzip');
    page.zipped ??= gzipped(page.body, FAST);
    return page.zipped;
  }

  async #kept(key: string): Promise<Page | undefined> {
    const page = this.#pages.get(key);
    if (!page || performance.now() - page.madeAt > LONGEST_MS) return undefined;
    const [version, organisation] = await Promise.all([this.feed.version(), this.register.latest()]);
    return page.version === version && page.organisation === organisation ? page : undefined;
  }

  async #inTurn(key: string, make: (organisation: Organisation) => Promise<object>): Promise<Page> {
    const last = this.#making.get(key);
    if (last && !last.begun) return last.page;
    const before = last?.page.then(nothing, nothing) ?? Promise.resolve();
    const making: Making = {
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

  async #make(key: string, make: (organisation: Organisation) => Promise<object>): Promise<Page> {
    // Read before what the answer is made from: a change in between makes the kept answer old, never the other way round.
    const [version, organisation] = await Promise.all([this.feed.version(), this.register.latest()]);
    const madeAt = performance.now();
    const body = Buffer.from(JSON.stringify(await make(organisation)));
    const page = { version, organisation, madeAt, body };
    this.#keep(key, page);
    return page;
  }

  #keep(key: string, page: Page): void {
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

function nothing(): void {
  // Why an answer before failed is told to those who waited for it.
}
