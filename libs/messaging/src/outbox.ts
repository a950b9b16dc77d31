import { Inject, Injectable } from '@nestjs/common';
import { type CloudEvent, type ServiceName } from '@par/contracts';
import { textArray, Tracing, type Transaction } from '@par/service-kit';
import { BalanceSheet } from './balance-sheet.ts';
import { SERVICE_NAME } from './broker.ts';
import { packsOf } from './pack.ts';
import { LEASE_SECONDS, Relay } from './relay.ts';

/**
 * The only exit of a service: events are written in the caller's transaction and published right after its commit by this process,
 * or, when it dies, by any other relay. Also counts them as sent on the balance sheet.
 */
@Injectable()
export class Outbox {
  constructor(
    private readonly relay: Relay,
    private readonly sheet: BalanceSheet,
    private readonly tracing: Tracing,
    @Inject(SERVICE_NAME) private readonly service: ServiceName,
  ) {}

  /** @param bodies the events as JSON, where the caller has them already */
  put(
    tx: Transaction,
    events: readonly CloudEvent[],
    bodies: readonly string[] = this.#traced(events).map((event) => JSON.stringify(event)),
  ): void {
    if (events.length === 0) return;
    this.#write(tx, events, bodies);
    this.sheet.add(tx, 'out', this.service, events);
  }

  /** Publishes events again that were sent before: nothing new on the balance sheet, and their readers know the identities. */
  putAgain(tx: Transaction, events: readonly CloudEvent[]): void {
    if (events.length === 0) return;
    this.#write(
      tx,
      events,
      events.map((event) => JSON.stringify(event)),
    );
  }

  /** With traces, the events carry on the trace of what made them, each that brings none of its own. */
  #traced(events: readonly CloudEvent[]): readonly CloudEvent[] {
    const traceparent = this.tracing.isOn ? this.tracing.current() : undefined;
    if (traceparent === undefined) return events;
    return events.map((event) => (event.traceparent === undefined ? { ...event, traceparent } : event));
  }

  #write(tx: Transaction, events: readonly CloudEvent[], bodies: readonly string[]): void {
    const messages = packsOf(events, bodies).map(({ routingKeys, ...pack }) => ({ ...pack, routingKey: routingKeys.join(' ') }));
    let rows: { id: number }[] = [];
    tx.send<{ id: number }>(
      `INSERT INTO messaging.outbox (exchange, routing_key, type, body, events, lease_until)
       SELECT m.exchange, m.routing_key, m.type, m.body, m.events, now() + make_interval(secs => $6)
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[]) WITH ORDINALITY AS m(exchange, routing_key, type, body, events, position)
       ORDER BY m.position RETURNING id`,
      [
        messages.map((m) => m.exchange),
        messages.map((m) => m.routingKey),
        messages.map((m) => m.type),
        textArray(messages.map((m) => m.body)),
        messages.map((m) => m.events),
        LEASE_SECONDS,
      ],
      (written) => (rows = written),
    );
    tx.afterCommit(() => this.relay.publish(messages.map((message, index) => ({ id: rows[index]!.id, ...message }))));
  }
}
