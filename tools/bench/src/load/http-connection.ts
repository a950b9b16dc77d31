import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  body: string;
  retryAfterSeconds: number;
}

interface Pending {
  answered: (answer: Answer) => void;
  failed: (error: Error) => void;
}

/**
 * One HTTP/1.1 keep-alive connection for one request at a time. Our own, because the generator shares the processors with what it measures and the
 * client of Node costs several times as much for each request. It reads what our servers send: answers with a content-length.
 */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #head: string;
  #pending: Pending | undefined;
  #received: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket, head: string) {
    this.#socket = socket;
    this.#head = head;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the connection was closed before the answer')));
  }

  /** Opens a connection that posts to one path. */
  static async open(baseUrl: string, path: string, headers: Readonly<Record<string, string>>): Promise<HttpConnection> {
    const { hostname, port, host } = new URL(baseUrl);
    const socket = connect({ host: hostname, port: Number(port) });
    await new Promise<void>((opened, failed) => {
      socket.once('connect', opened);
      socket.once('error', failed);
    });
    const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    return new HttpConnection(socket, `POST ${path} HTTP/1.1\r\n${lines.join('')}`);
  }

  /** Posts a body and answers what came back. @throws where the connection breaks */
  post(contentType: string, body: string): Promise<Answer> {
    return new Promise((answered, failed) => {
      this.#pending = { answered, failed };
      this.#socket.write(`${this.#head}content-type: ${contentType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  close(): void {
    this.#pending = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const answer = readAnswer(this.#received);
    if (answer === undefined || !this.#pending) return;
    this.#received = this.#received.subarray(answer.length);
    const { answered } = this.#pending;
    this.#pending = undefined;
    answered(answer);
  }

  #fail(error: Error): void {
    this.#pending?.failed(error);
    this.#pending = undefined;
  }
}

/** The answer at the beginning of what was received, with its length in bytes; undefined while it is not whole. @throws where it has no content-length */
export function readAnswer(received: Buffer): (Answer & { length: number }) | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = received.toString('latin1', 0, end);
  const bodyLength = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (bodyLength === undefined) throw new Error(`an answer without content-length: ${head.split('\r\n')[0]}`);
  const length = end + 4 + Number(bodyLength);
  if (received.length < length) return undefined;
  return {
    status: Number(head.slice(9, 12)),
    body: received.toString('utf8', end + 4, length),
    retryAfterSeconds: Number(/^retry-after: *(\d+)/im.exec(head)?.[1] ?? 0),
    length,
  };
}
