import { type OnlineLevel, type Term } from '@par/contracts';
import { covers, type Procedure, type ProcedureSpan } from './procedure.ts';

/**
 * The level in the scheme of Decree 43/2011. Of Decree 42/2022's: 1 information → 2, 2 một phần → 3, 3 toàn trình → 4 (the nearest). Undefined for a
 * level that its scheme does not have.
 */
export function equivalentLevel({ scheme, level }: OnlineLevel): 1 | 2 | 3 | 4 | undefined {
  const equivalent = scheme === '2022' ? (level >= 1 && level <= 3 ? level + 1 : undefined) : level;
  return equivalent === 1 || equivalent === 2 || equivalent === 3 || equivalent === 4 ? equivalent : undefined;
}

/** The procedures of the cities as of any instant. Immutable. Every `at` is a UTC text with milliseconds. A procedure out of force has neither level nor term. */
export class ProcedureCatalogue {
  readonly #byCity = new Map<string, Map<string, Procedure>>();

  private constructor(procedures: Iterable<Procedure>) {
    const sorted = [...procedures].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
    for (const procedure of sorted) {
      const ofCity = this.#byCity.get(procedure.city) ?? new Map<string, Procedure>();
      this.#byCity.set(procedure.city, ofCity.set(procedure.code, procedure));
    }
  }

  static of(procedures: Iterable<Procedure>): ProcedureCatalogue {
    return new ProcedureCatalogue(procedures);
  }

  /** A procedure of whatever date. */
  procedure(city: string, code: string): Procedure | undefined {
    return this.#byCity.get(city)?.get(code);
  }

  /** Procedures in force at an instant, sorted by code, each with the `unit` that offered it then. */
  inForce(city: string, at: string): Procedure[] {
    return [...(this.#byCity.get(city)?.values() ?? [])].flatMap((procedure) => {
      const span = inForceAt(procedure.spans, at);
      if (!span) return [];
      return span.unit === procedure.unit ? procedure : { ...procedure, unit: span.unit };
    });
  }

  /** Online service level 1 to 4 at an instant; see `equivalentLevel`. */
  levelAt(city: string, code: string, at: string): 1 | 2 | 3 | 4 | undefined {
    const procedure = this.procedure(city, code);
    if (!procedure || !inForceAt(procedure.spans, at)) return undefined;
    const told = lastFrom(procedure.levels, at);
    return told && equivalentLevel(told.level);
  }

  /** Time limit at an instant; undefined where nobody knows it. */
  termAt(city: string, code: string, at: string): Term | undefined {
    const procedure = this.procedure(city, code);
    if (!procedure || !inForceAt(procedure.spans, at)) return undefined;
    return lastFrom(procedure.terms, at)?.term;
  }

  /** Every procedure of every city and date, sorted by city and code. */
  all(): Procedure[] {
    return [...this.#byCity.keys()].sort().flatMap((city) => [...(this.#byCity.get(city)?.values() ?? [])]);
  }
}

function inForceAt(spans: readonly ProcedureSpan[], at: string): ProcedureSpan | undefined {
  const span = lastFrom(spans, at);
  return span && covers(span, at) ? span : undefined;
}

/** The last entry that begins at or before an instant, by halving: it is asked for every event of every dossier. */
function lastFrom<T extends { from: string }>(list: readonly T[], at: string): T | undefined {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.from <= at) low = middle + 1;
    else high = middle;
  }
  return list[low - 1];
}
