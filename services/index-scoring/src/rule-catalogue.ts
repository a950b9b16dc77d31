import { DOSSIER_RULE_TEXTS } from './rule-catalogue-of-dossiers.ts';
import { OFFICE_RULE_TEXTS } from './rule-catalogue-of-offices.ts';
import { type RuleText } from './rule-text.ts';

export { type RuleText };

/** The meaning of every rule that a plan may name, for docs and explanations. */
export const RULE_TEXTS: Record<string, RuleText> = { ...DOSSIER_RULE_TEXTS, ...OFFICE_RULE_TEXTS };

/** Whether a rule is described here, by its version. */
export function isDescribedRule(rule: string, version: number): boolean {
  return RULE_TEXTS[rule]?.version === version;
}
