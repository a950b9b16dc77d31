import { Inject, Injectable } from '@nestjs/common';
import { type CloudEvent, exchangeOf, routingKeyOf, type ServiceName } from '@par/contracts';
import { type Transaction } from '@par/service-kit';
import { BalanceSheet } from './balance-sheet.ts';
import { SERVICE_NAME } from './broker.ts';
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
    @Inject(SERVICE_NAME) private readonly service: ServiceName,
  ) {}

  async put(tx: Transaction, events: readonly CloudEvent[]): Promise<void> {
    if (events.length === 0) return;
    const messages = events.map((event) => ({
      exchange: exchangeOf(event.type),
      routingKey: routingKeyOf(event),
      type: event.type,
      body: JSON.stringify(event),
    }));
    const rows = await tx.query<{ id: number }>(
      `INSERT INTO messaging.outbox (exchange, routing_key, type, body, lease_until)
       SELECT m.exchange, m.routing_key, m.type, m.body, now() + make_interval(secs => $5)
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS m(exchange, routing_key, type, body, position)
       ORDER BY m.position RETURNING id`,
      [
        messages.map((m) => m.exchange),
        messages.map((m) => m.routingKey),
        messages.map((m) => m.type),
        messages.map((m) => m.body),
        LEASE_SECONDS,
      ],
    );
    this.sheet.add(tx, 'out', this.service, events);
    tx.afterCommit(() => this.relay.publish(messages.map((message, index) => ({ id: rows[index]!.id, ...message }))));
  }
}
