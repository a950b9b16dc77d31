import { Injectable } from '@nestjs/common';
import { type AnyEvent, type BalanceKey, type EventIdentity } from '@par/contracts';
import { type Direction } from './balance-sheet.ts';

/** Names a line of a balance sheet. */
export interface IdentityQuery extends BalanceKey {
  direction: Direction;
}

/** What a service provides so that a difference between two sheets can be named event by event, and what is lost be published again. */
@Injectable()
export abstract class IdentitySource {
  abstract identities(query: IdentityQuery): Promise<EventIdentity[]>;

  /**
   * Events taken in on each of some lines, in the order of the lines. A service that has to search its whole store for a line searches it once for all of
   * them.
   */
  async takenIn(lines: readonly BalanceKey[]): Promise<EventIdentity[][]> {
    const found: EventIdentity[][] = [];
    for (const line of lines) found.push(await this.identities({ direction: 'in', ...line }));
    return found;
  }

  /** Events that this service sent out on a line, as they were sent; those it does not know are left out. */
  async sent(_line: BalanceKey, _identities: readonly EventIdentity[]): Promise<AnyEvent[]> {
    return Promise.resolve([]);
  }

  /** How many subjects wait to be counted again; undefined where the service counts nothing. */
  async recounting(): Promise<number | undefined> {
    return Promise.resolve(undefined);
  }
}
