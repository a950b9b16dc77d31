import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { gunzipSync } from 'node:zlib';
import { hueOrganisation } from '@par/administration';
import type { AnyEvent } from '@par/contracts';
import { OrganisationRegister } from '@par/organisation';
import { Database, Environment, Transaction } from '@par/service-kit';
import { createDatabase, type SpecDatabase } from '@par/testing';
import type { FastifyReply } from 'fastify';
import { type Change, ChangeFeed } from './change-feed.ts';
import { FigurePages } from './figure-pages.ts';

const CHANGE: Change = { kind: 'balance', body: { lines: [] } };

describe('answers kept until a figure moves', () => {
  let place: SpecDatabase;
  let database: Database;
  let feed: ChangeFeed;
  let register: OrganisationRegister;
  let pages: FigurePages;
  let made: number;
  let headers: Record<string, string>;
  const reply = { header: (name: string, value: string) => ((headers[name] = value), reply) } as unknown as FastifyReply;
  const ask = async (key = 'a', accept?: string): Promise<string> => {
    headers = {};
    const body = await pages.send(reply, accept, key, () => Promise.resolve({ made: (made += 1), about: key.repeat(3_000) }));
    const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    return (JSON.parse(text.toString()) as { made: string }).made;
  };
  const change = (): Promise<void> => database.transaction((tx) => feed.append(tx, [CHANGE]));

  beforeAll(async () => {
    place = await createDatabase('reporting');
    database = new Database(new Environment({ DATABASE_URL: place.url }));
    feed = new ChangeFeed(database);
    register = new OrganisationRegister(database);
  });
  beforeEach(() => {
    pages = new FigurePages(feed, register);
    made = 0;
  });
  afterAll(async () => {
    await database.onApplicationShutdown();
    await place.drop();
  });

  it('are made once, each question its own, and anew after a change of any process', async () => {
    expect([await ask(), await ask(), await ask('b'), await ask()]).toEqual([1, 1, 2, 1]);
    await change();
    expect([await ask(), await ask()]).toEqual([3, 3]);
    await database.query(`INSERT INTO change_log (kind, body) VALUES ('balance', '{}')`);
    expect(await ask()).toBe(4);
  });

  it('are made anew for a change that commits after one that began later', async () => {
    const early = await database.pool.connect();
    await early.query('BEGIN');
    feed.append(new Transaction(early), [CHANGE]);
    await early.query('SELECT 1');
    await change();
    expect([await ask(), await ask()]).toEqual([1, 1]);
    await early.query('COMMIT');
    early.release();
    expect([await ask(), await ask()]).toEqual([2, 2]);
  });

  it('are made anew when the organisation changes', async () => {
    expect([await ask(), await ask()]).toEqual([1, 1]);
    const [city] = hueOrganisation();
    await database.transaction((tx) => register.apply(tx, [{ ...city!, received: city!.time } as unknown as AnyEvent]));
    expect([await ask(), await ask()]).toEqual([2, 2]);
  });

  it('are packed for those who take that', async () => {
    expect([await ask('a', 'gzip, deflate, br'), await ask('a', 'gzip'), await ask('a')]).toEqual([1, 1, 1]);
    expect(headers['content-encoding']).toBeUndefined();
    await ask('a', 'br;q=1.0, gzip;q=0.5');
    expect(headers).toMatchObject({
      'content-encoding': 'gzip',
      vary: 'accept-encoding',
      'content-type': 'application/json; charset=utf-8',
    });
  });

  it('are one at a time: who asks while one is made gets the next, together with all others, and never one begun before the question', async () => {
    const finish: ((body: object) => void)[] = [];
    const slowly = (): Promise<object> => new Promise((done) => finish.push(done));
    const send = async (): Promise<string> => (await pages.send(reply, undefined, 'slow', slowly)).toString();
    const begun = async (n: number): Promise<void> => {
      while (finish.length < n) await new Promise((next) => setTimeout(next, 1));
    };
    const first = send();
    await begun(1);
    await change();
    const others = [send(), send(), send()];
    await new Promise((next) => setTimeout(next, 50));
    expect(finish).toHaveLength(1);
    finish[0]!({ n: 1 });
    expect(await first).toBe('{"n":1}');
    await begun(2);
    finish[1]!({ n: 2 });
    expect(await Promise.all(others)).toEqual(['{"n":2}', '{"n":2}', '{"n":2}']);
    expect(finish).toHaveLength(2);
  });

  it('tell a failure to who asked, and to nobody after', async () => {
    await expect(pages.send(reply, undefined, 'a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await ask()).toBe(1);
  });
});
