import { type EventIdentity } from './cloud-event.ts';
import { type ServiceName } from './event-types.ts';

/** Where a line of a balance sheet stands: an event type of a unit on a day (UTC date of `received`), by the service that sent it. */
export interface BalanceKey {
  origin: string;
  type: string;
  unit: string;
  day: string;
}

/** How many events a service sent out or took in for the first time, with an order-independent hash of their identities (16 hex digits). */
export interface BalanceLine extends BalanceKey {
  direction: 'out' | 'in';
  count: number;
  hash: string;
}

/** Messages that wait for another try, or were given up, at a queue. */
export interface FiledCount extends BalanceKey {
  queue: string;
  count: number;
}

/** How the lines that others sent to a service compare with its own, as the service itself found by asking them. */
export interface ReconciliationState {
  /** Lines that differ although nothing of them is on its way: asked about, and asked again until they are equal. */
  differences: (BalanceKey & { sent: number; counted: number; since: string; rounds: number })[];
  /** Events that were lost on the way and came once more. */
  healed: (BalanceKey & { count: number })[];
  /** Events taken in that their sender does not know; at most 100 of a line are named. Never healed silently. */
  surplus: (BalanceKey & { count: number; identities: EventIdentity[] })[];
}

/** `GET /v1/balance` of a service. */
export interface ServiceBalance {
  service: ServiceName;
  takenAt: string;
  lines: BalanceLine[];
  outbox: { unsent: number; returned: number };
  retries: FiledCount[];
  deadLetters: (FiledCount & { cause: string })[];
  /** Subjects that wait to be counted again because what they are counted by changed; absent where there is no such thing. */
  recounting?: number;
  /** Absent from a service that compares nothing. */
  reconciliation?: ReconciliationState;
  /** Its queues as the broker sees them; `inHand` is what the answering process holds unacknowledged. */
  queues: { name: string; ready: number; consumers: number; inHand: number }[];
}

/** What came to a front door on a day (UTC) from a source for a unit: posted = accepted + duplicate + conflict + Σ refused. */
export interface TallyRow {
  day: string;
  /** '' where it was not known or must not be told. */
  source: string;
  unit: string;
  posted: number;
  accepted: number;
  duplicate: number;
  conflict: number;
  /** By code. */
  refused: Record<string, number>;
}

/** `GET /v1/ingress/tally` of a front door. */
export interface DoorTally {
  rows: TallyRow[];
  /** What stands in the store, recounted: equals the sum of `accepted`. */
  stored: { day: string; source: string; unit: string; count: number }[];
}
