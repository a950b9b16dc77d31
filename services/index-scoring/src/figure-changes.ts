import { type EventIdentity } from '@par/contracts';
import { type Contribution } from './contributions.ts';

/** A contribution as the database keeps it of an earlier fold. */
export type StoredContribution = Contribution;

/** How one counter moves. */
export interface CounterChange {
  indicator: string;
  rule: string;
  ruleVersion: number;
  unit: string;
  month: string;
  numerator: number;
  denominator: number;
  last: EventIdentity & { time: string };
}

export interface CaseChange {
  subject: string;
  removed: StoredContribution[];
  /** New, or with another content than before. */
  written: Contribution[];
}

/** What has to change in the stored contributions of a case, from what its facts give now. */
export function diffCase(subject: string, before: readonly StoredContribution[], now: readonly Contribution[]): CaseChange {
  const old = new Map(before.map((contribution) => [placeOf(contribution), contribution]));
  const removed: StoredContribution[] = [];
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

/** New minus old contributions per counter, in one order for every process; counters that do not move are left out. */
export function counterChanges(changes: readonly CaseChange[]): CounterChange[] {
  const byCounter = new Map<string, CounterChange>();
  for (const { removed, written } of changes) {
    // What a case loses has no event of its own that says so: the last event known of the counter stays.
    for (const contribution of removed) add(byCounter, contribution, -1, { source: '', id: '', time: '' });
    for (const contribution of written) add(byCounter, contribution, 1, contribution.decidedBy);
  }
  return [...byCounter.entries()]
    .filter(([, change]) => change.numerator !== 0 || change.denominator !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, change]) => change);
}

function add(
  byCounter: Map<string, CounterChange>,
  contribution: StoredContribution,
  sign: 1 | -1,
  decidedBy: EventIdentity & { time: string },
): void {
  const { indicator, rule, ruleVersion, unit, month } = contribution;
  const key = [indicator, rule, unit, month].join(' ');
  let change = byCounter.get(key);
  if (!change) byCounter.set(key, (change = { indicator, rule, ruleVersion, unit, month, numerator: 0, denominator: 0, last: decidedBy }));
  change.numerator += sign * contribution.numerator;
  change.denominator += sign * contribution.denominator;
  if (isLater(decidedBy, change.last)) change.last = decidedBy;
}

function isLater(a: EventIdentity & { time: string }, b: EventIdentity & { time: string }): boolean {
  return a.time !== b.time ? a.time > b.time : a.source !== b.source ? a.source > b.source : a.id > b.id;
}

/** Where a contribution counts: of one subject there is at most one in each place. */
export function placeOf({ indicator, rule, unit, month }: Pick<StoredContribution, 'indicator' | 'rule' | 'unit' | 'month'>): string {
  return `${indicator} ${rule} ${unit} ${month}`;
}

function isSame(a: StoredContribution, b: StoredContribution): boolean {
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
