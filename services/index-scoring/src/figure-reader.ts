import { Inject, Injectable } from '@nestjs/common';
import { endOfPeriod, monthsIn, type Organisation, type Period } from '@par/administration';
import { type KeptEvent } from './case-fact.ts';
import { foldConnection } from './link-fact.ts';
import { PLAN, type Plan } from './plan.ts';
import { PrismaService } from './prisma.service.ts';
import { type LeafFigure } from './figure-rows.ts';
import { type NetworkFacts, type UnitState, unitStates } from './state-figures.ts';

/** Reads what figures are laid out from. */
@Injectable()
export class FigureReader {
  constructor(
    private readonly prisma: PrismaService,
    @Inject(PLAN) private readonly plan: Plan,
  ) {}

  /** Counters of leaf units, summed over the months of a period. */
  async counted(period: Period, indicator?: string): Promise<LeafFigure[]> {
    const months = monthsIn(period);
    const counters = await this.prisma.counter.findMany({
      where: { ...(months ? { month: { gte: months.from, lte: months.to } } : {}), ...(indicator === undefined ? {} : { indicator }) },
    });
    const sums = new Map<string, LeafFigure>();
    for (const counter of counters) {
      const key = `${counter.indicator} ${counter.rule} ${counter.unit}`;
      const sum = sums.get(key) ?? {
        indicator: counter.indicator,
        rule: counter.rule,
        unit: counter.unit,
        numerator: 0,
        denominator: 0,
        lastEvent: null,
        countedAt: null,
      };
      sum.numerator += Number(counter.numerator);
      sum.denominator += Number(counter.denominator);
      const countedAt = counter.countedAt.toISOString();
      if (sum.countedAt === null || countedAt > sum.countedAt) sum.countedAt = countedAt;
      if (counter.lastSource !== '') {
        const lastEvent = { source: counter.lastSource, id: counter.lastId, time: counter.lastTime.toISOString() };
        if (!sum.lastEvent || lastEvent.time > sum.lastEvent.time) sum.lastEvent = lastEvent;
      }
      sums.set(key, sum);
    }
    return [...sums.values()];
  }

  async networkFacts(): Promise<NetworkFacts> {
    const links = await this.prisma.subject.findMany({ where: { key: { startsWith: 'link:' } } });
    const heard = await this.prisma.heard.findMany({ where: { network: 'tslcd' } });
    return {
      connections: new Map(links.map((row) => [row.key.slice('link:'.length), foldConnection(row.events as unknown as KeptEvent[])])),
      lastHeard: new Map(heard.map((row) => [row.unit, row.lastAt.toISOString()])),
    };
  }

  /**
   * State figures of leaf units at the end of the period, or now while it lasts. "Heard from lately" is known for now only: of a period that
   * is over there is no data, and silence is not zero.
   */
  async states(organisation: Organisation, period: Period, now: Date, indicator?: string): Promise<LeafFigure[]> {
    const wanted = this.plan.indicators.filter((one) => one.kind === 'state' && (indicator === undefined || one.id === indicator));
    if (wanted.length === 0) return [];
    const facts = await this.networkFacts();
    return wanted.flatMap((one) =>
      one.rules.flatMap(({ rule }) =>
        organisation.roots().flatMap((root) => {
          const end = endOfPeriod(period, root.timeZone);
          const isOver = end !== undefined && end < now;
          if (isOver && rule === 'heard-within-hours') return [];
          const cityUnits = new Set([root.id, ...organisation.below(root.id).map(({ id }) => id)]);
          const states = unitStates(one, rule, organisation, facts, isOver ? end : now).filter(({ unit }) => cityUnits.has(unit));
          return states.map((state) => leafOf(one.id, rule, state, facts));
        }),
      ),
    );
  }
}

function leafOf(indicator: string, rule: string, state: UnitState, facts: NetworkFacts): LeafFigure {
  return {
    indicator,
    rule,
    unit: state.unit,
    numerator: state.numerator,
    denominator: 1,
    lastEvent: null,
    countedAt: rule === 'heard-within-hours' ? (facts.lastHeard.get(state.unit) ?? null) : null,
  };
}
