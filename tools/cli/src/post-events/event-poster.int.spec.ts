import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventPoster, type PostingOptions } from './event-poster.ts';
import { PostingReport, type Postable } from './posting-report.ts';

interface PostedEvent {
  id: string;
}

const event = (id: string): Postable => ({ id, line: Number(id), row: Number(id), json: JSON.stringify({ id }) });

/** A door as another program would make it: answers each batch by a script, one entry per request; then accepts everything. */
describe('EventPoster', () => {
  let server: Server;
  let url: string;
  let script: ((response: ServerResponse, events: PostedEvent[]) => void)[];
  let requests: { authorization: string | undefined; contentType: string | undefined; ids: string[] }[];

  const answer = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
  const acceptAll = (response: ServerResponse, events: PostedEvent[]): void =>
    answer(response, 202, { results: events.map(({ id }, index) => ({ index, id, result: 'accepted' })) });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const events = JSON.parse(body) as PostedEvent[];
    const { authorization, 'content-type': contentType } = request.headers;
    requests.push({ authorization, contentType, ids: events.map(({ id }) => id) });
    (script.shift() ?? acceptAll)(response, events);
  }

  beforeEach(async () => {
    script = [];
    requests = [];
    server = createServer((request, response) => void serve(request, response));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  async function post(count: number, options: Partial<PostingOptions> = {}): Promise<PostingReport> {
    const report = new PostingReport();
    const poster = new EventPoster({ door: 'dossier-intake', url, key: 'k', batch: 10, patienceMs: 5_000, ...options }, report);
    for (let n = 1; n <= count; n += 1) await poster.add(event(String(n)));
    await poster.finish();
    return report;
  }

  it('posts every event once, in batches, with the key', async () => {
    const report = await post(25);
    expect(requests.map(({ ids }) => ids.length).sort()).toEqual([10, 10, 5]);
    expect(new Set(requests.flatMap(({ ids }) => ids)).size).toBe(25);
    expect(requests[0]).toMatchObject({ authorization: 'Bearer k', contentType: 'application/cloudevents-batch+json' });
    expect(report).toMatchObject({ posted: 25, accepted: 25, clean: true });
  });

  it('comes back when the door is busy, away in the middle, or says when', async () => {
    script = [
      (response) => answer(response, 503, { title: 'busy' }),
      (response) => response.destroy(),
      (response) => answer(response, 429, {}, { 'retry-after': '1' }),
    ];
    const report = await post(5);
    expect(requests).toHaveLength(4);
    expect(report).toMatchObject({ posted: 5, accepted: 5 });
  });

  it('gives up on a door that stays away, and says which', async () => {
    await expect(post(1, { url: 'http://127.0.0.1:9', patienceMs: 300 })).rejects.toMatchObject({ code: 'service.no-answer', exitCode: 2 });
  });

  it('halves a batch that is too large', async () => {
    script = [(response) => answer(response, 413, { code: 'request.too-large' })];
    const report = await post(5);
    expect(requests.map(({ ids }) => ids.length)).toEqual([5, 3, 2]);
    expect(report).toMatchObject({ posted: 5, accepted: 5 });
  });

  it('counts an event as refused that alone is too large, and goes on', async () => {
    script = [
      (response) => answer(response, 413, {}),
      (response) => answer(response, 413, { code: 'request.too-large', title: 'The message is too large' }),
    ];
    const report = await post(2, { batch: 2 });
    expect(requests.map(({ ids }) => ids)).toEqual([['1', '2'], ['1'], ['2']]);
    expect(report).toMatchObject({ posted: 2, accepted: 1, refused: 1 });
    expect(report.counts().causes).toMatchObject([{ code: 'request.too-large', examples: [{ line: 1, id: '1' }] }]);
  });

  it('sends one batch after the other where asked', async () => {
    let open = 0;
    let most = 0;
    script = Array.from({ length: 5 }, () => (response, events) => {
      most = Math.max(most, (open += 1));
      setImmediate(() => {
        open -= 1;
        acceptAll(response, events);
      });
    });
    await post(25, { batch: 5, inFlight: 1 });
    expect(most).toBe(1);
    expect(requests.flatMap(({ ids }) => ids)).toEqual(Array.from({ length: 25 }, (_, index) => String(index + 1)));
  });

  it('counts each answer and keeps the first examples of each cause', async () => {
    script = [
      (response, events) =>
        answer(response, 422, {
          code: 'request.nothing-taken',
          results: events.map(({ id }, index) =>
            index < 4
              ? {
                  index,
                  id,
                  result: 'refused',
                  code: 'unit.unknown',
                  field: 'unit',
                  message: { en: 'no such unit', vi: 'không có đơn vị' },
                }
              : { index, id, result: index === 4 ? 'conflict' : 'duplicate' },
          ),
        }),
    ];
    const report = await post(7);
    expect(report).toMatchObject({ posted: 7, refused: 4, conflict: 1, duplicate: 2, clean: false });
    const { causes } = report.counts();
    expect(causes.map(({ code, count }) => [code, count])).toEqual([
      ['unit.unknown', 4],
      ['event.conflict', 1],
    ]);
    expect(causes[0]?.examples).toHaveLength(3);
    expect(causes[0]?.examples[0]).toEqual({ line: 1, id: '1', field: 'unit', text: { en: 'no such unit', vi: 'không có đơn vị' } });
  });

  it('stops with the words of the door when the key is not known', async () => {
    script = [
      (response) => answer(response, 401, { code: 'producer.unknown-key', title: 'The key is not known', titleVi: 'Khóa không đúng' }),
    ];
    await expect(post(3)).rejects.toMatchObject({
      code: 'import.door-refused',
      text: { en: expect.stringContaining('The key is not known') },
    });
    expect(requests).toHaveLength(1);
  });
});
