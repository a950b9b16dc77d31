import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { Database, Environment, Transaction } from '@par/service-kit';
import { createDatabase, eventually, type SpecDatabase } from '@par/testing';
import type pg from 'pg';
import { type Change, ChangeFeed, formatCursor } from '../change-feed.ts';
import { StreamFiguresHandler, type StreamOutlet } from './stream-figures.handler.ts';

/** A browser as the server sees it: keeps what was written, and reads slowly or not at all when told so. */
class Browser extends EventEmitter implements StreamOutlet {
  text = '';
  writableLength = 0;
  writableNeedDrain = false;
  destroyed = false;
  ended = false;
  reads = true;

  write(text: string): boolean {
    this.text += text;
    if (!this.reads) this.writableLength += text.length;
    return true;
  }
  end(): void {
    this.ended = true;
    this.leave();
  }
  destroy(): void {
    this.leave();
  }
  leave(): void {
    this.destroyed = true;
    this.emit('close');
  }
  /** The revisions of the figures that came, in order. */
  get revisions(): number[] {
    return [...this.text.matchAll(/^event: figure\ndata: .*"revision":(\d+)/gm)].map(([, revision]) => Number(revision));
  }
  get lastEventId(): string | undefined {
    return [...this.text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1];
  }
}

const change = (revision: number): Change => ({
  kind: 'figure',
  body: {
    indicator: 'G1-ONTIME',
    rule: 'due-date',
    ruleVersion: 1,
    unit: 'a',
    period: '2011-05',
    numerator: revision,
    denominator: revision,
    revision,
    countedAt: '2011-05-01T00:00:00.000Z',
  },
});

describe('the stream of changes', () => {
  let place: SpecDatabase;
  let database: Database;
  let feed: ChangeFeed;
  let stream: StreamFiguresHandler;

  beforeAll(async () => {
    place = await createDatabase('reporting');
    database = new Database(new Environment({ DATABASE_URL: place.url }));
    feed = new ChangeFeed(database);
  });
  afterAll(async () => {
    await stream.onModuleDestroy();
    await database.onApplicationShutdown();
    await place.drop();
  });
  beforeEach(async () => {
    await (stream as StreamFiguresHandler | undefined)?.onModuleDestroy();
    await database.query('TRUNCATE change_log');
    stream = new StreamFiguresHandler(feed);
    stream.onApplicationBootstrap();
  });

  let open: pg.PoolClient | undefined;
  const begin = async (): Promise<pg.PoolClient> => {
    open = await database.pool.connect();
    await open.query('BEGIN');
    return open;
  };
  // The connection goes, and with it the transaction where a spec failed half way.
  afterEach(() => {
    open?.release(true);
    open = undefined;
  });

  const put = (...revisions: number[]): Promise<void> => database.transaction((tx) => feed.append(tx, revisions.map(change)));
  const join = async (lastEventId?: string): Promise<Browser> => {
    const browser = new Browser();
    await stream.join(browser, lastEventId);
    return browser;
  };

  it('begins with hello at the place where it stands, and sends what comes after', async () => {
    await put(1);
    const browser = await join();
    expect(browser.text).toMatch(/^retry: 2000\nid: [0-9a-f]{12}\.\d+\.\d+\nevent: hello\n/);
    await put(2, 3);
    await eventually(() => browser.revisions.length === 2);
    expect(browser.revisions).toEqual([2, 3]);
  });

  it('misses nothing when a transaction with an earlier position commits last', async () => {
    const before = await join();
    const slow = await begin();
    feed.append(new Transaction(slow), [change(1)]);
    await slow.query('SELECT');
    await put(2);
    // The second has committed; what stands before it in the log has not, so neither may be told yet.
    const early = await join(formatCursor(await feed.head()));
    expect(early.revisions).toEqual([]);
    await put(3);
    expect(before.revisions).toEqual([]);
    await slow.query('COMMIT');
    await eventually(() => before.revisions.length === 3 && early.revisions.length === 3);
    expect([...before.revisions].sort()).toEqual([1, 2, 3]);
    expect(early.revisions).toEqual(before.revisions);
  });

  it('misses nothing when the transaction that began first takes its position last', async () => {
    const browser = await join();
    const slow = await begin();
    await slow.query('SELECT pg_current_xact_id()');
    await put(1);
    feed.append(new Transaction(slow), [change(2)]);
    await slow.query('COMMIT');
    await eventually(() => browser.revisions.length === 2);
    expect([...browser.revisions].sort()).toEqual([1, 2]);
  });

  it('goes on from the last id of a reader that was away, page after page, without gap or double', async () => {
    const browser = await join();
    await put(1);
    await eventually(() => browser.revisions.length === 1);
    browser.leave();
    const many = Array.from({ length: 1_300 }, (_, index) => index + 2);
    await put(...many.slice(0, 700));
    await put(...many.slice(700));
    const live = await join();
    const back = await join(browser.lastEventId);
    await put(5_000);
    await eventually(() => back.revisions.at(-1) === 5_000 && live.revisions.length === 1);
    expect(back.revisions).toEqual([...many, 5_000]);
    expect(back.text).not.toContain('event: reset');
    expect(live.revisions).toEqual([5_000]);
  });

  it('says reset where it cannot go on without a gap: pruned away, of another database, or unreadable', async () => {
    const browser = await join();
    const place = browser.lastEventId!;
    await put(...Array.from({ length: 30 }, (_, index) => index + 1));
    expect(await feed.prune(10, 1_000)).toBe(20);
    const [epoch] = place.split('.');
    for (const from of [place, place.replace(epoch!, 'ffffffffffff'), `${'f'.repeat(12)}.999999999.1`, 'yesterday']) {
      const back = await join(from);
      expect(back.text).toContain('event: reset');
      expect(back.revisions).toEqual([]);
    }
    expect((await join(browser.lastEventId)).destroyed).toBe(false);
  });

  it('keeps the newest changes when it prunes, a few at a time', async () => {
    await put(...Array.from({ length: 30 }, (_, index) => index + 1));
    expect(await feed.prune(10, 15)).toBe(15);
    expect(await feed.prune(10, 15)).toBe(5);
    expect(await feed.prune(10, 15)).toBe(0);
    expect(await database.query(`SELECT min((body->>'revision')::int) AS first, count(*) AS kept FROM change_log`)).toEqual([
      { first: 21, kept: 10 },
    ]);
  });

  it('lets go of a reader that does not read, and keeps the others', async () => {
    const [lazy, keen] = [await join(), await join()];
    lazy.reads = false;
    lazy.writableLength = 2_000_000;
    await put(1);
    await put(2);
    await eventually(() => keen.revisions.length === 2);
    expect(lazy.destroyed).toBe(true);
    expect(stream.clients).toBe(1);
  });

  it('ends every stream at shutdown and takes no more', async () => {
    const browser = await join();
    await stream.onModuleDestroy();
    expect(browser.ended).toBe(true);
    expect(stream.full).toBe(true);
    expect(stream.clients).toBe(0);
  });
});
