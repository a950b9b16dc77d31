import type { Organisation, Period, Unit } from '@par/administration';
import { type Catalogue, type FigureState, type Indicator, judge, type Target } from './indicator.ts';

/** Published counters of one leaf unit, summed over the months of the asked period. */
export interface CounterSum {
  indicator: string;
  rule: string;
  ruleVersion: number;
  unit: string;
  numerator: number;
  denominator: number;
  /** When index-scoring last changed one of these counters. */
  countedAt: Date | null;
  lastEvent: LastEvent | null;
}

export interface LastEvent {
  source: string;
  id: string;
  /** ISO instant. */
  time: string;
}

/** One figure as `GET /v1/figures` answers it. A percentage is never stored: `value` is made here, 0..100 and unrounded. */
export interface FigureRow {
  id: string;
  indicator: string;
  unit: string;
  unitName: string;
  unitNameEn: string;
  /** The asked period, or `now` for a figure that is a state. */
  period: string;
  rule: string;
  ruleVersion: number;
  numerator: number;
  denominator: number;
  value: number | null;
  target: Target | null;
  state: FigureState;
  /** ISO instant up to which the figure tells: now, or the end of a period that is over. */
  cutOff: string;
  lastEvent: LastEvent | null;
  freshness: { lastCountedAt: string | null; seconds: number | null };
  /** Whether it is the sum of the units below. */
  total: boolean;
}

export interface FigureQuestion {
  period: Period;
  /** Sums of the month counters inside the period. */
  counted: readonly CounterSum[];
  /** Counters of period `now`. */
  states: readonly CounterSum[];
  organisation: Organisation;
  catalogue: Catalogue;
  now: Date;
  /** Local date of a city today, and the instant at which the period ends there. */
  today: (city: Unit) => string;
  endOfPeriod: (city: Unit) => Date | undefined;
  /** Only the units of this city (root unit). */
  city?: string;
  indicator?: string;
  unit?: string;
}

interface Series {
  indicator: Indicator | undefined;
  id: string;
  rule: string;
  ruleVersion: number;
  period: string;
  sums: Map<string, CounterSum>;
}

/** The rows of every city, its units, and each indicator and counting rule: goals first in their order, unknown indicators last. */
export function figuresOf(question: FigureQuestion): FigureRow[] {
  const { organisation, city: onlyCity } = question;
  const series = seriesOf(question);
  const cities = organisation.roots().filter((root) => onlyCity === undefined || root.id === onlyCity);
  const rows: FigureRow[] = [];
  for (const city of cities) {
    const below = organisation.below(city.id);
    const today = question.today(city);
    const inForce = new Set(organisation.inForceDuring(question.period).map((unit) => unit.id));
    const inForceToday = new Set(organisation.inForce(today).map((unit) => unit.id));
    for (const one of series) {
      if (question.indicator !== undefined && one.id !== question.indicator) continue;
      const isState = one.period === 'now';
      // A state is told of the units that exist today; a count stays with the unit that handled the dossier.
      const counts = (unit: Unit): boolean => !isState || inForceToday.has(unit.id);
      const shown = (unit: Unit): boolean =>
        one.sums.has(unit.id) ? counts(unit) : (isState ? inForceToday : inForce).has(unit.id) && concerns(one.indicator, unit);
      for (const unit of [city, ...below]) {
        if (question.unit !== undefined && unit.id !== question.unit) continue;
        if (unit !== city && !shown(unit)) continue;
        const members = unit === city ? [city, ...below] : [unit, ...organisation.below(unit.id)];
        const sums = members.filter(counts).flatMap((member) => one.sums.get(member.id) ?? []);
        rows.push(rowOf(question, one, city, unit, sums, members.length > 1));
      }
    }
  }
  return rows;
}

function concerns(indicator: Indicator | undefined, unit: Unit): boolean {
  return indicator !== undefined && indicator.unitKinds.includes(unit.kind) && (indicator.kind === 'count' || unit.agency);
}

/**
 * Every (indicator, rule) to show: the rules that were published; for an indicator of which nothing was
 * published yet, the rules that the catalogue names, so that it shows as "no data" and is not missing.
 */
