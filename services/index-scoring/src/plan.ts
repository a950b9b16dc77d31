import { type Measure, type Target, type UnitKind } from '@par/contracts';
import { type Bilingual } from '@par/service-kit';

export { type Bilingual };
export { loadPlans, parsePlan, type KnownRules } from './plan-file.ts';
export { PlanMistake, type PlanFault } from './plan-mistake.ts';

/** Injection token of the plan: goals, indicators, rules, targets, scores. */
export const PLAN = Symbol('index-scoring.plan');

/** The plans that are on where PLANS says nothing. */
export const DEFAULT_PLANS: readonly string[] = ['hue-2021'];

export interface RuleChoice {
  rule: string;
  version: number;
  /** The rule whose figure is held against the target. */
  official: boolean;
}

export interface Indicator {
  /** `G1-ONTIME`; without dots, because it stands in the ids of figures. */
  id: string;
  /** The goal's id: `1` to `10` of the city's plan, a group such as `CKMB` of Decision 766. */
  goal: string;
  nameVi: string;
  nameEn: string;
  /**
   * `count`: subjects counted in the month they belong to. `state`: what holds at an instant, computed when read. `open`: the sources leave the
   * formula open, so it is shown as not computed and never guessed.
   */
  kind: 'count' | 'state' | 'open';
  measure: Measure;
  direction: 'up' | 'down';
  /** `R`: stated in the decision that the plan comes from. `D`: derived by us from what it asks for. */
  stated: 'R' | 'D';
  /** Only units of these kinds; all kinds of the city (everything but provincial bodies) where absent. */
  unitKinds?: UnitKind[];
  /** Also computed for units of these kinds, shown beside, in no total. */
  beside?: UnitKind[];
  /** Exactly one is official; none where the kind is `open`. */
  rules: RuleChoice[];
  target: Target | null;
  numerator: Bilingual;
  denominator: Bilingual;
  exclusions?: Bilingual;
  /** The document, form or article, and what of it is our choice. */
  source: string;
  /** Events that move it (`dossier.returned`), and `clock` where time alone does. */
  movedBy: string[];
  /** Working hours within which an agency was heard from. */
  withinWorkingHours?: number;
  /** Whether declared state secrets are shown as left out of both sides. */
  secretExclusion?: boolean;
  /** What the sources leave open. A score never takes an indicator in of which something is open. */
  open?: Bilingual[];
}

export interface ScorePart {
  /** An indicator's or another score's id. */
  ref: string;
  /** A rule of the indicator; the official one where absent. */
  rule?: string;
  /** Full marks of this part in points, with at most three decimals; null where no source tells them. */
  max: number | null;
  /** Percent from which full marks are given, proportional below; 100 where absent. */
  fullAt?: number;
}

/** Points made from figures: Σ of its parts. */
export interface Score {
  id: string;
  nameVi: string;
  nameEn: string;
  /** Points; null where no source tells them. */
  max: number | null;
  parts: ScorePart[];
  open?: Bilingual[];
}

export interface Plan {
  plan: string;
  version: number;
  title: Bilingual;
  source: string;
  /** Local dates. */
  validFrom: string;
  validTo?: string;
  goals: { id: string; name: Bilingual }[];
  indicators: Indicator[];
  scores: Score[];
  /** Thresholds by which a late dossier is classed. */
  lateness: { clockToleranceSeconds: number; syncDelayMinutes: number; stampToleranceSeconds: number };
  /** Names of points out of 100, highest first; a band reaches from its edge up to below the next. */
  bands: { from: number; name: Bilingual }[];
}

/** Whether units of this kind have the figure and stand in its totals. */
export function appliesTo(indicator: Indicator, kind: UnitKind): boolean {
  return indicator.unitKinds === undefined ? kind !== 'provincial-body' : indicator.unitKinds.includes(kind);
}

/** Whether units of this kind have the figure for themselves alone: shown beside the city's, in no total. */
export function standsBeside(indicator: Indicator, kind: UnitKind): boolean {
  return indicator.beside?.includes(kind) ?? false;
}
