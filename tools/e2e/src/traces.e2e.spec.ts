import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type ProducerEvent } from '@par/administration';
import { eventually } from '@par/testing';
import { connect } from 'amqplib';
import { makeCases } from './made-cases.ts';
import { SpecCity } from './spec-city.ts';

/** A span as a collector gets it in OTLP JSON. */
interface Span {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  links: { traceId: string; spanId: string }[];
  attributes: Record<string, string | number>;
}
interface OtlpValue {
  stringValue?: string;
  intValue?: number;
  doubleValue?: number;
}
interface OtlpRequest {
  resourceSpans: {
    resource: { attributes: { key: string; value: OtlpValue }[] };
    scopeSpans: { spans: (Omit<Span, 'attributes' | 'service'> & { attributes: { key: string; value: OtlpValue }[] })[] }[];
  }[];
}

/** Takes spans as an OpenTelemetry collector does, and keeps every byte. */
class SpecCollector {
  readonly spans: Span[] = [];
  bytes = '';
  readonly #server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      this.bytes += body;
      this.#take(JSON.parse(body) as OtlpRequest);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): Promise<unknown> {
    return new Promise((done) => this.#server.close(done));
  }

  of(traceId: string): Span[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  #take({ resourceSpans }: OtlpRequest): void {
    const plain = (list: { key: string; value: OtlpValue }[]): Record<string, string | number> =>
      Object.fromEntries(list.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.doubleValue ?? '']));
    for (const { resource, scopeSpans } of resourceSpans)
      for (const span of scopeSpans.flatMap(({ spans }) => spans))
        this.spans.push({
          ...span,
          links: span.links ?? [],
          service: String(plain(resource.attributes)['service.name']),
          attributes: plain(span.attributes),
        });
  }
}

let serial = 0;
/** A `traceparent` as a caller makes one: a trace of its own, sampled. */
function caller(): { traceparent: string; traceId: string; spanId: string } {
  serial += 1;
  const traceId = serial.toString(16).padStart(32, 'c');
  const spanId = serial.toString(16).padStart(16, 'a');
  return { traceparent: `00-${traceId}-${spanId}-01`, traceId, spanId };
}

