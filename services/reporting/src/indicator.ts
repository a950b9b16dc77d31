import { readFileSync } from 'node:fs';
import type { Measure, Target, UnitKind } from '@par/contracts';
import type { Bilingual } from '@par/service-kit';

export interface RuleName extends Bilingual {
  id: string;
  /** The counting rule of the goal's wording; the others are shown beside it. */
  official: boolean;
  /** Version that is named while nothing was published by this rule; 1 where absent. */
  version?: number;
  /** Kinds of unit that this rule alone is about; those of the indicator where absent. */
  unitKinds?: UnitKind[];
}

/** A name for points out of 100: it reaches from its edge up to below the next one. */
export interface Band extends Bilingual {
  from: number;
}

/** What reporting itself knows of an indicator: words and target. The counting is index-scoring's alone. */
export interface Indicator {
  id: string;
  goal: string;
  name: Bilingual;
  /** `count`: dossiers of the period. `state`: units in a state now. */
  kind: 'count' | 'state';
  measure: Measure;
  numerator: Bilingual;
  denominator: Bilingual;
  target: Target | null;
  /** Kinds of unit that the indicator is about: these show as "no data" while silent. */
  unitKinds: UnitKind[];
  /** True where it is about state agencies only (goals 3 and 6c). */
  agenciesOnly?: boolean;
  /** Kinds of unit that are not the city's and are reported beside its figures. */
  beside?: UnitKind[];
  /** True where the rules are no other ways to count one thing but its parts: each late dossier has one cause. */
  parts?: boolean;
  rules: RuleName[];
}

export interface Catalogue {
  goals: (Bilingual & { id: string })[];
  /** Highest first. */
  bands: Band[];
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
