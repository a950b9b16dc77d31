import { monthOf, type Organisation } from '@par/administration';
import { type EventIdentity } from '@par/contracts';
import { type CaseFact } from './case-fact.ts';
import { appliesTo, type Plan } from './plan.ts';
import { COUNTING_RULES } from './rules.ts';

/** What one case gives to one figure. */
export interface Contribution {
  indicator: string;
  rule: string;
  ruleVersion: number;
  unit: string;
  month: string;
  numerator: 0 | 1;
  denominator: 0 | 1;
  reasons: string[];
  /** The event that decides it, and when that happened. */
  decidedBy: EventIdentity & { time: string };
}

/**
 * Applies every counting rule of the plan to a case. Unit kind and zone never change for a unit's id, so the result depends on nothing
 * but the fact. Precondition: every unit in the fact is known to the organisation.
 */
export function contributionsOf(fact: CaseFact, plan: Plan, organisation: Organisation): Contribution[] {
  const contributions: Contribution[] = [];
  for (const indicator of plan.indicators) {
    if (indicator.kind !== 'count') continue;
    for (const { rule, version } of indicator.rules) {
      const verdict = COUNTING_RULES[rule]?.judge(fact);
      if (!verdict) continue;
      const { moment, counts, reasons } = verdict;
      const unit = organisation.unit(moment.unit);
      if (!unit) throw new Error(`unit ${moment.unit} is not known`);
      if (!appliesTo(indicator, unit.kind)) continue;
      contributions.push({
        indicator: indicator.id,
        rule,
        ruleVersion: version,
        unit: unit.id,
        month: monthOf(new Date(moment.at), unit.timeZone),
        numerator: counts ? 1 : 0,
        denominator: 1,
        reasons,
        decidedBy: { ...moment.event, time: moment.at },
      });
    }
  }
  return contributions;
}
