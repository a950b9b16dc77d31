import { type EventIdentity } from '@par/contracts';
import { type Contribution } from './contributions.ts';

/** How one counter moves. */
export interface CounterChange {
  indicator: string;
  rule: string;
  ruleVersion: number;
  unit: string;
  month: string;
  numerator: number;
  denominator: number;
  /** The newest event that decides something new; empty where nothing new is decided. */
  last: Decider;
  /** The newest event that no longer decides what it did; empty where none, or where a newer one decides now. */
  lost: Decider;
}

export type Decider = EventIdentity & { time: string };

const NOBODY: Decider = { source: '', id: '', time: '' };

export interface CaseChange {
  subject: string;
  removed: Contribution[];
  /** New, or with another content than before. */
  written: Contribution[];
}

/** What has to change in the stored contributions of a case, from what its facts give now. */
export function diffCase(subject: string, before: readonly Contribution[], now: readonly Contribution[]): CaseChange {
  const old = new Map(before.map((contribution) => [placeOf(contribution), contribution]));
  const removed: Contribution[] = [];
  const written: Contribution[] = [];
  for (const contribution of now) {
    const key = placeOf(contribution);
    const previous = old.get(key);
    old.delete(key);
    if (previous && isSame(previous, contribution)) continue;
    if (previous) removed.push(previous);
    written.push(contribution);
  }
  removed.push(...old.values());
  return { subject, removed, written };
}

/**
 * New minus old contributions per counter, in one order for every process. A change that moves nothing is left out, unless another event decides now: it is the
 * counter's last event then.
 */
export function counterChanges(changes: readonly CaseChange[]): CounterChange[] {
  const byCounter = new Map<string, CounterChange>();
  for (const { removed, written } of changes) {
    for (const contribution of removed) add(byCounter, contribution, -1, 'lost');
    for (const contribution of written) add(byCounter, contribution, 1, 'last');
  }
  return [...byCounter.entries()]
    .filter(([, change]) => movesCounter(change) || isLater(change.last, change.lost) || isLater(change.lost, change.last))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, change]) => (isLater(change.lost, change.last) ? change : { ...change, lost: NOBODY }));
}

function movesCounter({ numerator, denominator }: Pick<CounterChange, 'numerator' | 'denominator'>): boolean {
  return numerator !== 0 || denominator !== 0;
}

function add(byCounter: Map<string, CounterChange>, contribution: Contribution, sign: 1 | -1, whose: 'last' | 'lost'): void {
  const { indicator, rule, ruleVersion, unit, month, decidedBy } = contribution;
  const key = `${indicator} ${rule} ${unit} ${month}`;
  let change = byCounter.get(key);
  if (!change) {
    change = { indicator, rule, ruleVersion, unit, month, numerator: 0, denominator: 0, last: NOBODY, lost: NOBODY };
    byCounter.set(key, change);
  }
  change.numerator += sign * contribution.numerator;
  change.denominator += sign * contribution.denominator;
  if (sign === 1) change.ruleVersion = ruleVersion;
  if (isLater(decidedBy, change[whose])) change[whose] = decidedBy;
}

function isLater(a: Decider, b: Decider): boolean {
  return a.time !== b.time ? a.time > b.time : a.source !== b.source ? a.source > b.source : a.id > b.id;
}

/** Where a contribution counts: of one subject there is at most one in each place. */
export function placeOf({ indicator, rule, unit, month }: Pick<Contribution, 'indicator' | 'rule' | 'unit' | 'month'>): string {
  return `${indicator} ${rule} ${unit} ${month}`;
}

function isSame(a: Contribution, b: Contribution): boolean {
  return (
    a.ruleVersion === b.ruleVersion &&
    a.decidedBy.time === b.decidedBy.time &&
    a.decidedBy.source === b.decidedBy.source &&
    a.decidedBy.id === b.decidedBy.id &&
    a.numerator === b.numerator &&
    a.denominator === b.denominator &&
    a.reasons.length === b.reasons.length &&
    a.reasons.every((reason, index) => reason === b.reasons[index])
  );
}
