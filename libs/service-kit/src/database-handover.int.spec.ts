import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Database } from './database.ts';
import { Environment } from './environment.ts';

/** A message of PostgreSQL's protocol: its letter, its length, its content. */
function message(letter: string, content: string): Buffer {
  const body = Buffer.from(content, 'latin1');
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

const READY = message('Z', 'I');
const ENDED = message('E', 'SFATAL\0VFATAL\0C57P02\0Mterminating connection because of crash of another server process\0\0');

describe('a connection that ends in the same breath as a statement', () => {
  let server: Server;
  let database: Database;

  beforeAll(async () => {
    // Answers the first statement of a connection, and ends it at once: all in one piece, as a proxy or a busy network joins them.
    server = createServer((socket: Socket) => {
      let hasStarted = false;
      socket.on('error', () => undefined);
      socket.on('data', () => {
        if (hasStarted) socket.end(Buffer.concat([message('C', 'SELECT 0\0'), READY, ENDED]));
        else socket.write(Buffer.concat([message('R', '\0\0\0\0'), READY]));
        hasStarted = true;
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    database = new Database(new Environment({ DATABASE_URL: `postgresql://spec@127.0.0.1:${port}/spec`, DATABASE_POOL: '2' }));
  });
  afterAll(async () => {
    await database.onApplicationShutdown();
    server.close();
  });

  it('fails for who it is handed to, and does not end the process', async () => {
    const uncaught: unknown[] = [];
    const hear = (error: unknown): number => uncaught.push(error);
    process.on('uncaughtException', hear);
    // More than there are connections: as one is free, the next in the queue gets it before the server's last word is read.
    const answers = await Promise.allSettled([
      database.pool.query('SELECT'),
      database.pool.query('SELECT'),
      ...Array.from({ length: 4 }, () => database.transaction(() => undefined)),
    ]);
    process.off('uncaughtException', hear);
    expect(uncaught).toEqual([]);
    expect(answers.map(({ status }) => status)).toContain('rejected');
  });
});
