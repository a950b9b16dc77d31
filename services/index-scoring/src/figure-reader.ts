import { Injectable } from '@nestjs/common';
import { monthsIn, type Period } from '@par/administration';
import { Database } from '@par/service-kit';
import { type Basis } from './basis.ts';
import { type LeafFigure } from './figure-rows.ts';
import { StateReader } from './state-reader.ts';
import { type StateFacts, type StateItem, type StateWorld } from './state-world.ts';

interface CounterSum {
  indicator: string;
  rule: string;
  unit: string;
  numerator: number;
  denominator: number;
  countedAt: Date;
  /** Time (ISO), source and id of the newest deciding event. */
  last: string[] | null;
}

/** Which figures are wanted; all of them where nothing is said. */
export interface WantedFigures {
  indicator?: string;
  rule?: string;
  /** Ids of leaf units. */
  units?: readonly string[];
}

/**
 * Sums of the months from $1 to $2. A counter that went back to nothing is the same as one that never was. The newest deciding event is the greatest of
 * (time, source, id), as in a fold.
 */
const sumsWhere = (conditions: string): string => `
  SELECT indicator, rule, unit, sum(numerator)::bigint AS numerator, sum(denominator)::bigint AS denominator, max(counted_at) AS "countedAt",
         max(array[to_char(last_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), last_source COLLATE "C", last_id COLLATE "C"])
           FILTER (WHERE last_source <> '') AS last
  FROM counter
  WHERE month BETWEEN $1 AND $2 AND (numerator <> 0 OR denominator <> 0)${conditions}
  GROUP BY indicator, rule, unit`;

/** Reads what figures are laid out from. */
@Injectable()
export class FigureReader {
  constructor(
    private readonly database: Database,
    private readonly states: StateReader,
  ) {}

  /** Everything that a page of figures is laid out from: counters and states of leaf units. */
  async leaves(basis: Basis, period: Period, now: Date, wanted: WantedFigures = {}): Promise<LeafFigure[]> {
    const [counted, states] = await Promise.all([this.#counted(basis, period, wanted), this.#states(basis, period, now, wanted.indicator)]);
    return [...counted, ...states];
  }

  /** Counters of leaf units, summed over the months of a period. */
  async #counted(basis: Basis, period: Period, { indicator, rule, units }: WantedFigures): Promise<LeafFigure[]> {
    const counted = basis.plan.indicators.filter(({ id, kind }) => kind === 'count' && (indicator === undefined || id === indicator));
    if (counted.length === 0) return [];
    const { from, to } = monthsIn(period) ?? { from: '0000-00', to: '9999-99' };
    const asked = Object.entries({ indicator, rule, unit: units }).filter(([, value]) => value !== undefined);
    // A text for each choice of columns, so that each has a plan of its own.
    const conditions = asked.map(
      ([column], index) => ` AND ${column} = ${column === 'unit' ? `ANY($${index + 3}::text[])` : `$${index + 3}`}`,
    );
    const rows = await this.database.query<CounterSum>(sumsWhere(conditions.join('')), [from, to, ...asked.map(([, value]) => value)]);
    const sums = rows.map(({ last, countedAt, ...sum }): LeafFigure => {
      const [time, source, id] = last ?? [];
      const lastEvent = time !== undefined && source !== undefined && id !== undefined ? { source, id, time } : null;
      return { ...sum, lastEvent, countedAt: countedAt.toISOString() };
    });
    if (!counted.some(({ secretExclusion }) => secretExclusion)) return sums;
    return [...sums, ...(await this.#secretCounts(basis, period))];
  }

  /** State secrets left out, told for whole years only: a small count of a short period may disclose (domain 9). */
  async #secretCounts({ plan }: Basis, period: Period): Promise<LeafFigure[]> {
    if (period.includes('-')) return [];
    const counts = this.states.secretCounts(await this.states.facts(), monthsIn(period));
    return plan.indicators
      .filter(({ secretExclusion }) => secretExclusion)
      .flatMap(({ id, rules }) =>
        rules.flatMap(({ rule }) => [...counts].map(([unit, secretExcluded]) => ({ ...emptyLeaf(id, rule, unit), secretExcluded }))),
      );
  }

  /** State figures of leaf units at the end of the period, or now while it lasts. */
  async #states(basis: Basis, period: Period, now: Date, indicator?: string): Promise<LeafFigure[]> {
    const wanted = basis.plan.indicators.filter((one) => one.kind === 'state' && (indicator === undefined || one.id === indicator));
    if (wanted.length === 0) return [];
    const facts = await this.states.facts();
    const leaves: LeafFigure[] = [];
    for (const city of basis.organisation.roots()) {
      const world = this.states.world(city, basis, facts, period, now);
      for (const one of wanted) {
        for (const { rule } of one.rules) {
          const found = leavesOf(
            one.id,
            rule,
            await this.states.items(one, rule, world),
            rule === 'heard-within-hours' ? facts : undefined,
          );
          if (one.target?.op === 'not-falling') {
            const before = this.states.worldAtStartOfYear(world, basis);
            addBaseline(found, one.id, rule, await this.states.items(one, rule, before), before);
          }
          leaves.push(...found.values());
        }
      }
    }
    return leaves;
  }
}

function emptyLeaf(indicator: string, rule: string, unit: string): LeafFigure {
  return { indicator, rule, unit, numerator: 0, denominator: 0, lastEvent: null, countedAt: null };
}

function leavesOf(indicator: string, rule: string, items: readonly StateItem[], facts: StateFacts | undefined): Map<string, LeafFigure> {
  const leaves = new Map<string, LeafFigure>();
  for (const { unit, numerator, denominator, seenAt } of items) {
    const leaf = leaves.get(unit) ?? { ...emptyLeaf(indicator, rule, unit), countedAt: facts?.lastHeard.get(unit) ?? seenAt ?? null };
    leaf.numerator += numerator;
    leaf.denominator += denominator;
    leaves.set(unit, leaf);
  }
  return leaves;
}

function addBaseline(
  leaves: Map<string, LeafFigure>,
  indicator: string,
  rule: string,
  items: readonly StateItem[],
  before: StateWorld,
): void {
  for (const { unit, numerator, denominator } of items) {
    const leaf = leaves.get(unit) ?? emptyLeaf(indicator, rule, unit);
    const baseline = leaf.baseline ?? { at: before.at, numerator: 0, denominator: 0 };
    leaves.set(unit, {
      ...leaf,
      baseline: { ...baseline, numerator: baseline.numerator + numerator, denominator: baseline.denominator + denominator },
    });
  }
}
