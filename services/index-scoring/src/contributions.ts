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

/** Applies every counting rule of the plan to a subject. Unit kind and zone never change for a unit's id, so the result depends on nothing but the set of events and the basis. */
export function contributionsOf(folded: Folded, basis: Basis): Contribution[] {
  if (!folded) return [];
  const contributions: Contribution[] = [];
  for (const indicator of basis.plan.indicators) {
    if (indicator.kind !== 'count') continue;
    for (const { rule, version } of indicator.rules) {
      const places = new Map<string, Contribution>();
      for (const verdict of verdictsOf(rule, folded)) {
        const unit = basis.organisation.unit(verdict.unit);
        if (!unit) throw new Error(`unit ${verdict.unit} is not known`);
        if (!appliesTo(indicator, unit.kind) && !standsBeside(indicator, unit.kind)) continue;
        const month = monthOf(new Date(verdict.moment.at), unit.timeZone);
        add(places, { indicator: indicator.id, rule, ruleVersion: version, unit: unit.id, month }, verdict);
      }
      contributions.push(...places.values());
    }
  }
  return contributions;
}

function verdictsOf(rule: string, folded: NonNullable<Folded>): Verdict[] {
  const known = COUNTING_RULES[rule];
  return (folded.kind === 'case' ? known?.ofCase?.(folded.view) : known?.ofDeclared?.(folded.fact)) ?? [];
}

/** Verdicts of one subject for the same unit and month are one contribution. */
function add(
  places: Map<string, Contribution>,
  place: Pick<Contribution, 'indicator' | 'rule' | 'ruleVersion' | 'unit' | 'month'>,
  { moment, numerator, denominator, reasons }: Verdict,
): void {
  const key = `${place.unit} ${place.month}`;
  const earlier = places.get(key);
  if (!earlier) {
    places.set(key, { ...place, numerator, denominator, reasons, decidedBy: { ...moment.event, time: moment.at } });
    return;
  }
  earlier.numerator += numerator;
  earlier.denominator += denominator;
  earlier.reasons = [...new Set([...earlier.reasons, ...reasons])].sort();
  if (moment.at > earlier.decidedBy.time) earlier.decidedBy = { ...moment.event, time: moment.at };
}
