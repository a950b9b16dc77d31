import { type Inspection } from './declared-records.ts';
import { type Organisation, type ProcedureCatalogue, type Unit, type WorkingCalendar } from '@par/administration';
import { type ConnectionSpan } from './link-fact.ts';
import { type KeptEvent } from './kept-event.ts';

/** What state rules look at besides organisation and catalogue; small sets all of them. */
export interface StateFacts {
  /** Accepted connections per unit. */
  connections: ReadonlyMap<string, readonly ConnectionSpan[]>;
  /** When each unit was last heard over the dedicated network (ISO). */
  lastHeard: ReadonlyMap<string, string>;
  /** Per unit and kind of system (`<unit> dossier`), the months in which it was heard. */
  traffic: ReadonlyMap<string, ReadonlySet<string>>;
  inspections: readonly Inspection[];
  /** What was declared of each unit itself: staff, scores, rankings, secret counts. */
  declared: ReadonlyMap<string, readonly KeptEvent[]>;
}

/** A city at an instant. */
export interface StateWorld {
  city: Unit;
  organisation: Organisation;
  catalogue: ProcedureCatalogue;
  calendar: WorkingCalendar;
  facts: StateFacts;
  /** The instant that is asked about: the end of the period, or now while it lasts (ISO). */
  at: string;
  /** Whether the period is over: what only "now" can tell has no data then. */
  isOver: boolean;
  /** Local date at the instant. */
  date: string;
  /** Local year of the instant, and the instant at which it began (ISO). */
  year: number;
  yearFrom: string;
  /** The instant at which the asked period began; null for all time. */
  periodFrom: string | null;
  /** First and last month of the asked period; undefined for all time. */
  months: { from: string; to: string } | undefined;
}

/** What one thing gives to a state figure of a unit: a unit, a procedure, an inspection. */
export interface StateItem {
  unit: string;
  subject: string;
  numerator: number;
  denominator: number;
  /** When it was looked at (ISO), where that may have been some seconds ago. */
  seenAt?: string;
  reasons: string[];
}
