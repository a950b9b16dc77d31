import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type AsyncAPIDocumentInterface, type Diagnostic, Parser } from '@asyncapi/parser';
import { EVENT_TYPES, SERVICES } from './event-types.ts';
import { QUEUES } from './topology.ts';

describe('asyncapi.yaml', () => {
  let document: AsyncAPIDocumentInterface;
  let diagnostics: Diagnostic[];

  beforeAll(async () => {
    const parsed = await new Parser().parse(readFileSync(new URL('../asyncapi.yaml', import.meta.url), 'utf8'));
    diagnostics = parsed.diagnostics;
    document = parsed.document!;
  });

  it('is a valid AsyncAPI 3 document without a warning, its examples included', () => {
    // Severities: 0 error, 1 warning, 2 information ("3.1.0 exists").
    expect(diagnostics.filter((d) => Number(d.severity) < 2)).toEqual([]);
    expect(document.version()).toBe('3.0.0');
  });

  it('describes every type, every queue, and every exchange that carries events', () => {
    const messages = document.components().messages();
    for (const type of EVENT_TYPES) expect(messages.get(type)?.payload()?.json()).toMatchObject({ additionalProperties: false });
    const channels = document
      .channels()
      .all()
      .map((channel) => channel.id());
    expect(channels.sort()).toEqual(
      ['par.ingress', 'par.events', 'par.metrics', 'par.control', 'par.tasks', ...QUEUES.map((queue) => queue.name)].sort(),
    );
  });

  it('has an operation for every queue and says what every service publishes', () => {
    const operations = document.operations().all();
    const taken = operations.filter((operation) => operation.action() === 'receive').map((operation) => operation.id());
    expect(taken.sort()).toEqual(QUEUES.map((queue) => queue.name).sort());
    const publishing = SERVICES.filter((service) => operations.some((operation) => operation.id()?.startsWith(`${service}.publish-`)));
    expect(publishing).toEqual([...SERVICES]);
    for (const operation of operations) expect(operation.messages().all().length).toBeGreaterThan(0);
  });
});
