import { CalendarYearMissing, type WorkingCalendar } from '@par/administration';

/** A step of a work dossier, and when it was taken (instant in UTC, ISO 8601). */
export interface StepTime {
  step: string;
  at: string;
}

/** How a work dossier went: opened, then steps in the order of their times. */
export interface Course {
  /** The unit that leads it: its office hours count. */
  unit: string;
  openedAt: string;
  steps: readonly StepTime[];
}

/** A work dossier that was settled. */
export interface PastCourse extends Course {
  closedAt: string;
}

/** State of a dossier in which nobody took a step yet. Any other state is the name of the step that was taken last. */
export const NO_STEP = '';

/** Where a dossier stood, and how much working time then still passed until it was settled. */
export interface SettlingSample {
  unit: string;
  state: string;
  remainingMs: number;
  closedAt: string;
}

/** What history says of one state. */
export interface UsualTime {
  /** Working milliseconds from entering the state until settled, ascending. */
  remaining: readonly number[];
  /** Whose history it is: the unit's own, or everybody's where the unit has too little. */
  of: 'unit' | 'all-units';
}

/** With fewer samples than this nothing is said. */
export const LEAST_SAMPLES = 20;
/** Of each unit and state the latest closings are kept, so that the memory is bounded and old habits are forgotten. */
const MOST_SAMPLES = 1_000;

/**
 * The samples of one settled work dossier: one for its opening and one for each step that was taken before it was closed. None where its times touch a year for which
 * the calendar has no data: nothing is guessed.
 */
export function samplesOf({ unit, openedAt, closedAt, steps }: PastCourse, calendar: WorkingCalendar): SettlingSample[] {
  const closed = new Date(closedAt);
  const visits = [{ step: NO_STEP, at: openedAt }, ...steps.filter(({ at }) => at <= closedAt)];
  try {
    return visits.map(({ step, at }) => ({
      unit,
      state: step,
      remainingMs: calendar.workingMsBetween(new Date(at), closed, { office: unit }),
      closedAt,
    }));
  } catch (error) {
    if (error instanceof CalendarYearMissing) return [];
    throw error;
  }
}

/** How long it usually takes from each state until a work dossier is settled, per unit, learnt from those that were. */
export class SettlingTimes {
  readonly #ofUnits = new Map<string, Map<string, number[]>>();
  readonly #ofAll: Map<string, number[]>;

  private constructor(samples: readonly SettlingSample[]) {
    const latestFirst = samples.toSorted((a, b) =>
      a.closedAt < b.closedAt ? 1 : a.closedAt > b.closedAt ? -1 : a.remainingMs - b.remainingMs,
    );
    this.#ofAll = byState(latestFirst);
    const ofUnits = new Map<string, SettlingSample[]>();
    for (const sample of latestFirst) {
      const own = ofUnits.get(sample.unit);
      if (own) own.push(sample);
      else ofUnits.set(sample.unit, [sample]);
    }
    for (const [unit, own] of ofUnits) this.#ofUnits.set(unit, byState(own));
  }

  /** The order of the samples does not matter. */
  static of(samples: Iterable<SettlingSample>): SettlingTimes {
    return new SettlingTimes([...samples]);
  }

  /** The unit's own history of a state, else everybody's; undefined where both are too small to say anything. */
  usual(unit: string, state: string): UsualTime | undefined {
    const own = this.#ofUnits.get(unit)?.get(state);
    if (own && own.length >= LEAST_SAMPLES) return { remaining: own, of: 'unit' };
    const all = this.#ofAll.get(state);
    return all && all.length >= LEAST_SAMPLES ? { remaining: all, of: 'all-units' } : undefined;
  }

  /** How many samples stand behind a state in all units together. */
  known(state: string): number {
    return this.#ofAll.get(state)?.length ?? 0;
  }
}

function byState(latestFirst: readonly SettlingSample[]): Map<string, number[]> {
  const states = new Map<string, number[]>();
  for (const { state, remainingMs } of latestFirst) {
    const kept = states.get(state);
    if (!kept) states.set(state, [remainingMs]);
    else if (kept.length < MOST_SAMPLES) kept.push(remainingMs);
  }
  for (const kept of states.values()) kept.sort((a, b) => a - b);
  return states;
}

/** The nearest-rank quantile of ascending numbers. @param percent from 1 to 100 */
export function quantile(ascending: readonly number[], percent: number): number {
  return ascending[Math.max(Math.ceil((ascending.length * percent) / 100), 1) - 1]!;
}

/** How many of ascending numbers are above a bound. */
export function countAbove(ascending: readonly number[], bound: number): number {
  let from = 0;
  let to = ascending.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ascending[middle]! > bound) to = middle;
    else from = middle + 1;
  }
  return ascending.length - from;
}
