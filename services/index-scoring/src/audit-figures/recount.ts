import { type Basis } from '../basis.ts';
import { contributionsOf, foldSubject } from '../contributions.ts';
import { type KeptEvent } from '../kept-event.ts';

export interface Pair {
  numerator: number;
  denominator: number;
}

/** One figure by four ways of counting. All must be equal. */
export interface FourCounts {
  figure: string;
  counter: Pair;
  ledger: Pair;
  /** Σ of the stored contributions, which the dossier lists are read from. */
  contributions: Pair;
  /** Folded anew from the events of every subject. */
  recount: Pair;
}

export function counterKey(row: { indicator: string; rule: string; unit: string; month: string }): string {
  return [row.indicator, row.rule, row.unit, row.month].join('.');
}

/** Folds every subject again and adds up what the rules say: knows nothing of counters, ledger or contributions. */
export class Recount {
  readonly figures = new Map<string, Pair>();
  subjects = 0;

  constructor(private readonly basis: Basis) {}

  add(subject: string, events: readonly KeptEvent[]): void {
    this.subjects += 1;
    for (const contribution of contributionsOf(foldSubject(subject, events, this.basis), this.basis)) {
      const key = counterKey(contribution);
      const pair = this.figures.get(key) ?? { numerator: 0, denominator: 0 };
      pair.numerator += contribution.numerator;
      pair.denominator += contribution.denominator;
      this.figures.set(key, pair);
    }
  }
}

/** The figures in which the four ways of counting do not agree; a way that does not know a figure has zero there. */
export function differences(ways: {
  counter: Map<string, Pair>;
  ledger: Map<string, Pair>;
  contributions: Map<string, Pair>;
  recount: Map<string, Pair>;
}): FourCounts[] {
  const keys = [...new Set(Object.values(ways).flatMap((way) => [...way.keys()]))].sort();
  const zero: Pair = { numerator: 0, denominator: 0 };
  return keys
    .map((figure) => ({
      figure,
      counter: ways.counter.get(figure) ?? zero,
      ledger: ways.ledger.get(figure) ?? zero,
      contributions: ways.contributions.get(figure) ?? zero,
      recount: ways.recount.get(figure) ?? zero,
    }))
    .filter(({ counter, ledger, contributions, recount }) =>
      [ledger, contributions, recount].some((pair) => pair.numerator !== counter.numerator || pair.denominator !== counter.denominator),
    );
}
