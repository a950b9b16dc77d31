import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { CHECKOUT } from '@par/infrastructure';
import { parse } from 'yaml';

/** What both files say of an indicator. */
interface Said {
  id: string;
  goal: string;
  kind: string;
  measure: string;
  target: unknown;
  beside?: string[];
  unitKinds?: string[];
}
interface Plan {
  goals: { id: string }[];
  indicators: (Said & { rules: { rule: string; version: number; official: boolean }[] })[];
  bands: { from: number; name: { vi: string; en: string } }[];
}
interface Words {
  goals: { id: string }[];
  indicators: (Said & { rules: { id: string; version?: number; official: boolean; unitKinds?: string[] }[] })[];
  bands: { from: number; vi: string; en: string }[];
}

const read = (file: string): string => readFileSync(join(CHECKOUT, file), 'utf8');
const plan = parse(read('services/index-scoring/rules/hue-2021.yaml')) as Plan;
const words = JSON.parse(read('services/reporting/indicators.json')) as Words;

const said = ({ id, goal, kind, measure, target, beside = [] }: Said): Said => ({ id, goal, kind, measure, target, beside });

// Reporting is an outsider with words of its own; what it shows beside a published figure must still be what is scored.
it('names the indicators, rules and targets of the plan, in its order', () => {
  expect(words.goals.map(({ id }) => id)).toEqual(plan.goals.map(({ id }) => id));
  expect(words.indicators.map(said)).toEqual(plan.indicators.filter(({ kind }) => kind !== 'open').map(said));
  const rulesOf = (id: string): unknown => plan.indicators.find((indicator) => indicator.id === id)?.rules;
  for (const { id, rules } of words.indicators) {
    expect({ id, rules: rules.map((rule) => ({ rule: rule.id, version: rule.version ?? 1, official: rule.official })) }).toEqual({
      id,
      rules: rulesOf(id),
    });
  }
});

it('is about the kinds of unit that the plan is about', () => {
  for (const { id, unitKinds, rules } of words.indicators) {
    const planned = plan.indicators.find((indicator) => indicator.id === id)?.unitKinds;
    if (planned) expect({ id, unitKinds }).toEqual({ id, unitKinds: planned });
    expect(unitKinds).not.toContain('provincial-body');
    for (const rule of rules) expect(unitKinds).toEqual(expect.arrayContaining(rule.unitKinds ?? []));
  }
});

it('calls points by the bands of the plan', () => {
  expect(words.bands).toEqual(plan.bands.map(({ from, name }) => ({ from, ...name })));
});
