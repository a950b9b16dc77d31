import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Environment } from './environment.ts';
import { following, NO_TRACING, openTracing, traceparentOf, type Tracing } from './tracing.ts';
import { type OpenTelemetryTracing } from './tracing-sdk.ts';

const traceparent = (trace: string, flags = '01'): string => `00-${trace.repeat(32)}-${trace.repeat(16)}-${flags}`;

describe('traces that nobody asked for', () => {
  it('cost nothing: no span, no context, and the work runs as it is', async () => {
    const tracing = await openTracing('reporting', new Environment({}));
    expect(tracing).toBe(NO_TRACING);
    expect(tracing.isOn).toBe(false);
    expect(await tracing.run({ name: 'x', kind: 'internal' }, () => Promise.resolve(tracing.current() ?? 'none'))).toBe('none');
    expect(tracing.open({ name: 'x', kind: 'producer' }).traceparent).toBeUndefined();
  });

  it('load nothing of OpenTelemetry: one file names it, and that file is only imported when it is wanted', () => {
    const folder = new URL('.', import.meta.url);
    const naming = readdirSync(folder).filter(
      (name) =>
        name.endsWith('.ts') && !name.includes('.spec.') && readFileSync(new URL(name, folder), 'utf8').includes("'@opentelemetry/"),
    );
    expect(naming).toEqual(['tracing-sdk.ts']);
    const importing = readdirSync(folder).filter(
      (name) => !name.includes('.spec.') && /^(?:import|export) .*tracing-sdk/m.test(readFileSync(new URL(name, folder), 'utf8')),
    );
    expect(importing).toEqual([]);
  });
});

describe('how a span follows several contexts', () => {
  it('continues the first that is sampled and links to the other sampled ones, each once', () => {
    const [a, b, c, off] = [traceparent('a'), traceparent('b'), traceparent('c'), traceparent('d', '00')];
    expect(following([undefined, off, a, b, a, c])).toEqual({ parent: a, links: [b, c] });
  });

  it('is not sampled where none is, and begins a trace where there is none', () => {
    expect(following([traceparent('a', '00'), traceparent('b', '00')])).toEqual({ parent: traceparent('a', '00'), links: [] });
    expect(following([undefined])).toEqual({ parent: undefined, links: [] });
  });

  it('reads a header by the form of W3C Trace Context only', () => {
    expect(traceparentOf(traceparent('a'))).toBe(traceparent('a'));
    for (const wrong of [undefined, '', 'x', traceparent('A'), `${traceparent('a')}-x`, ['a']])
      expect(traceparentOf(wrong)).toBeUndefined();
  });
});

describe('traces on the console', () => {
  let tracing: Tracing;
  const lines: Record<string, unknown>[] = [];

  beforeEach(async () => {
    lines.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(JSON.parse(String(line)) as Record<string, unknown>) > 0);
    tracing = await openTracing('reporting', new Environment({ PAR_TRACE: 'console' }));
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await (tracing as OpenTelemetryTracing).onApplicationShutdown();
  });

  it('are a line per span, the inner one below the outer one', async () => {
    await tracing.run({ name: 'outer', kind: 'server', parent: traceparent('a'), attributes: { 'par.events': 2 } }, () =>
      tracing.run({ name: 'inner', kind: 'consumer', links: [] }, async () => {
        await Promise.resolve();
        expect(tracing.current()).toMatch(/^00-a{32}-[0-9a-f]{16}-01$/);
      }),
    );
    const [inner, outer] = lines;
    expect(outer).toMatchObject({
      span: 'outer',
      service: 'reporting',
      kind: 'server',
      traceId: 'a'.repeat(32),
      parentSpanId: 'a'.repeat(16),
    });
    expect(inner).toMatchObject({ span: 'inner', traceId: 'a'.repeat(32), parentSpanId: outer!.spanId });
    expect(tracing.current()).toBeUndefined();
  });

  it('say that work failed and of what kind, and not in whose words', async () => {
    const failing = tracing.run({ name: 'x', kind: 'internal' }, () => Promise.reject(new TypeError('no such "Nguyễn Văn Kín"')));
    await expect(failing).rejects.toThrow('no such');
    expect(lines).toMatchObject([{ span: 'x', failed: true, attributes: { 'error.type': 'TypeError' } }]);
    expect(JSON.stringify(lines)).not.toContain('Kín');
  });

  it('do not follow a caller who is not sampled', async () => {
    await tracing.run({ name: 'x', kind: 'server', parent: traceparent('e', '00') }, () => Promise.resolve());
    expect(lines).toEqual([]);
  });
});
