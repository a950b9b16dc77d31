import { type ServiceName } from '@par/contracts';
import { type Environment } from './environment.ts';

export interface SpanStart {
  name: string;
  kind: 'server' | 'consumer' | 'producer' | 'internal';
  /** W3C `traceparent` that the span continues; without it the span belongs to what runs around it, or begins a trace. */
  parent?: string | undefined;
  /** Contexts that led to this span without being its parent: those of the messages of a batch. The first 64 are told. */
  links?: readonly string[];
  /** Types, counts, unit ids, queue names. Never content, subjects, or identities of events. */
  attributes?: Readonly<Record<string, string | number>>;
}

/** A span whose end is told by hand. */
export interface OpenSpan {
  readonly traceparent: string | undefined;
  /** @param failed what went wrong; only its kind is told, since messages of errors may quote values. */
  end(failed?: unknown): void;
}

/**
 * Traces of a service. Off unless asked for, and then nothing of OpenTelemetry is loaded: callers on a hot path look at `isOn` before they
 * put a span's description together.
 */
export abstract class Tracing {
  abstract readonly isOn: boolean;
  /** Runs work within a span; what it calls finds the span as its parent. */
  abstract run<T>(start: SpanStart, work: () => Promise<T>): Promise<T>;
  /** Begins a span that nothing runs within. */
  abstract open(start: SpanStart): OpenSpan;
  /** W3C `traceparent` of what runs now; undefined outside of any span. */
  abstract current(): string | undefined;
}

const NO_SPAN: OpenSpan = { traceparent: undefined, end: () => undefined };

class NoTracing extends Tracing {
  readonly isOn = false;

  run<T>(_start: SpanStart, work: () => Promise<T>): Promise<T> {
    return work();
  }

  open(): OpenSpan {
    return NO_SPAN;
  }

  current(): undefined {
    return undefined;
  }
}

/** The tracing of a service that sends none. */
export const NO_TRACING: Tracing = new NoTracing();

/**
 * Where traces go, by the environment: `OTEL_EXPORTER_OTLP_ENDPOINT` (or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`) is a collector, `PAR_TRACE=console`
 * writes a JSON line per span to the standard output. With neither, nothing is loaded. Sampling, limits and headers are OpenTelemetry's own variables.
 */
export async function openTracing(service: ServiceName, environment: Environment): Promise<Tracing> {
  const collector = environment.text('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', environment.text('OTEL_EXPORTER_OTLP_ENDPOINT', ''));
  const isConsole = environment.text('PAR_TRACE', '') === 'console';
  if (collector === '' && !isConsole) return NO_TRACING;
  const { OpenTelemetryTracing } = await import('./tracing-sdk.ts');
  return OpenTelemetryTracing.open(service, isConsole ? 'console' : 'collector');
}

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * How a span follows several contexts at once, those of the messages of a batch: it continues the first that is sampled, so that this trace
 * goes on to its end, and links to the other sampled ones. Where none is sampled, the span is not either.
 */
export function following(contexts: readonly (string | undefined)[]): Pick<SpanStart, 'parent' | 'links'> {
  const distinct = [...new Set(contexts)].filter((context) => context !== undefined);
  const sampled = distinct.filter((context) => (Number.parseInt(context.slice(-2), 16) & 1) === 1);
  return { parent: sampled[0] ?? distinct[0], links: sampled.slice(1) };
}

/** The `traceparent` header of a call; undefined where it has none that can be read (W3C Trace Context: it is then ignored). */
export function traceparentOf(header: unknown): string | undefined {
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : undefined;
}
