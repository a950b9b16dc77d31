import { Injectable } from '@nestjs/common';
import { type OpenSpan, Tracing } from '@par/service-kit';
import { MessagingMetrics } from './messaging-metrics.ts';
import { type Outcome } from './publisher.ts';

/** The rows of one commit on their way to the broker. */
interface Handed {
  sinceMs: number;
  left: number;
  span: OpenSpan | undefined;
  failed: Error | undefined;
}

/** Follows what a commit left in the outbox until the broker has answered for each row: how long that took, and as a span of the commit's trace. */
@Injectable()
export class RelayWatch {
  readonly #onTheWay = new Map<number, Handed>();

  constructor(
    private readonly metrics: MessagingMetrics,
    private readonly tracing: Tracing,
  ) {}

  handed(rows: readonly { id: number }[]): void {
    if (rows.length === 0) return;
    // What nobody traces, such as the balance sheet's own lines, begins no trace here.
    const isTraced = this.tracing.isOn && this.tracing.current() !== undefined;
    const span = isTraced
      ? this.tracing.open({
          name: 'publish',
          kind: 'producer',
          attributes: { 'messaging.system': 'rabbitmq', 'messaging.operation.type': 'send', 'par.messages': rows.length },
        })
      : undefined;
    const handed = { sinceMs: performance.now(), left: rows.length, span, failed: undefined };
    for (const { id } of rows) this.#onTheWay.set(id, handed);
  }

  /** Also called for rows that a sweep took over from a dead process: of those nothing is known here. */
  settled(id: number, outcome: Outcome): void {
    const handed = this.#onTheWay.get(id);
    if (!handed) return;
    this.#onTheWay.delete(id);
    handed.left -= 1;
    if (outcome === 'confirmed') this.metrics.confirmed((performance.now() - handed.sinceMs) / 1_000);
    else handed.failed = new Unsent();
    if (handed.left === 0) handed.span?.end(handed.failed);
  }
}

class Unsent extends Error {
  override readonly name = 'Unsent';
}
