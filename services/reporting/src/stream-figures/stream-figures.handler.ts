import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ChangeFeed, compareCursors, type Cursor, type FeedItem, formatCursor, parseCursor } from '../change-feed.ts';

/** Where a stream is written to: a response of Node's HTTP server, or anything that behaves like one. */
export interface StreamOutlet {
  write(text: string): boolean;
  end(): unknown;
  destroy(): unknown;
  once(event: 'drain' | 'close', listener: () => void): unknown;
  off(event: 'drain' | 'close', listener: () => void): unknown;
  readonly writableLength: number;
  readonly writableNeedDrain: boolean;
  readonly destroyed: boolean;
}

interface Client {
  outlet: StreamOutlet;
  cursor: Cursor;
  /** Live clients get what the shared reader reads; the others are still catching up by themselves. */
  live: boolean;
}

const PAGE = 500;
const POLL_MS = 250;
const HEARTBEAT_MS = 15_000;
/** A reader that is this far behind is let go; its browser comes back by itself and catches up from the log. */
const MOST_UNREAD_BYTES = 1_000_000;
const MOST_CLIENTS = 2_000;

/**
 * Sends the change log to any number of browsers as server-sent events. One reader polls for all who are up to date; who comes with a
 * `Last-Event-ID` first catches up from the log. A place from which that is not possible without a gap is answered with `reset`.
 */
@Injectable()
export class StreamFiguresHandler implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #clients = new Set<Client>();
  readonly #logger = new Logger('StreamFigures');
  #head: Cursor | undefined;
  #closed = false;
  #reading: Promise<void> | undefined;
  #timers: NodeJS.Timeout[] = [];
  #forget: (() => void) | undefined;

  constructor(private readonly feed: ChangeFeed) {}

  onApplicationBootstrap(): void {
    this.#forget = this.feed.onAppended(() => this.#wake());
    this.#timers = [setInterval(() => this.#wake(), POLL_MS), setInterval(() => this.#beat(), HEARTBEAT_MS)];
  }

  /** Ends every stream first, so that the HTTP server can close. */
  async onModuleDestroy(): Promise<void> {
    this.#closed = true;
    this.#forget?.();
    for (const timer of this.#timers) clearInterval(timer);
    for (const client of this.#clients) client.outlet.end();
    this.#clients.clear();
    await this.#reading;
  }

  get clients(): number {
    return this.#clients.size;
  }

  get full(): boolean {
    return this.#closed || this.#clients.size >= MOST_CLIENTS;
  }

  /** Takes in a reader and brings it up to date; from then on it gets every change until it leaves. */
  async join(outlet: StreamOutlet, lastEventId: string | undefined): Promise<void> {
    const asked = lastEventId === undefined ? undefined : parseCursor(lastEventId);
    const client: Client = { outlet, cursor: asked ?? (await this.feed.head()), live: false };
    if (this.#closed) {
      outlet.end();
      return;
    }
    this.#clients.add(client);
    outlet.once('close', () => this.#clients.delete(client));
    outlet.write('retry: 2000\n');
    // An id comes with the first word, so that a reader that is cut off before the first change comes back to this place.
    if (asked === undefined) outlet.write(eventText(lastEventId === undefined ? 'hello' : 'reset', client.cursor, {}));
    await this.#catchUp(client);
  }

  /** Reads page after page until the client stands where the shared reader stands. */
  async #catchUp(client: Client): Promise<void> {
    while (this.#clients.has(client) && !client.outlet.destroyed) {
      // Read first: a place of another database may look later than ours and is found out only here.
      const items = await this.feed.after(client.cursor, PAGE);
      if (items === 'lost') await this.#reset(client);
      else for (const item of items) this.#send(client, item);
      if (client.outlet.writableNeedDrain && !client.outlet.destroyed) await drained(client.outlet);
      // With nobody live the shared place is stale: who has read everything carries it forward.
      if (items.length === 0 && !this.#someoneIsLive()) this.#head = client.cursor;
      // No `await` between this test and `live`, so nothing can be dispatched in between and missed.
      if (this.#head !== undefined && compareCursors(client.cursor, this.#head) >= 0) {
        client.live = true;
        this.#wake();
        return;
      }
    }
  }

  /** Tells a reader that there is a gap: it has to ask for the figures as a whole again. */
  async #reset(client: Client): Promise<void> {
    client.cursor = await this.feed.head();
    client.outlet.write(eventText('reset', client.cursor, {}));
  }

  #someoneIsLive(): boolean {
    for (const client of this.#clients) if (client.live) return true;
    return false;
  }

  #wake(): void {
    if (this.#closed || this.#reading || !this.#someoneIsLive()) return;
    this.#reading = this.#readOn()
      .catch((error: unknown) => this.#logger.warn(`changes not read, trying again: ${error instanceof Error ? error.message : 'unknown'}`))
      .finally(() => {
        this.#reading = undefined;
      });
  }

  async #readOn(): Promise<void> {
    while (this.#head !== undefined && !this.#closed) {
      const items = await this.feed.after(this.#head, PAGE);
      if (items === 'lost') {
        const live = [...this.#clients].filter((client) => client.live);
        await Promise.all(live.map((client) => this.#reset(client)));
        this.#head = live
          .map((client) => client.cursor)
          .reduce((a, b) => (compareCursors(a, b) < 0 ? a : b), live[0]?.cursor ?? this.#head);
        return;
      }
      for (const item of items) {
        this.#head = item.cursor;
        for (const client of this.#clients) {
          if (client.live && compareCursors(client.cursor, item.cursor) < 0) this.#send(client, item);
        }
      }
      if (items.length < PAGE) return;
    }
  }

  #send(client: Client, item: FeedItem): void {
    client.cursor = item.cursor;
    client.outlet.write(eventText(item.kind, item.cursor, item.body));
    if (client.live && client.outlet.writableLength > MOST_UNREAD_BYTES) {
      this.#clients.delete(client);
      client.outlet.destroy();
    }
  }

  #beat(): void {
    for (const client of this.#clients) client.outlet.write(': heartbeat\n\n');
  }
}

function eventText(event: string, cursor: Cursor, data: object): string {
  return `id: ${formatCursor(cursor)}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Resolves when a full buffer has gone out, or when nobody is there any more. */
function drained(outlet: StreamOutlet): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outlet.off('drain', done);
      outlet.off('close', done);
      resolve();
    };
    outlet.once('drain', done);
    outlet.once('close', done);
  });
}
