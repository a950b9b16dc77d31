import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SentEvent {
  source: string;
  id: string;
  type: string;
  subject: string;
  data: { from?: string };
}

/**
 * The front doors and the services behind them as another program would make them: takes events, knows what it took, hears of units a little later. One
 * server, a path for each service.
 */
export class SpecDoors {
  /** Events by door, source and id, as they came first. */
  readonly taken = new Map<string, string>();
  /** Every request in the order in which it came. */
  readonly requests: { service: string; events: SentEvent[] }[] = [];
  /** Requests without an answer. */
  open = 0;
  /** Readings of `/v1/units`. */
  unitReadings = 0;
  /** Units that are known from the beginning; where there are some, those of events are not shown. */
  shown: { id: string; validFrom: string; validTo: string | null }[] = [];
  /** How often a service has to be asked before it knows a unit. */
  slowness = 0;
  /** Decides before an event is taken; undefined takes it. */
  refuse: (event: SentEvent) => string | undefined = () => undefined;
  /** Requests from this one on are never answered: where a kill finds the sender. */
  silentFrom = Infinity;
  /** Requests from this one on are answered 401: the call as a whole is refused. */
  closedFrom = Infinity;
  readonly #units = new Map<string, { validTo: string | null }>();
  #server!: Server;
  url = '';

  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      this.open += 1;
      response.once('close', () => (this.open -= 1));
      // A sender that goes away in the middle of its request is what some specs are about.
      this.#serve(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  /** Options of a command that posts to these doors. */
  get target(): { intake: string; workflow: string; scoring: string; key: string; batch: number; wait: boolean; waitLimit: number } {
    return {
      intake: `${this.url}/dossier-intake`,
      workflow: `${this.url}/edocument-workflow`,
      scoring: `${this.url}/index-scoring`,
      key: 'spec',
      batch: 50,
      wait: false,
      waitLimit: 1,
    };
  }

  /** The same as arguments of a command line. */
  get arguments(): string[] {
    const { intake, workflow, scoring } = this.target;
    return [
      '--intake',
      intake,
      '--workflow',
      workflow,
      '--scoring',
      scoring,
      '--key',
      'spec',
      '--batch',
      '50',
      '--no-wait',
      '--lang',
      'en',
    ];
  }

  /** As after `npm start -- --fresh`. */
  forget(): void {
    // What the earlier sender had put on the wire goes with its connections.
    this.#server.closeAllConnections();
    this.taken.clear();
    this.#units.clear();
    this.requests.length = 0;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, service = '', , path] = request.url!.split('/');
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (path?.startsWith('units')) {
      this.unitReadings += 1;
      if (this.shown.length > 0) {
        const on = new URLSearchParams(path.split('?')[1]).get('on');
        answer(200, {
          units: this.shown.filter(({ validFrom, validTo }) => !on || (validFrom <= on && (validTo === null || on < validTo))),
        });
        return;
      }
      const known = this.unitReadings <= this.slowness ? [] : [...this.#units];
      answer(200, { units: known.map(([id, unit]) => ({ id, ...unit })) });
      return;
    }
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const events = JSON.parse(body) as SentEvent[];
    this.requests.push({ service, events });
    if (this.requests.length >= this.silentFrom) return;
    if (this.requests.length >= this.closedFrom) {
      answer(401, { code: 'producer.unknown-key', title: 'The key is not known', titleVi: 'Khóa không đúng' });
      return;
    }
    answer(202, { results: events.map((event, index) => ({ index, id: event.id, ...this.#take(service, event) })) });
  }

  #take(service: string, event: SentEvent): { result: string; code?: string } {
    const code = this.refuse(event);
    if (code !== undefined) return { result: 'refused', code };
    const identity = `${service} ${event.source} ${event.id}`;
    const json = JSON.stringify(event);
    const before = this.taken.get(identity);
    if (before !== undefined) return { result: before === json ? 'duplicate' : 'conflict' };
    this.taken.set(identity, json);
    if (event.type === 'vn.par.unit.opened.v1') this.#units.set(event.subject, { validTo: null });
    if (/unit\.(merged|split|closed)/.test(event.type)) this.#units.set(event.subject, { validTo: event.data.from ?? null });
    return { result: 'accepted' };
  }
}
