import { Injectable } from '@nestjs/common';
import { type AnyEvent } from '@par/contracts';
import { type AcceptedListener } from '@par/ingress';
import { OrganisationRegister } from '@par/organisation';
import { type Transaction } from '@par/service-kit';

/** What this service does with an event as it is accepted: units take effect in its own organisation at once; the rest is on record. */
@Injectable()
export class AcceptEventsHandler implements AcceptedListener {
  constructor(private readonly register: OrganisationRegister) {}

  async onAccepted(tx: Transaction, events: AnyEvent[]): Promise<void> {
    await this.register.apply(tx, events);
  }
}
