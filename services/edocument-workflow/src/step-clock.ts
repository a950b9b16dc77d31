import { CalendarYearMissing, type WorkingCalendar } from '@par/administration';
import { type StandStill } from './work-dossier.ts';

const HOUR_MS = 3_600_000;

type Calendar = Pick<WorkingCalendar, 'hasYear' | 'workingMsBetween' | 'addWorkingMs'>;

/**
 * Working time of the office that leads a work dossier, without the time in which the clock of the citizen's dossier stands still. The calendar never guesses: of a year
 * that it has no data for, no time is said to have passed and no deadline is worked out.
 */
export class StepClock {
  readonly #stops: StandStill[];

  constructor(
    private readonly calendar: Calendar,
    stops: readonly StandStill[],
    private readonly office?: string,
  ) {
    this.#stops = apart(stops);
  }

  /** Working milliseconds between two instants in UTC. */
  between(from: string, to: string): number {
    if (!this.#isKnown(from) || !this.#isKnown(to)) return 0;
    try {
      const stood = this.#stops.map((stop) => this.#worked(later(from, stop.from), earlier(to, stop.to ?? to)));
      return stood.reduce((left, ms) => left - ms, this.#worked(from, to));
    } catch (error) {
      if (error instanceof CalendarYearMissing) return 0;
      throw error;
    }
  }

  /** When so many working hours have passed; undefined where the clock stands still before that, or the calendar has no data. */
  after(since: string, workingHours: number): string | undefined {
    if (!this.#isKnown(since)) return undefined;
    try {
      const allowed = Math.round(workingHours * HOUR_MS);
      let stood = 0;
      let end = this.#add(since, allowed);
      for (const { from, to } of this.#stops) {
        if (from >= end) break;
        if (to === undefined) return undefined;
        stood += this.#worked(later(since, from), to);
        end = this.#add(since, allowed + stood);
      }
      return end;
    } catch (error) {
      if (error instanceof CalendarYearMissing) return undefined;
      throw error;
    }
  }

  /** Spares the common case of an old log an error for every step; the local date decides in the end. */
  #isKnown(at: string): boolean {
    return this.calendar.hasYear(Number(at.slice(0, 4)));
  }

  #worked(from: string, to: string): number {
    return this.calendar.workingMsBetween(new Date(from), new Date(to), this.#options);
  }

  #add(since: string, ms: number): string {
    return this.calendar.addWorkingMs(new Date(since), ms, this.#options).toISOString();
  }

  get #options(): { office?: string } {
    return this.office === undefined ? {} : { office: this.office };
  }
}

/** In time order, with those that overlap made one. */
function apart(stops: readonly StandStill[]): StandStill[] {
  const merged: StandStill[] = [];
  for (const stop of stops.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    const last = merged.at(-1);
    if (last && (last.to === undefined || stop.from <= last.to)) {
      if (stop.to === undefined || last.to === undefined) delete last.to;
      else last.to = later(last.to, stop.to);
    } else merged.push({ ...stop });
  }
  return merged;
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
