import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { loadPlans } from './plan.ts';
import { withPlansPrinted } from './plan-figures-doc.ts';
import { planNames } from './plan-file.ts';
import { isDescribedRule, RULE_TEXTS } from './rule-catalogue.ts';
import { COUNTING_RULES, isKnownRule } from './rules.ts';
import { STATE_RULES } from './state-rules.ts';

describe('the rule catalogue', () => {
  const plans = planNames().map((name) => loadPlans([name], isDescribedRule));
  const chosen = plans.flatMap(({ indicators }) => indicators.flatMap(({ rules }) => rules));

  it('has a text in both languages, a source and a date for every rule of every plan, and for no other', () => {
    expect(planNames()).toEqual(['hue-2021', 'qd-766-2022']);
    expect(Object.keys(RULE_TEXTS).sort()).toEqual([...new Set(chosen.map(({ rule }) => rule))].sort());
    for (const { text, source, since } of Object.values(RULE_TEXTS)) {
      expect(since).toMatch(/^20\d\d(-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$/);
      expect([text.vi, text.en, source].map((words) => words.trim().length > 0)).toEqual([true, true, true]);
      expect(text.vi).not.toBe(text.en);
    }
  });

  it('describes the versions that the service computes', () => {
    expect(Object.entries(RULE_TEXTS).filter(([rule, { version }]) => !isKnownRule(rule, version))).toEqual([]);
    const computed = [...Object.keys(COUNTING_RULES), ...Object.keys(STATE_RULES)];
    expect(computed.filter((rule) => !(rule in RULE_TEXTS))).toEqual([]);
  });

  it('gives no description for another version', () => {
    expect(isDescribedRule('heard-within-hours', 2)).toBe(true);
    expect(isDescribedRule('heard-within-hours', 1)).toBe(false);
    expect(isDescribedRule('toString', 1)).toBe(false);
  });

  it('is printed with the plans in docs/figures.md as the repository holds it', () => {
    const present = readFileSync(new URL('../../../docs/figures.md', import.meta.url), 'utf8');
    expect(withPlansPrinted(present, plans)).toBe(present);
    for (const { id, nameVi } of plans.flatMap(({ indicators }) => indicators)) {
      expect(present).toContain(`#### \`${id}\` `);
      expect(present).toContain(`| Vietnamese | *${nameVi}* |`);
    }
    for (const { rule, version } of chosen) expect(present).toContain(`| \`${rule}\` ${version}`);
  });

  it('leaves what stands around the marks, and refuses a document that has lost them', () => {
    const [begin, end] = ['<!-- begin: printed', '<!-- end: printed -->'];
    const present = readFileSync(new URL('../../../docs/figures.md', import.meta.url), 'utf8');
    const marks = `${present.slice(present.indexOf(begin), present.indexOf('-->', present.indexOf(begin)) + 3)}\nstale\n${end}`;
    const printed = withPlansPrinted(`before\n${marks}\nafter\n`, plans);
    expect(printed.startsWith('before\n<!-- begin')).toBe(true);
    expect(printed.endsWith(`${end}\nafter\n`)).toBe(true);
    expect(printed).not.toContain('stale');
    expect(withPlansPrinted(printed, plans)).toBe(printed);
    expect(() => withPlansPrinted('before', plans)).toThrow('docs/figures.md has lost its marks');
  });
});
