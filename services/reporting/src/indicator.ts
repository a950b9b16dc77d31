import { readFileSync } from 'node:fs';
import type { UnitKind } from '@par/contracts';
import type { Bilingual } from '@par/service-kit';

/** A goal's threshold, in per cent. `>` is strict: exactly 30 % does not meet "trên 30 %". */
export interface Target {
  op: '>=' | '>' | '=';
  value: number;
}

/** `no-data`: no denominator (chưa có dữ liệu). `monitor`: a figure without a target. */
export type FigureState = 'no-data' | 'met' | 'not-met' | 'monitor';

export interface RuleName extends Bilingual {
  id: string;
  /** The rule whose figure is held against the target. */
  official: boolean;
}

/** What reporting itself knows of an indicator: words and target. The counting is index-scoring's alone. */
export interface Indicator {
  id: string;
  goal: string;
  name: Bilingual;
  /** `count`: dossiers of the period. `state`: units in a state now. */
  kind: 'count' | 'state';
  numerator: Bilingual;
  denominator: Bilingual;
  target: Target | null;
  /** Kinds of unit that the indicator is about: these show as "no data" while silent. */
  unitKinds: UnitKind[];
  rules: RuleName[];
}

export interface Catalogue {
  goals: (Bilingual & { id: string })[];
  indicators: Indicator[];
}

/** The indicators that this service shows, in the order of the goals; read once at start. */
export function readCatalogue(file = new URL('../indicators.json', import.meta.url)): Catalogue {
  const catalogue = JSON.parse(readFileSync(file, 'utf8')) as Catalogue;
  const goals = new Set(catalogue.goals.map((goal) => goal.id));
  for (const indicator of catalogue.indicators) {
    if (!goals.has(indicator.goal)) throw new Error(`indicators.json: ${indicator.id} belongs to the unknown goal ${indicator.goal}`);
    if (indicator.rules.filter((rule) => rule.official).length !== 1)
      throw new Error(`indicators.json: ${indicator.id} needs exactly one official rule`);
  }
  return catalogue;
}

/**
 * Compares Σ numerators ÷ Σ denominators with the target before any rounding, in whole numbers: 99,996 of 100,000 is not 100 %.
 */
export function judge(numerator: number, denominator: number, target: Target | null): FigureState {
  if (denominator === 0) return 'no-data';
  if (target === null) return 'monitor';
  const reached = numerator * 100;
  const wanted = target.value * denominator;
  switch (target.op) {
    case '>=':
      return reached >= wanted ? 'met' : 'not-met';
    case '>':
      return reached > wanted ? 'met' : 'not-met';
    case '=':
      return reached === wanted ? 'met' : 'not-met';
  }
}