describe('traces from the caller to the figure', () => {
  const collector = new SpecCollector();
  let city: SpecCity;
  const before = { ...process.env };

  beforeAll(async () => {
    // What the caller does not trace is not traced, so that the organisation's own traffic stays out of the way.
    Object.assign(process.env, {
      OTEL_EXPORTER_OTLP_ENDPOINT: await collector.start(),
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    });
    city = await SpecCity.start();
  }, 240_000);

  afterAll(async () => {
    await city?.stop();
    await collector.stop();
    for (const name of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_TRACES_SAMPLER', 'OTEL_BSP_SCHEDULE_DELAY']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }, 60_000);

  async function post(body: unknown, headers: Record<string, string> = {}): Promise<number> {
    const answer = await fetch(`${city.running('dossier-intake')[0]!.url}/v1/events`, {
      method: 'POST',
      headers: {
        'content-type': `application/cloudevents${Array.isArray(body) ? '-batch' : ''}+json`,
        authorization: `Bearer ${city.key}`,
        ...headers,
      },
      body: JSON.stringify(body),
    });
    await answer.text();
    return answer.status;
  }
  const dossier = (): ProducerEvent => makeCases(1)[0]!.dossier[0]!;
  const names = (traceId: string): string[] => collector.of(traceId).map(({ service, name }) => `${service}: ${name}`);

  it('goes on from the header of the call through outbox and broker to every consumer', async () => {
    const { traceparent, traceId, spanId } = caller();
    expect(await post(dossier(), { traceparent })).toBe(202);
    const steps = [
      'dossier-intake: accept events',
      'dossier-intake: store events',
      'dossier-intake: publish',
      'edocument-workflow: process edocument-workflow.judge-work-dossiers',
      'index-scoring: process index-scoring.count-events',
      'index-scoring: publish',
      'reporting: process reporting.record-metrics',
    ];
    await eventually(() => steps.every((step) => names(traceId).includes(step)) || (expect(names(traceId)).toEqual(steps), false));
    expect(collector.of(traceId).find(({ name }) => name === 'accept events')).toMatchObject({ parentSpanId: spanId });
    const ids = new Set([spanId, ...collector.of(traceId).map((span) => span.spanId)]);
    for (const span of collector.of(traceId)) expect([span.name, ids.has(span.parentSpanId ?? '')]).toEqual([span.name, true]);
  }, 60_000);

  it('goes on from the attribute of an event, and links what a batch brings together', async () => {
    const [one, two] = [caller(), caller()];
    expect(
      await post([
        { ...dossier(), traceparent: one.traceparent },
        { ...dossier(), traceparent: two.traceparent },
      ]),
    ).toBe(202);
    await eventually(() => names(one.traceId).includes('index-scoring: process index-scoring.count-events'));
    const door = collector.of(one.traceId).find(({ name }) => name === 'accept events');
    expect(door?.links.map(({ traceId }) => traceId)).toEqual([two.traceId]);
    const counting = collector.spans.filter(({ name }) => name === 'process index-scoring.count-events');
    const reached = new Set(counting.flatMap((span) => [span.traceId, ...span.links.map(({ traceId }) => traceId)]));
    expect([one.traceId, two.traceId].every((id) => reached.has(id))).toBe(true);
  }, 60_000);

  it('goes on from a message of a producer on AMQP', async () => {
    const { traceparent, traceId } = caller();
    const connection = await connect(city.amqpUrl);
    const channel = await connection.createConfirmChannel();
    const event = { ...dossier(), traceparent };
    channel.publish('par.ingress', 'dossier.received.v1.x', Buffer.from(JSON.stringify(event)), {
      contentType: 'application/cloudevents+json',
      headers: { authorization: `Bearer ${city.key}` },
    });
    await channel.waitForConfirms();
    await connection.close();
    await eventually(() => names(traceId).includes('reporting: process reporting.record-metrics'), { timeoutMs: 30_000 });
  }, 60_000);

  it('leaves no trace of a message with a secrecy mark, nor of the batch it came in', async () => {
    const marked = [caller(), caller()];
    expect(await post({ ...dossier(), classification: 'MẬT' }, { traceparent: marked[0]!.traceparent })).toBe(422);
    await post([dossier(), { ...dossier(), classification: 'MẬT', traceparent: marked[1]!.traceparent }], {
      traceparent: marked[1]!.traceparent,
    });
    const after = caller();
    expect(await post(dossier(), { traceparent: after.traceparent })).toBe(202);
    await eventually(() => names(after.traceId).includes('reporting: process reporting.record-metrics'), { timeoutMs: 30_000 });
    for (const { traceId } of marked) expect(collector.bytes).not.toContain(traceId);
  }, 60_000);

  it('does not trace what the caller does not, and takes a header that is none for none', async () => {
    const { traceId } = caller();
    expect(await post(dossier(), { traceparent: `00-${traceId}-${'b'.repeat(16)}-00` })).toBe(202);
    expect(await post(dossier(), { traceparent: 'nonsense' })).toBe(202);
    const after = caller();
    expect(await post(dossier(), { traceparent: after.traceparent })).toBe(202);
    await eventually(() => names(after.traceId).includes('reporting: process reporting.record-metrics'), { timeoutMs: 30_000 });
    expect(collector.of(traceId)).toEqual([]);
    const known = /^[ca0-9a-f]{32}$/;
    expect(collector.spans.every((span) => known.test(span.traceId) && span.traceId.startsWith('ccc'))).toBe(true);
  }, 60_000);

  it('tells nothing of what is in the events, nor whose they are', () => {
    expect(collector.spans.length).toBeGreaterThan(20);
    for (const word of ['H57.132', 'urn:spec', 'Thẩm định', 'received"', '"due"', 'MẬT', city.key])
      expect(collector.bytes).not.toContain(word);
    const told = new Set(collector.spans.flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...told].sort()).toEqual([
      'messaging.batch.message_count',
      'messaging.destination.name',
      'messaging.operation.type',
      'messaging.system',
      'par.calls',
      'par.event.types',
      'par.events',
      'par.messages',
    ]);
  });
});
