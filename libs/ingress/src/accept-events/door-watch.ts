import { Injectable } from '@nestjs/common';
import { following, ScrapedGauges, traceparentOf, Tracing } from '@par/service-kit';
import { Counter, Registry } from 'prom-client';
import { type EventResult } from '../event-result.ts';
import { type ReadMessage } from '../message.ts';

/**
 * What operators see of a door: how many events came and what became of them, and where a call goes from here. Of a message with a secrecy
 * mark there is the anonymous count of its refusal and no span: nothing of it, not even its hour, goes to whoever reads traces (promise 7).
 */
@Injectable()
export class DoorWatch {
  readonly #events: Counter;

  constructor(
    registry: Registry,
    private readonly gauges: ScrapedGauges,
    private readonly tracing: Tracing,
  ) {
    this.#events = new Counter({
      name: 'par_door_events_total',
      help: 'Events that came to the front door, by what became of them and, of those not taken, the stable code',
      labelNames: ['outcome', 'code'],
      registers: [registry],
    });
    for (const outcome of ['accepted', 'duplicate']) this.#events.inc({ outcome, code: '' }, 0);
    this.#events.inc({ outcome: 'conflict', code: 'event.conflict' }, 0);
  }

  /** Shows how many events wait for a transaction. */
  watchBacklog(backlog: () => number): void {
    this.gauges.add({
      name: 'par_door_waiting_events',
      help: 'Events that wait for the group commit',
      read: () => [{ value: backlog() }],
    });
  }

  count(results: readonly EventResult[]): void {
    // The events of a batch mostly fare alike.
    let from = 0;
    results.forEach(({ result, code = '' }, index) => {
      const next = results[index + 1];
      if (next && next.result === result && (next.code ?? '') === code) return;
      this.#events.inc({ outcome: result, code }, index + 1 - from);
      from = index + 1;
    });
  }

  /**
   * Takes a message in within a span that continues the caller's trace.
   * @param caller `traceparent` of the call; else that of its events counts
   * @param work is told the `traceparent` that its events carry on, undefined without traces
   */
  accepting<T>({ events }: ReadMessage, caller: string | undefined, work: (traceparent?: string) => Promise<T>): Promise<T> {
    if (!this.tracing.isOn || events.some(({ marked }) => marked)) return work();
    const contexts = [caller, ...events.map(({ raw }) => ownTraceparent(raw))];
    return this.tracing.run(
      { name: 'accept events', kind: 'server', ...following(contexts), attributes: { 'par.events': events.length } },
      () => work(this.tracing.current()),
    );
  }

  /** Stores calls together within a span that follows each. Without a call that may be traced there is none. */
  storing<T>(traceparents: readonly (string | undefined)[], work: () => Promise<T>): Promise<T> {
    const contexts = this.tracing.isOn ? traceparents.filter((context) => context !== undefined) : [];
    if (contexts.length === 0) return work();
    return this.tracing.run(
      { name: 'store events', kind: 'internal', ...following(contexts), attributes: { 'par.calls': contexts.length } },
      work,
    );
  }
}

function ownTraceparent(raw: unknown): string | undefined {
  return typeof raw === 'object' && raw !== null && 'traceparent' in raw ? traceparentOf(raw.traceparent) : undefined;
}
