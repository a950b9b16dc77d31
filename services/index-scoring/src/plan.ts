import { readFileSync } from 'node:fs';
import { type Target, UNIT_KINDS, type UnitKind } from '@par/contracts';

/** Injection token of the plan: indicators, rules, targets. */
export const PLAN = Symbol('index-scoring.plan');

export interface RuleChoice {
  rule: string;
  version: number;
  /** The rule whose figure is held against the target. */
  official: boolean;
}

export interface Indicator {
  id: string;
  goal: number;
  nameVi: string;
  nameEn: string;
  /** `count`: dossiers counted in the month they belong to. `state`: units in a state at an instant, computed when read. */
  kind: 'count' | 'state';
  /** Only units of these kinds; all where absent. */
  unitKinds?: UnitKind[];
  rules: RuleChoice[];
  target: Target | null;
  /** For "heard within": the hours. */
  withinHours?: number;
}

export interface Plan {
  plan: string;
  source: string;
  indicators: Indicator[];
}

/** Reads and checks a plan file; throws one error that names every mistake in it. */
export function parsePlan(text: string, knownRules: (rule: string, version: number) => boolean): Plan {
  const plan = JSON.parse(text) as Plan;
  const mistakes: string[] = [];
  const seen = new Set<string>();
  for (const indicator of plan.indicators) {
    const say = (what: string): number => mistakes.push(`${indicator.id}: ${what}`);
    if (seen.has(indicator.id)) say('stands twice');
    seen.add(indicator.id);
    if (indicator.rules.filter((rule) => rule.official).length !== 1) say('needs exactly one official rule');
    for (const { rule, version } of indicator.rules) if (!knownRules(rule, version)) say(`rule ${rule} version ${version} is not known`);
    for (const kind of indicator.unitKinds ?? []) if (!UNIT_KINDS.includes(kind)) say(`unit kind ${String(kind)} is not known`);
    if (indicator.target && !['>=', '>', '='].includes(indicator.target.op)) say(`target ${indicator.target.op} is not known`);
  }
  if (mistakes.length > 0) throw new Error(`plan ${plan.plan}: ${mistakes.join('; ')}`);
  return plan;
}

export function readPlan(knownRules: (rule: string, version: number) => boolean): Plan {
  return parsePlan(readFileSync(new URL('../rules/plan-2021.json', import.meta.url), 'utf8'), knownRules);
}

export function appliesTo(indicator: Indicator, kind: UnitKind): boolean {
  return indicator.unitKinds === undefined || indicator.unitKinds.includes(kind);
}
