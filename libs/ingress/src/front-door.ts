import { type AnyEvent, type Door } from '@par/contracts';
import { type Transaction } from '@par/service-kit';
import { type Limits } from './message.ts';

/** Injection token of `FrontDoor`. */
export const FRONT_DOOR = Symbol('par.front-door');

/** What a service does with events as they are accepted. */
export interface AcceptedListener {
  /** Runs in the transaction that stores the events, with those that are new, in the order in which they came. */
  onAccepted(tx: Transaction, events: AnyEvent[]): Promise<void>;
}

/** The door that a service mounts. */
export interface FrontDoor extends Partial<AcceptedListener> {
  door: Door;
  limits: Limits;
}
