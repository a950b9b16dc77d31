import { Injectable } from '@nestjs/common';
import { type AnyEvent } from '@par/contracts';
import { type AcceptedListener } from '@par/ingress';
import { OrganisationRegister } from '@par/organisation';
import { Clock, type Transaction } from '@par/service-kit';
import { allotNumbers } from '../register-book.ts';

/** What this service does with an event in the transaction that accepts it: a document that asks for a number of a register gets the next. */
@Injectable()
export class AcceptEventsHandler implements AcceptedListener {
  constructor(
    private readonly organisation: OrganisationRegister,
    private readonly clock: Clock,
  ) {}

  async onAccepted(tx: Transaction, events: AnyEvent[]): Promise<void> {
    await allotNumbers(tx, events, this.organisation.current(), this.clock.now());
  }
}
