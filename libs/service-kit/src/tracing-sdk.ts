import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import {
  type Context,
  type Link,
  type Span,
  SpanKind,
  SpanStatusCode,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ExportResultCode, type ExportResult, parseTraceParent, setGlobalErrorHandler } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { type OpenSpan, type SpanStart, Tracing } from './tracing.ts';

const KINDS = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER, producer: SpanKind.PRODUCER, internal: SpanKind.INTERNAL };
const MOST_LINKS = 64;
const COMPLAIN_EVERY_MS = 60_000;

/** Traces by the OpenTelemetry SDK. This file is loaded only where they are sent somewhere. */
export class OpenTelemetryTracing extends Tracing implements OnApplicationShutdown {
  readonly isOn = true;
  readonly #provider: BasicTracerProvider;
  readonly #contexts = new AsyncLocalStorageContextManager();

  static async open(service: string, to: 'collector' | 'console'): Promise<OpenTelemetryTracing> {
    if (to === 'console') return new OpenTelemetryTracing(service, new SimpleSpanProcessor(new ConsoleLines()));
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
    return new OpenTelemetryTracing(service, new BatchSpanProcessor(new OTLPTraceExporter()));
  }

  private constructor(service: string, processor: SpanProcessor) {
    super();
    context.setGlobalContextManager(this.#contexts.enable());
    this.#provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'par-ledger', 'process.pid': process.pid }),
      spanProcessors: [processor],
    });
    complainSometimes();
  }

  async run<T>(start: SpanStart, work: () => Promise<T>): Promise<T> {
    const [span, around] = this.#start(start);
    try {
      const result = await this.#contexts.with(trace.setSpan(around, span), work);
      end(span);
      return result;
    } catch (error) {
      end(span, error);
      throw error;
    }
  }

  open(start: SpanStart): OpenSpan {
    const [span] = this.#start(start);
    return { traceparent: traceparentFrom(span), end: (failed) => end(span, failed) };
  }

  current(): string | undefined {
    const span = trace.getSpan(this.#contexts.active());
    return span && traceparentFrom(span);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#provider.shutdown();
    this.#contexts.disable();
  }

  #start({ name, kind, parent, links, attributes }: SpanStart): [Span, Context] {
    const given = parent === undefined ? undefined : parseTraceParent(parent);
    const around = given ? trace.setSpanContext(ROOT_CONTEXT, { ...given, isRemote: true }) : this.#contexts.active();
    const options = { kind: KINDS[kind], attributes: { ...attributes }, links: linksTo(links ?? []) };
    return [this.#provider.getTracer('par-ledger').startSpan(name, options, around), around];
  }
}

function linksTo(traceparents: readonly string[]): Link[] {
  return traceparents.slice(0, MOST_LINKS).flatMap((traceparent) => {
    const context = parseTraceParent(traceparent);
    return context ? [{ context: { ...context, isRemote: true } }] : [];
  });
}

function traceparentFrom(span: Span): string | undefined {
  const { traceId, spanId, traceFlags, ...rest } = span.spanContext();
  if (!isSpanContextValid({ traceId, spanId, traceFlags, ...rest })) return undefined;
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

function end(span: Span, failed?: unknown): void {
  if (failed !== undefined) {
    // The words of an error may quote what was being stored; its kind may not.
    span.setAttribute('error.type', failed instanceof Error ? failed.name : 'error');
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** One JSON line per span, as the log writes its own. */
class ConsoleLines implements SpanExporter {
  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    for (const span of spans) process.stdout.write(`${JSON.stringify(lineOf(span))}\n`);
    done({ code: ExportResultCode.SUCCESS });
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

function lineOf(span: ReadableSpan): Record<string, unknown> {
  const { traceId, spanId } = span.spanContext();
  return {
    span: span.name,
    service: span.resource.attributes['service.name'],
    kind: SpanKind[span.kind].toLowerCase(),
    traceId,
    spanId,
    ...(span.parentSpanContext ? { parentSpanId: span.parentSpanContext.spanId } : {}),
    ...(span.links.length > 0 ? { links: span.links.map(({ context }) => ({ traceId: context.traceId, spanId: context.spanId })) } : {}),
    durationMs: span.duration[0] * 1_000 + span.duration[1] / 1_000_000,
    attributes: span.attributes,
    ...(span.status.code === SpanStatusCode.ERROR ? { failed: true } : {}),
  };
}

/** A collector that is away must not fill the log: one line a minute says so. */
function complainSometimes(): void {
  const logger = new Logger('Tracing');
  let quietUntil = 0;
  setGlobalErrorHandler((error) => {
    if (Date.now() < quietUntil) return;
    quietUntil = Date.now() + COMPLAIN_EVERY_MS;
    logger.warn(`spans not delivered: ${error instanceof Error ? error.name : 'error'}`);
  });
}
