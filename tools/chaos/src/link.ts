import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface Address {
  host: string;
  port: number;
}

/** Which way nothing goes through any more. */
export type Direction = 'to-server' | 'to-client' | 'both';

interface Slowness {
  /** Waited before each piece. */
  latencyMs: number;
  bytesPerSecond: number;
}

/** One way of a connection: opened and closed like a valve. */
class Gate {
  #open: Promise<void> | undefined;
  #release: (() => void) | undefined;

  close(): void {
    this.#open ??= new Promise((done) => (this.#release = done));
  }

  open(): void {
    this.#release?.();
    this.#open = undefined;
  }

  passed(): Promise<void> | undefined {
    return this.#open;
  }
}

/**
 * A TCP proxy between one client and one server, for failure tests: cut (connections reset, new ones refused), slow, or silent (connections stand and
 * nothing goes through, as when a cable is pulled: what was on its way goes on when it is put back, unless the connection was cut by then).
 * Where several servers are given, a new connection takes the first that answers.
 */
export class Link {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #gates = { 'to-server': new Gate(), 'to-client': new Gate() };
  #isCut = false;
  #slowness: Slowness | undefined;

  private constructor(private servers: readonly Address[]) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => void this.#join(client));
  }

  static async listen(...servers: Address[]): Promise<Link> {
    const link = new Link(servers);
    link.#server.listen(0, '127.0.0.1');
    await once(link.#server, 'listening');
    return link;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** For connections that are made from now on. */
  pointTo(...servers: Address[]): void {
    this.servers = servers;
  }

  /** Resets what is open; new connections are reset too until {@link heal}. */
  cut(): void {
    this.#isCut = true;
    this.reset();
  }

  /** Resets what is open, and loses what was on its way. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#sockets.clear();
  }

  slow(slowness: Slowness): void {
    this.#slowness = slowness;
  }

  silence(direction: Direction): void {
    for (const way of ['to-server', 'to-client'] as const) if (direction === way || direction === 'both') this.#gates[way].close();
  }

  /** Lets through again what {@link silence} held back; without a direction, ends everything that was done to the link. */
  heal(direction: Direction = 'both'): void {
    for (const way of ['to-server', 'to-client'] as const) if (direction === way || direction === 'both') this.#gates[way].open();
    if (direction !== 'both') return;
    this.#isCut = false;
    this.#slowness = undefined;
  }

  async close(): Promise<void> {
    this.heal();
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #join(client: Socket): Promise<void> {
    // A broken connection is seen where it is read or written; the event alone says nothing more.
    client.on('error', () => undefined);
    this.#keep(client);
    const server = this.#isCut ? undefined : await reach(this.servers);
    if (!server || client.destroyed || this.#isCut) {
      server?.destroy();
      client.resetAndDestroy();
      return;
    }
    this.#keep(server);
    await Promise.all([this.#pass(client, server, this.#gates['to-server']), this.#pass(server, client, this.#gates['to-client'])]);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  async #pass(from: Socket, to: Socket, gate: Gate): Promise<void> {
    try {
      for await (const piece of from) {
        const bytes = piece as Buffer;
        if (this.#slowness) await pause(this.#slowness.latencyMs + (bytes.length / this.#slowness.bytesPerSecond) * 1_000);
        await gate.passed();
        await written(to, bytes);
      }
      await gate.passed();
      to.end();
    } catch {
      // One side is gone; the other hears of it as it would without us.
      from.destroy();
      to.destroy();
    }
  }
}

/** The first server that takes a connection; undefined where none does. */
async function reach(servers: readonly Address[]): Promise<Socket | undefined> {
  for (const { host, port } of servers) {
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
    const connected = await new Promise<boolean>((answer) => socket.once('connect', () => answer(true)).once('error', () => answer(false)));
    socket.on('error', () => undefined);
    if (connected) return socket;
    socket.destroy();
  }
  return undefined;
}

function written(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((done, fail) => socket.write(bytes, (error) => (error ? fail(error) : done())));
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
