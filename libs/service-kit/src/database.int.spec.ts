import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, type SpecDatabase } from '@par/testing';
import { Database } from './database.ts';
import { Environment } from './environment.ts';
import { isDatabaseAway } from './errors.ts';

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

  it('gives its connection back, whole or replaced, when the server cuts it off', async () => {
    const cut = database.transaction(async (tx) => {
      await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    expect(isDatabaseAway(await cut.catch((error: unknown) => error))).toBe(true);
    for (let i = 0; i < 20; i += 1) expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
