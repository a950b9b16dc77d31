import { type Transaction } from '@par/service-kit';
import { type Slots } from '../contribution-parts.ts';
import { contributionSums, type FigureSum } from '../contribution-sums.ts';

interface Pair {
  numerator: number;
  denominator: number;
}

/** A counter that a rebuild leaves other than it was. */
export interface MovedFigure {
  indicator: string;
  rule: string;
  ruleVersion: number;
  unit: string;
  month: string;
  before: Pair;
  after: Pair;
}

/** Compares what the contributions add up to with the running counters; only those that differ in value or version of the rule. */
export async function movedFigures(tx: Transaction, slots: Slots): Promise<MovedFigure[]> {
  const after = await contributionSums(tx, slots);
  const counters = await tx.query<FigureSum>(
    'SELECT indicator, rule, rule_version AS "ruleVersion", unit, month, numerator, denominator FROM counter',
  );
  const before = new Map(counters.map((counter) => [[counter.indicator, counter.rule, counter.unit, counter.month].join('.'), counter]));
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key): MovedFigure | [] => {
    const [old, now] = [before.get(key), after.get(key)];
    const isSame = old?.numerator === now?.numerator && old?.denominator === now?.denominator && old?.ruleVersion === now?.ruleVersion;
    if (isSame || (!now && old?.numerator === 0 && old.denominator === 0)) return [];
    const { indicator, rule, ruleVersion, unit, month } = (now ?? old)!;
    return { indicator, rule, ruleVersion, unit, month, before: pairOf(old), after: pairOf(now) };
  });
}

function pairOf(figure: Pair | undefined): Pair {
  return { numerator: figure?.numerator ?? 0, denominator: figure?.denominator ?? 0 };
}
