import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, type SpecDatabase } from '@par/testing';
import { Database, type Transaction } from './database.ts';
import { Environment } from './environment.ts';
import { isDatabaseAway } from './errors.ts';
import { textArray } from './text-array.ts';

describe('a transaction', () => {
  let scratch: SpecDatabase;
  let database: Database;

  beforeAll(async () => {
    scratch = await createDatabase({ schemas: ['messaging'] });
    database = new Database(new Environment({ DATABASE_URL: scratch.url }));
    await database.query('CREATE TABLE note (text text)');
  });
  afterAll(async () => {
    await database.onApplicationShutdown();
    await scratch.drop();
  });

  const notes = async (): Promise<string[]> =>
    (await database.query<{ text: string }>('SELECT text FROM note ORDER BY text')).map(({ text }) => text);

  it('sends arrays of text as they are, as literals and in binary form', async () => {
    const texts = ['', 'a', '{"a":"b\\"c"}', 'NULL', '{x,y}', ' Huế \n', '\\', '😀'.repeat(5_000)];
    for (const param of [texts, textArray(texts)])
      expect(await database.query('SELECT t FROM unnest($1::text[]) WITH ORDINALITY AS u(t, n) ORDER BY n', [param])).toEqual(
        texts.map((t) => ({ t })),
      );
    expect(await database.query('SELECT t FROM unnest($1::text[]) AS u(t)', [textArray([])])).toEqual([]);
    const mixed = [null, 3, -0.5, true, undefined, Buffer.from([0, 92, 255])];
    expect(await database.query('SELECT $1::text[] AS t', [mixed])).toEqual([{ t: [null, '3', '-0.5', 'true', null, '\\x005cff'] }]);
    const numbers = [1.5, 2, 9_007_199_254_740_991, -1];
    expect(await database.query('SELECT $1::float8[] AS n', [numbers])).toEqual([{ n: numbers }]);
  });

  it('says that nothing was committed where the error of a statement was kept back', async () => {
    const heard: string[] = [];
    const work = database.transaction(async (tx) => {
      tx.afterCommit(() => heard.push('committed'));
      await tx.query('INSERT INTO note VALUES ($1)', ['kept back']);
      await tx.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toThrow('rolled back');
    expect(heard).toEqual([]);
    expect(await notes()).not.toContain('kept back');
  });

  it('does what is attached to it before and after the commit, and nothing of it after a rollback', async () => {
    const heard: string[] = [];
    const work = (name: string, fails: boolean): Promise<void> =>
      database.transaction(async (tx) => {
        tx.afterCommit(() => heard.push(name));
        tx.beforeCommit(async () => {
          await tx.query('INSERT INTO note VALUES ($1)', [`${name}: last`]);
        });
        await tx.query('INSERT INTO note VALUES ($1)', [`${name}: first`]);
        if (fails) throw new Error('no');
      });
    await work('kept', false);
    await expect(work('lost', true)).rejects.toThrow('no');
    expect(heard).toEqual(['kept']);
    expect(await notes()).toEqual(['kept: first', 'kept: last']);
  });

  it('sends what is attached to the commit together with it, in order and all or nothing', async () => {
    const texts = async (): Promise<string[]> => (await notes()).filter((text) => text.startsWith('burst'));
    const work = (name: string, last: string): Promise<void> =>
      database.transaction((tx) => {
        tx.withCommit(async () => {
          await tx.query('INSERT INTO note SELECT $1 || (SELECT count(*) FROM note WHERE starts_with(text, $2))', [`${name} `, name]);
        });
        tx.withCommit(async () => {
          await tx.query(last, [`${name} end`]);
        });
        tx.beforeCommit(async () => {
          await tx.query('INSERT INTO note VALUES ($1)', [`${name} first`]);
        });
        return Promise.resolve();
      });
    await work('burst', 'INSERT INTO note VALUES ($1)');
    expect(await texts()).toEqual(['burst 1', 'burst end', 'burst first']);
    await expect(work('burst lost', 'INSERT INTO note SELECT $1::text FROM nowhere')).rejects.toMatchObject({ code: '42P01' });
    expect(await texts()).toEqual(['burst 1', 'burst end', 'burst first']);
    for (let i = 0; i < 20; i += 1) expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('tells the error of a statement that nobody waited for, whatever comes late because of it', async () => {
    const after: string[] = [];
    const fails = (then: (tx: Transaction) => Promise<unknown>): Promise<unknown> =>
      database.transaction(async (tx) => {
        tx.afterCommit(() => after.push('committed'));
        tx.send('INSERT INTO note VALUES ($1)', ['sent']);
        tx.send('INSERT INTO note SELECT (1 / $1::int)::text', [0]);
        tx.send('INSERT INTO note VALUES ($1)', ['late']);
        await then(tx);
      });
    const byZero = { code: '22012' };
    await expect(fails(() => Promise.resolve())).rejects.toMatchObject(byZero);
    await expect(fails((tx) => tx.query('SELECT 1'))).rejects.toMatchObject(byZero);
    await expect(fails(() => Promise.reject(new Error('of its own')))).rejects.toThrow('of its own');
    expect(after).toEqual([]);
    expect(await notes()).not.toContain('sent');
  });

  it('gives the rows of a statement that nobody waited for before what comes after the commit', async () => {
    const heard: unknown[] = [];
    await database.transaction((tx) => {
      tx.send('SELECT $1::int AS n', [7], (rows) => heard.push(rows));
      tx.afterCommit(() => heard.push('committed'));
    });
    expect(heard).toEqual([[{ n: 7 }], 'committed']);
  });

  it('finds rows by their key, whatever the plan would be otherwise, and leaves the connection as it was', async () => {
    await database.query('CREATE TABLE grown (key text PRIMARY KEY, filler text)');
    await database.query("INSERT INTO grown SELECT n::text, 'x' FROM generate_series(1, 50) AS n");
    await database.query('ANALYZE grown');
    const plan = (by: 'key' | 'any'): Promise<string> =>
      database.transaction(
        async (tx) => JSON.stringify(await tx.query('EXPLAIN (FORMAT JSON) SELECT * FROM grown WHERE key = ANY($1::text[])', [['1', '2']])),
        by,
      );
    expect(await plan('any')).toContain('Seq Scan');
    expect(await plan('key')).not.toContain('Seq Scan');
    for (let i = 0; i < 20; i += 1) expect(await database.query('SHOW enable_seqscan')).toEqual([{ enable_seqscan: 'on' }]);
  });

  it('refuses a statement that would come after COMMIT', async () => {
    const late = database.transaction((tx) => {
      tx.withCommit(async () => {
        await tx.query('SELECT 1');
        await tx.query('SELECT 2');
      });
      return Promise.resolve();
    });
    await expect(late).rejects.toThrow('after its COMMIT');
  });

  it('gives its connection back, whole or replaced, when the server cuts it off', async () => {
    const cut = database.transaction(async (tx) => {
      await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    expect(isDatabaseAway(await cut.catch((error: unknown) => error))).toBe(true);
    for (let i = 0; i < 20; i += 1) expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
