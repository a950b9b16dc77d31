import { endOfPeriod, figureId, lastDayOf, type Organisation, type Period, stateOf, type Unit, valueOf } from '@par/administration';
import { type Baseline, type FigureRow } from '@par/contracts';
import { appliesTo, type Indicator, type Plan, standsBeside } from './plan.ts';

/** Σ of the counters of one leaf unit over the months asked for. */
export interface LeafFigure {
  indicator: string;
  rule: string;
  unit: string;
  numerator: number;
  denominator: number;
  lastEvent: { source: string; id: string; time: string } | null;
  /** ISO instant of the last count. */
  countedAt: string | null;
  baseline?: Baseline;
  secretExcluded?: number;
}

export interface FigureQuery {
  indicator?: string;
  unit?: string;
  period: Period;
}

/**
 * Lays figures out per unit and total. A unit's row is its own figure plus those of all units below it, whenever they were in force:
 * a merger inside the period loses nothing. Every unit in force during the period has a row, also without data.
 */
export function figureRows(
  plan: Plan,
  organisation: Organisation,
  leaves: readonly LeafFigure[],
  query: FigureQuery,
  now: Date,
): FigureRow[] {
  const byLeaf = new Map<string, LeafFigure[]>();
  for (const leaf of leaves) {
    const key = leafKey(leaf.indicator, leaf.rule, leaf.unit);
    const others = byLeaf.get(key);
    if (others) others.push(leaf);
    else byLeaf.set(key, [leaf]);
  }
  const places = placesOf(organisation, unitsToShow(organisation, leaves, query), query.period, now);
  const rows: FigureRow[] = [];
  for (const indicator of plan.indicators) {
    if (query.indicator !== undefined && query.indicator !== indicator.id) continue;
    for (const rule of indicator.rules) {
      for (const place of places) {
        const { unit, parts } = place;
        const beside = standsBeside(indicator, unit.kind);
        if (parts.length === 0 && !appliesTo(indicator, unit.kind) && !beside) continue;
        // What stands beside the city's goals is in no total but its own row.
        const own = [...(byLeaf.get(leafKey(indicator.id, rule.rule, unit.id)) ?? [])];
        for (const { kind, id } of parts) {
          if (appliesTo(indicator, kind)) own.push(...(byLeaf.get(leafKey(indicator.id, rule.rule, id)) ?? []));
        }
        rows.push(rowOf(indicator, rule, place, own, query.period, now));
      }
    }
  }
  return rows;
}

/** A unit with what is the same in all its rows. */
interface Place {
  unit: Unit;
  /** All below it; with none it is a leaf. */
  parts: Unit[];
  unitName: string;
  unitNameEn: string;
  cutOff: string;
}

function placesOf(organisation: Organisation, units: readonly Unit[], period: Period, now: Date): Place[] {
  const on = lastDayOf(period);
  return units.map((unit) => ({
    unit,
    parts: organisation.below(unit.id),
    unitName: organisation.nameOf(unit.id, on),
    unitNameEn: organisation.nameEnOf(unit.id, on),
    cutOff: cutOffOf(period, unit.timeZone, now),
  }));
}

function leafKey(indicator: string, rule: string, unit: string): string {
  return `${indicator} ${rule} ${unit}`;
}

function unitsToShow(organisation: Organisation, leaves: readonly LeafFigure[], { unit, period }: FigureQuery): Unit[] {
  if (unit !== undefined) {
    const found = organisation.unit(unit);
    return found ? [found] : [];
  }
  // A unit that counted in the period is shown whatever its dates say, or its dossiers would be in the total and nowhere else.
  const counted = new Set(leaves.map((leaf) => leaf.unit));
  const inForce = new Set(organisation.inForceDuring(period).map(({ id }) => id));
  return organisation.units().filter(({ id }) => inForce.has(id) || counted.has(id));
}

function rowOf(
  indicator: Indicator,
  { rule, version, official }: Indicator['rules'][number],
  { unit, parts, unitName, unitNameEn, cutOff }: Place,
  own: readonly LeafFigure[],
  period: Period,
  now: Date,
): FigureRow {
  const numerator = own.reduce((sum, leaf) => sum + leaf.numerator, 0);
  const denominator = own.reduce((sum, leaf) => sum + leaf.denominator, 0);
  const { measure } = indicator;
  const baseline = sumOfBaselines(own);
  const secrets = own.filter(({ secretExcluded }) => secretExcluded !== undefined);
  const lastCountedAt = own.reduce<string | null>(
    (latest, { countedAt }) => (countedAt !== null && (latest === null || countedAt > latest) ? countedAt : latest),
    null,
  );
  const lastEvent = own.reduce<LeafFigure['lastEvent']>(
    (latest, leaf) => (leaf.lastEvent && (!latest || leaf.lastEvent.time > latest.time) ? leaf.lastEvent : latest),
    null,
  );
  return {
    id: figureId({ indicator: indicator.id, rule, unit: unit.id, period }),
    indicator: indicator.id,
    unit: unit.id,
    unitName,
    unitNameEn,
    period,
    rule,
    ruleVersion: version,
    official,
    measure,
    numerator,
    denominator,
    value: valueOf(numerator, denominator, measure),
    target: indicator.target,
    ...(baseline ? { baseline } : {}),
    ...(secrets.length > 0 ? { secretExcluded: secrets.reduce((sum, leaf) => sum + (leaf.secretExcluded ?? 0), 0) } : {}),
    state: stateOf(numerator, denominator, indicator.target, { measure, baseline }),
    cutOff,
    lastEvent,
    freshness: {
      lastCountedAt,
      seconds: lastCountedAt === null ? null : Math.max(0, Math.round((now.getTime() - Date.parse(lastCountedAt)) / 1_000)),
    },
    ...(standsBeside(indicator, unit.kind) ? { beside: true } : {}),
    total: parts.length > 0,
  };
}

function sumOfBaselines(own: readonly LeafFigure[]): Baseline | undefined {
  return own.reduce<Baseline | undefined>((sum, { baseline }) => {
    if (!baseline || !sum) return sum ?? baseline;
    return { at: sum.at, numerator: sum.numerator + baseline.numerator, denominator: sum.denominator + baseline.denominator };
  }, undefined);
}

/** The end of the period in the unit's zone, or now while it lasts. */
export function cutOffOf(period: Period, timeZone: string, now: Date): string {
  const end = endOfPeriod(period, timeZone);
  return (end === undefined || end > now ? now : end).toISOString();
}