function seriesOf({ counted, states, catalogue, period }: FigureQuestion): Series[] {
  const found = new Map<string, Series>();
  const known = new Map(catalogue.indicators.map((indicator) => [indicator.id, indicator]));
  const take = (sum: CounterSum, shownPeriod: string): void => {
    const key = `${sum.indicator} ${sum.rule} ${shownPeriod}`;
    let one = found.get(key);
    if (!one) {
      one = {
        indicator: known.get(sum.indicator),
        id: sum.indicator,
        rule: sum.rule,
        ruleVersion: sum.ruleVersion,
        period: shownPeriod,
        sums: new Map(),
      };
      found.set(key, one);
    }
    one.ruleVersion = Math.max(one.ruleVersion, sum.ruleVersion);
    one.sums.set(sum.unit, sum);
  };
  for (const sum of counted) take(sum, period);
  for (const sum of states) take(sum, 'now');
  const published = new Set([...found.values()].map((one) => one.id));
  for (const indicator of catalogue.indicators) {
    if (published.has(indicator.id)) continue;
    for (const rule of indicator.rules) {
      const shownPeriod = indicator.kind === 'state' ? 'now' : period;
      found.set(`${indicator.id} ${rule.id}`, {
        indicator,
        id: indicator.id,
        rule: rule.id,
        ruleVersion: 1,
        period: shownPeriod,
        sums: new Map(),
      });
    }
  }
  const position = new Map(catalogue.indicators.map((indicator, index) => [indicator.id, index]));
  return [...found.values()].sort(
    (a, b) =>
      (position.get(a.id) ?? Infinity) - (position.get(b.id) ?? Infinity) ||
      compareText(a.id, b.id) ||
      ruleOrder(a) - ruleOrder(b) ||
      compareText(a.rule, b.rule),
  );
}

/** The catalogue's order of rules: the official one first, rules that it does not name last. */
function ruleOrder({ indicator, rule }: Series): number {
  const index = indicator?.rules.findIndex(({ id }) => id === rule) ?? -1;
  return index === -1 ? 99 : index;
}

function rowOf(question: FigureQuestion, series: Series, city: Unit, unit: Unit, sums: readonly CounterSum[], total: boolean): FigureRow {
  const { organisation, now } = question;
  const numerator = sums.reduce((sum, one) => sum + one.numerator, 0);
  const denominator = sums.reduce((sum, one) => sum + one.denominator, 0);
  // Only the official rule's figure is held against the target; the others are shown beside it.
  const official = series.indicator?.rules.find(({ id }) => id === series.rule)?.official ?? false;
  const target = official ? (series.indicator?.target ?? null) : null;
  const lastCountedAt = latest(sums.map((one) => one.countedAt));
  const end = series.period === 'now' ? undefined : question.endOfPeriod(city);
  return {
    id: figureId({ indicator: series.id, rule: series.rule, unit: unit.id, period: series.period }),
    indicator: series.id,
    unit: unit.id,
    unitName: organisation.nameOf(unit.id),
    unitNameEn: organisation.nameEnOf(unit.id),
    period: series.period,
    rule: series.rule,
    ruleVersion: series.ruleVersion,
    numerator,
    denominator,
    value: denominator === 0 ? null : (numerator / denominator) * 100,
    target,
    state: judge(numerator, denominator, target),
    cutOff: (end !== undefined && end < now ? end : now).toISOString(),
    lastEvent: newestEvent(sums),
    freshness: {
      lastCountedAt: lastCountedAt?.toISOString() ?? null,
      seconds: lastCountedAt === null ? null : Math.max(0, Math.floor((now.getTime() - lastCountedAt.getTime()) / 1000)),
    },
    total,
  };
}

function latest(dates: readonly (Date | null)[]): Date | null {
  return dates.reduce((newest, date) => (date !== null && (newest === null || date > newest) ? date : newest), null);
}

/** The newest by time; of two at the same instant the greater identity, so that the answer does not depend on the order. */
function newestEvent(sums: readonly CounterSum[]): LastEvent | null {
  const orderOf = (event: LastEvent): string => `${event.time} ${event.source} ${event.id}`;
  return sums.reduce<LastEvent | null>(
    (newest, { lastEvent }) => (lastEvent && (!newest || orderOf(lastEvent) > orderOf(newest)) ? lastEvent : newest),
    null,
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export interface FigureKey {
  indicator: string;
  rule: string;
  unit: string;
  period: string;
}

/** Name of a figure in paths: `G1-ONTIME~due-date~hue~2021`. */
export function figureId({ indicator, rule, unit, period }: FigureKey): string {
  return [indicator, rule, unit, period].join('~');
}

export function parseFigureId(text: string): FigureKey | undefined {
  const [indicator, rule, unit, period, ...rest] = text.split('~');
  if (!indicator || !rule || !unit || !period || rest.length > 0) return undefined;
  return { indicator, rule, unit, period };
}
