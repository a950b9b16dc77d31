import { monthOf } from '@par/administration';
import { type EventIdentity } from '@par/contracts';
import { type Basis } from './basis.ts';
import { type CaseView, viewCase } from './case-view.ts';
import { type DeclaredFact, declaredFactOf } from './declared-fact.ts';
import { type KeptEvent } from './kept-event.ts';
import { appliesTo, standsBeside } from './plan.ts';
import { COUNTING_RULES } from './rules.ts';
import { type Verdict } from './verdict.ts';

/** What one subject gives to one figure. */
export interface Contribution {
  indicator: string;
  rule: string;
  ruleVersion: number;
  unit: string;
  month: string;
  numerator: number;
  denominator: number;
  reasons: string[];
  /** The event that decides it, and when that happened. */
  decidedBy: EventIdentity & { time: string };
}

/** A subject folded, as the counting rules look at it; undefined for one that only states or the catalogue are made of. */
export type Folded = { kind: 'case'; view: CaseView } | { kind: 'declared'; fact: DeclaredFact } | undefined;

export function foldSubject(key: string, events: readonly KeptEvent[], basis: Basis): Folded {
  if (key.startsWith('case:')) return { kind: 'case', view: viewCase(key.slice('case:'.length), events, basis) };
  if (!key.startsWith('declared:')) return undefined;
  return { kind: 'declared', fact: declaredFactOf(key, events, (unit) => basis.organisation.unit(unit)?.timeZone ?? 'UTC') };
}

/**
 * Applies every counting rule of the plan to a subject. Unit kind and zone never change for a unit's id, so the result depends on nothing but the set of
 * events and the basis. Runs for every event that is counted.
 */
export function contributionsOf(folded: Folded, basis: Basis): Contribution[] {
  if (!folded) return [];
  const contributions: Contribution[] = [];
  // One moment decides the month of a dozen rules.
  const months = new Map<string, string>();
  for (const indicator of basis.plan.indicators) {
    if (indicator.kind !== 'count') continue;
    for (const { rule, version } of indicator.rules) {
      const first = contributions.length;
      for (const verdict of verdictsOf(rule, folded)) {
        const unit = basis.organisation.unit(verdict.unit);
        if (!unit) throw new Error(`unit ${verdict.unit} is not known`);
        if (!appliesTo(indicator, unit.kind) && !standsBeside(indicator, unit.kind)) continue;
        const { at, event } = verdict.moment;
        let month = months.get(at);
        if (month === undefined) months.set(at, (month = monthOf(new Date(at), unit.timeZone)));
        add(contributions, first, {
          indicator: indicator.id,
          rule,
          ruleVersion: version,
          unit: unit.id,
          month,
          numerator: verdict.numerator,
          denominator: verdict.denominator,
          reasons: verdict.reasons,
          decidedBy: { source: event.source, id: event.id, time: at },
        });
      }
    }
  }
  return contributions;
}

function verdictsOf(rule: string, folded: NonNullable<Folded>): Verdict[] {
  const known = COUNTING_RULES[rule];
  return (folded.kind === 'case' ? known?.ofCase?.(folded.view) : known?.ofDeclared?.(folded.fact)) ?? [];
}

/** Verdicts of one subject by one rule (those from `first` on) for the same unit and month are one contribution. */
function add(contributions: Contribution[], first: number, next: Contribution): void {
  for (let i = first; i < contributions.length; i += 1) {
    const earlier = contributions[i]!;
    if (earlier.unit !== next.unit || earlier.month !== next.month) continue;
    earlier.numerator += next.numerator;
    earlier.denominator += next.denominator;
    earlier.reasons = [...new Set([...earlier.reasons, ...next.reasons])].sort();
    if (next.decidedBy.time > earlier.decidedBy.time) earlier.decidedBy = next.decidedBy;
    return;
  }
  contributions.push(next);
}
