import { Injectable } from '@nestjs/common';
import { monthsIn, type Period } from '@par/administration';
import { type Basis } from './basis.ts';
import { type LeafFigure } from './figure-rows.ts';
import { byTimeThenIdentity } from './kept-event.ts';
import { PrismaService } from './prisma.service.ts';
import { StateReader } from './state-reader.ts';
import { type StateFacts, type StateItem, type StateWorld } from './state-world.ts';

/** Reads what figures are laid out from. */
@Injectable()
export class FigureReader {
  constructor(
    private readonly prisma: PrismaService,
    private readonly states: StateReader,
  ) {}

  /** Everything that a page of figures is laid out from: counters and states of leaf units. */
  async leaves(basis: Basis, period: Period, now: Date, indicator?: string): Promise<LeafFigure[]> {
    return [...(await this.#counted(basis, period, indicator)), ...(await this.#states(basis, period, now, indicator))];
  }

  /** Counters of leaf units, summed over the months of a period. */
  async #counted(basis: Basis, period: Period, indicator?: string): Promise<LeafFigure[]> {
    const wanted = basis.plan.indicators.filter(({ id, kind }) => kind === 'count' && (indicator === undefined || id === indicator));
    if (wanted.length === 0) return [];
    const months = monthsIn(period);
    const counters = await this.prisma.counter.findMany({
      where: {
        // One that went back to nothing is the same as one that never was.
        NOT: { numerator: 0, denominator: 0 },
        ...(months ? { month: { gte: months.from, lte: months.to } } : {}),
        ...(indicator === undefined ? {} : { indicator }),
      },
    });
    const sums = new Map<string, LeafFigure>();
    for (const counter of counters) {
      const key = `${counter.indicator} ${counter.rule} ${counter.unit}`;
      const sum = sums.get(key) ?? { ...emptyLeaf(counter.indicator, counter.rule, counter.unit) };
      sum.numerator += Number(counter.numerator);
      sum.denominator += Number(counter.denominator);
      const countedAt = counter.countedAt.toISOString();
      if (sum.countedAt === null || countedAt > sum.countedAt) sum.countedAt = countedAt;
      if (counter.lastSource !== '') sum.lastEvent = newerOf(sum.lastEvent, counter);
      sums.set(key, sum);
    }
    if (!wanted.some(({ secretExclusion }) => secretExclusion)) return [...sums.values()];
    return [...sums.values(), ...(await this.#secretCounts(basis, period))];
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

/** The newer of two deciding events: by when it happened, then by identity. */
function newerOf(
  known: LeafFigure['lastEvent'],
  { lastSource, lastId, lastTime }: { lastSource: string; lastId: string; lastTime: Date },
): LeafFigure['lastEvent'] {
  const last = { source: lastSource, id: lastId, time: lastTime.toISOString() };
  return known && byTimeThenIdentity(known, last) > 0 ? known : last;
}

function leavesOf(indicator: string, rule: string, items: readonly StateItem[], facts: StateFacts | undefined): Map<string, LeafFigure> {
  const leaves = new Map<string, LeafFigure>();
  for (const { unit, numerator, denominator } of items) {
    const leaf = leaves.get(unit) ?? { ...emptyLeaf(indicator, rule, unit), countedAt: facts?.lastHeard.get(unit) ?? null };
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
