import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, type SpecDatabase } from '@par/testing';
import { Database } from './database.ts';
import { Environment } from './environment.ts';

describe('whether PostgreSQL answers', () => {
  let scratch: SpecDatabase;
  let database: Database;

  beforeAll(async () => {
    scratch = await createDatabase({ schemas: ['messaging'] });
    database = new Database(new Environment({ DATABASE_URL: scratch.url, DATABASE_POOL: '2' }));
  });
  afterAll(async () => {
    await database.onApplicationShutdown();
    await scratch.drop();
  });

  it('is known also when every connection of the pool is taken', async () => {
    const clients = [await database.pool.connect(), await database.pool.connect()];
    expect(await database.answers(5_000)).toBe(true);
    clients.forEach((client) => client.release());
  });

  it('is no while something listens there and says nothing, and when nothing listens', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const { port } = silent.address() as AddressInfo;
    const other = new Database(new Environment({ DATABASE_URL: `postgresql://par@127.0.0.1:${port}/par` }));
    expect(await other.answers(200)).toBe(false);
    sockets.forEach((socket) => socket.destroy());
    await new Promise((done) => silent.close(done));
    expect(await other.answers(200)).toBe(false);
    await other.onApplicationShutdown();
  });
});
