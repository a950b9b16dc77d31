import { type AnyEvent, type Door } from '@par/contracts';
import { type Transaction } from '@par/service-kit';
import { type Limits } from './message.ts';

/** Injection token of `FrontDoor`. */
export const FRONT_DOOR = Symbol('par.front-door');

/** The door that a service mounts, and what the service does with what comes in. */
export interface FrontDoor {
  door: Door;
  limits: Limits;
  /** Runs in the transaction that stores the events, with those that are new, in the order in which they came. */
  onAccepted?: (tx: Transaction, events: AnyEvent[]) => Promise<void>;
}
