import { figureId, lastDayOf, type Organisation, type Period, stateOf, type Unit, valueOf } from '@par/administration';
import type { FigureRow } from '@par/contracts';
import type { Catalogue, Indicator } from './indicator.ts';

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

/** The event that was counted last. */
export type LastEvent = NonNullable<FigureRow['lastEvent']>;

export interface FigureQuestion {
  period: Period;
  /** Sums of the month counters inside the period. */
  counted: readonly CounterSum[];
  /** Counters of states: as they are now, or as they stood at the end of the asked year. */
  states: readonly CounterSum[];
  /** `now`, or the asked year where it is over. */
  statePeriod: string;
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
  isState: boolean;
  sums: Map<string, CounterSum>;
}

/** A unit of a city with what is the same in all its rows. */
interface Place {
  unit: Unit;
  /** The unit and all below it. */
  members: Unit[];
  names: { unitName: string; unitNameEn: string };
}

/** The rows of every city, its units, and each indicator and counting rule: goals first in their order, unknown indicators last. */
export function figuresOf(question: FigureQuestion): FigureRow[] {
  const { organisation, city: onlyCity, indicator: onlyIndicator } = question;
  const series = seriesOf(question).filter(({ id }) => onlyIndicator === undefined || id === onlyIndicator);
  const cities = organisation.roots().filter((root) => onlyCity === undefined || root.id === onlyCity);
  const rows: FigureRow[] = [];
  for (const city of cities) {
    const places = placesOf(city, question);
    const inForce = new Set(organisation.inForceDuring(question.period).map((unit) => unit.id));
    const stateDay = question.statePeriod === 'now' ? question.today(city) : (lastDayOf(question.statePeriod) ?? question.today(city));
    const inForceThen = new Set(organisation.inForce(stateDay).map((unit) => unit.id));
    const now = question.now.toISOString();
    const end = question.endOfPeriod(city);
    const cutOff = end !== undefined && end < question.now ? end.toISOString() : now;
    for (const one of series) {
      const { isState } = one;
      // A state is told of the units that exist on its day; a count stays with the unit that handled the dossier.
      const counts = (unit: Unit): boolean => !isState || inForceThen.has(unit.id);
      const shown = (unit: Unit): boolean =>
        one.sums.has(unit.id) ? counts(unit) : (isState ? inForceThen : inForce).has(unit.id) && concerns(one, unit);
      for (const place of places) {
        const { unit, members } = place;
        if (unit !== city && !shown(unit)) continue;
        const sums: CounterSum[] = [];
        for (const member of members) {
          const sum = one.sums.get(member.id);
          if (sum && counts(member) && (member === unit || !standsBeside(member))) sums.push(sum);
        }
        rows.push(rowOf(question, one, place, sums, one.period === 'now' ? now : cutOff));
      }
    }
  }
  return rows;
}

/** The city and its units, or the one that was asked for. */
function placesOf(city: Unit, { organisation, unit: onlyUnit, period }: FigureQuestion): Place[] {
  const on = lastDayOf(period);
  return [city, ...organisation.below(city.id)]
    .filter(({ id }) => onlyUnit === undefined || id === onlyUnit)
    .map((unit) => ({
      unit,
      members: [unit, ...organisation.below(unit.id)],
      names: { unitName: organisation.nameOf(unit.id, on), unitNameEn: organisation.nameEnOf(unit.id, on) },
    }));
}

/** Whether a silent unit is shown as "no data": the indicator, or this one counting rule of it, is about units of its kind. */
function concerns({ indicator, rule }: Series, unit: Unit): boolean {
  if (indicator === undefined) return false;
  if (standsBeside(unit)) return indicator.beside?.includes(unit.kind) ?? false;
  const kinds = indicator.rules.find(({ id }) => id === rule)?.unitKinds ?? indicator.unitKinds;
  return kinds.includes(unit.kind) && (indicator.agenciesOnly !== true || unit.agency);
}

/** A body of the province works at the city's one-stop and is not the city's: it has rows of its own and is in no total. */
function standsBeside(unit: Unit): boolean {
  return unit.kind === 'provincial-body';
}

/** Every (indicator, rule) to show: what was published, and what the catalogue names, so that silence shows as "no data" and is not missing. */
function seriesOf({ counted, states, catalogue, period, statePeriod }: FigureQuestion): Series[] {
  const found = new Map<string, Series>();
  const known = new Map(catalogue.indicators.map((indicator) => [indicator.id, indicator]));
  const take = (sum: CounterSum, isState: boolean): void => {
    const key = `${sum.indicator} ${sum.rule} ${isState}`;
    let one = found.get(key);
    if (!one) {
      one = {
        indicator: known.get(sum.indicator),
        id: sum.indicator,
        rule: sum.rule,
        ruleVersion: sum.ruleVersion,
        period: isState ? statePeriod : period,
        isState,
        sums: new Map(),
      };
      found.set(key, one);
    }
    one.ruleVersion = Math.max(one.ruleVersion, sum.ruleVersion);
    one.sums.set(sum.unit, sum);
  };
  for (const sum of counted) take(sum, false);
  for (const sum of states) take(sum, true);
  for (const indicator of catalogue.indicators) {
    for (const rule of indicator.rules) {
      const isState = indicator.kind === 'state';
      const key = `${indicator.id} ${rule.id} ${isState}`;
      if (!found.has(key))
        found.set(key, {
          indicator,
          id: indicator.id,
          rule: rule.id,
          ruleVersion: rule.version ?? 1,
          period: isState ? statePeriod : period,
          isState,
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

function rowOf(
  { now }: FigureQuestion,
  series: Series,
  { unit, members, names }: Place,
  sums: readonly CounterSum[],
  cutOff: string,
): FigureRow {
  const numerator = sums.reduce((sum, one) => sum + one.numerator, 0);
  const denominator = sums.reduce((sum, one) => sum + one.denominator, 0);
  const target = series.indicator?.target ?? null;
  const measure = series.indicator?.measure ?? 'share';
  const lastCountedAt = latest(sums.map((one) => one.countedAt));
  return {
    id: figureId({ indicator: series.id, rule: series.rule, unit: unit.id, period: series.period }),
    indicator: series.id,
    unit: unit.id,
    ...names,
    period: series.period,
    rule: series.rule,
    ruleVersion: series.ruleVersion,
    official: series.indicator?.rules.find(({ id }) => id === series.rule)?.official ?? false,
    measure,
    numerator,
    denominator,
    value: valueOf(numerator, denominator, measure),
    target,
    ...(standsBeside(unit) && { beside: true }),
    // What a figure was at the start of the year is not published, so one that must not fall is a figure to watch.
    state: stateOf(numerator, denominator, target, { measure }),
    cutOff,
    lastEvent: newestEvent(sums),
    freshness: {
      lastCountedAt: lastCountedAt?.toISOString() ?? null,
      seconds: lastCountedAt === null ? null : Math.max(0, Math.floor((now.getTime() - lastCountedAt.getTime()) / 1000)),
    },
    total: members.length > 1,
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
