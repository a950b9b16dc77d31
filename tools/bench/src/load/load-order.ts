import type { Door } from '@par/contracts';
import type { Spread } from '../measure/percentile.ts';

/** What the load process is told to do. */
export interface LoadOrder {
  /** Base URL of each door; both may be the same. */
  doors: Record<Door, string>;
  headers: Record<string, string>;
  /** File of events, see `event-lines.ts`; posting begins at line `from`. */
  file: string;
  from: number;
  pace: Pace;
  figures: FigureSource;
}

export type Pace =
  /** Each connection posts as soon as it has its answer: the most that the other side takes. */
  | { kind: 'closed'; connections: number; batch: number; seconds: number }
  /** One event per request, at fixed instants whatever the answers do; the first `warmUpSeconds` are left out of the times. */
  | { kind: 'open'; perSecond: number; seconds: number; warmUpSeconds: number; mostConnections: number };

/** Where changes of figures are heard. */
export interface FigureSource {
  amqpUrl: string;
  exchange: string;
  pattern: string;
  /** Which events each figure counts one by one, so that a figure of `n` says that the n-th of them is counted. */
  countedIn: FigureOfEvents[];
}

export interface FigureOfEvents {
  /** Type of the events posted. */
  type: string;
  /** Indicators that count them, by their beginning. */
  indicator: string;
  /** The rule where the indicator has several. */
  rule?: string;
}

export type FromParent = { say: 'status' } | { say: 'finish' };

export type FromLoad =
  | { say: 'listening' }
  | { say: 'posted'; posted: Posted }
  | { say: 'status'; lastFigureAt: number; figures: number; open: number }
  | { say: 'finished'; heard: Heard }
  | { say: 'failed'; reason: string };

/** Instants are milliseconds of the machine's monotonic clock, which all its processes share. */
export interface Posted {
  /** Events posted and what became of them. */
  events: number;
  accepted: number;
  /** Requests that were told to come back later and did. */
  putOff: number;
  startedAt: number;
  endedAt: number;
  /** Line after the last one posted. */
  next: number;
  /** Milliseconds from the (intended) sending to the answer. */
  answer: Spread | undefined;
}

export interface Heard {
  /** Instant of the last change of a figure by an event. */
  lastFigureAt: number;
  figures: number;
  /** Milliseconds from the intended sending of an event to the arrival of the figure that counts it: of all, and by type. */
  sendToCounted?: Spread;
  sendToCountedByType?: Record<string, Spread>;
  /** Events whose figure never came. */
  uncounted: number;
}

/** Milliseconds of the monotonic clock. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
