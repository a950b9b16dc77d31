import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Link } from './link.ts';

/** A server that says everything back, and a client that collects what it hears. */
describe('a link', () => {
  let server: Server;
  let link: Link;
  let heardByServer = '';
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    heardByServer = '';
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        heardByServer += data.toString();
        socket.write(data);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    link = await Link.listen({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  });

  afterEach(async () => {
    await link.close();
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    server.close();
    await once(server, 'close');
  });

  async function client(): Promise<{
    socket: Socket;
    heard: () => string;
    hears: (text: string) => Promise<void>;
    closed: Promise<unknown>;
  }> {
    const socket = connect(link.port, '127.0.0.1');
    sockets.add(socket);
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (data) => (text += data.toString()));
    const closed = new Promise((done) => socket.once('close', done));
    await Promise.race([new Promise((done) => socket.once('connect', done)), closed]);
    const hears = async (wanted: string): Promise<void> => {
      while (text !== wanted) await once(socket, 'data');
    };
    return { socket, heard: () => text, hears, closed };
  }

  it('hands on what is said, both ways', async () => {
    const { socket, hears } = await client();
    socket.write('xin chào');
    await hears('xin chào');
  });

  it('when cut resets what is open and refuses what comes, until it heals', async () => {
    const first = await client();
    first.socket.write('a');
    await first.hears('a');
    link.cut();
    await first.closed;
    const refused = await client();
    await refused.closed;
    expect(refused.heard()).toBe('');
    link.heal();
    const again = await client();
    again.socket.write('b');
    await again.hears('b');
  });

  it('when silent holds back what is said, and hands it on when it heals', async () => {
    const { socket, heard, hears } = await client();
    link.silence('to-client');
    socket.write('a');
    while (heardByServer !== 'a') await new Promise((next) => setImmediate(next));
    expect(heard()).toBe('');
    link.heal('to-client');
    await hears('a');
  });

  it('when reset in its silence loses what was on its way', async () => {
    const { socket, closed } = await client();
    link.silence('to-server');
    await new Promise<void>((done) => socket.write('lost', () => done()));
    link.reset();
    await closed;
    link.heal();
    const again = await client();
    again.socket.write('kept');
    await again.hears('kept');
    expect(heardByServer).toBe('kept');
  });

  it('when slow hands on everything all the same', async () => {
    link.slow({ latencyMs: 2, bytesPerSecond: 4_000_000 });
    const { socket, hears } = await client();
    const text = 'x'.repeat(200_000);
    socket.write(text);
    await hears(text);
  });

  it('takes the next server where the first does not answer', async () => {
    const gone = createServer();
    gone.listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    link.pointTo({ host: '127.0.0.1', port }, { host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    const { socket, hears } = await client();
    socket.write('a');
    await hears('a');
  });
});
