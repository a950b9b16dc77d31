import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { endOfPeriod, monthsIn, type Organisation, parseFigureId, parsePeriod, type Period, type Unit } from '@par/administration';
import { type FigureRow } from '@par/contracts';
import { OrganisationRegister } from '@par/organisation';
import { Clock, Problem } from '@par/service-kit';
import { FigureReader } from '../figure-reader.ts';
import { type Indicator, PLAN, type Plan } from '../plan.ts';
import { PrismaService } from '../prisma.service.ts';
import { figureRows } from '../figure-rows.ts';
import { unitStates } from '../state-figures.ts';

const MOST_AT_ONCE = 1_000;

export interface Explanation {
  figure: FigureRow;
  part: 'numerator' | 'rest';
  /** Dossier codes (unit ids for a state figure) with the unit and month that they count in, and why they are not in the numerator. */
  items: { subject: string; unit: string; month: string; reasons: string[] }[];
  /** Give as `after` for the next page; null on the last one. */
  next: string | null;
}

/** Why a figure is what it is: the dossiers in its numerator, and those that are in its denominator only. */
@Controller('v1/figures')
export class ExplainFigureController {
  constructor(
    private readonly prisma: PrismaService,
    private readonly reader: FigureReader,
    private readonly register: OrganisationRegister,
    private readonly clock: Clock,
    @Inject(PLAN) private readonly plan: Plan,
  ) {}

  @Get(':id/why')
  async explain(@Param('id') id: string, @Query() query: { part?: string; after?: string; limit?: string }): Promise<Explanation> {
    const organisation = await this.register.latest();
    const { indicator, rule, unit, period } = this.#find(id, organisation);
    const part = query.part === 'rest' ? 'rest' : 'numerator';
    const limit = Math.min(Math.max(Number(query.limit ?? 100) || 100, 1), MOST_AT_ONCE);
    const now = this.clock.now();
    const leaves =
      indicator.kind === 'state'
        ? await this.reader.states(organisation, period, now, indicator.id)
        : await this.reader.counted(period, indicator.id);
    const figure = figureRows(this.plan, organisation, leaves, { indicator: indicator.id, unit: unit.id, period }, now).find(
      (row) => row.rule === rule,
    );
    if (!figure) throw unknownFigure();
    const units = [unit.id, ...organisation.below(unit.id).map((below) => below.id)];
    const items =
      indicator.kind === 'state'
        ? (await this.#unitItems(indicator, rule, organisation, units, unit, part, period, now)).filter(
            ({ subject }) => subject > (query.after ?? ''),
          )
        : await this.#caseItems(indicator.id, rule, units, period, part, query.after ?? '', limit);
    // One item more than the page was asked for: it tells whether there is a next page.
    const next = items.length > limit ? items[limit - 1]!.subject : null;
    return { figure, part, items: items.slice(0, limit), next };
  }

  #find(id: string, organisation: Organisation): { indicator: Indicator; rule: string; unit: Unit; period: Period } {
    const parts = parseFigureId(id);
    const indicator = this.plan.indicators.find((one) => one.id === parts?.indicator);
    const unit = parts && organisation.unit(parts.unit);
    const period = parts && parsePeriod(parts.period);
    if (!parts || !indicator || !unit || period === undefined || !indicator.rules.some((one) => one.rule === parts.rule))
      throw unknownFigure();
    return { indicator, rule: parts.rule, unit, period };
  }

  async #caseItems(
    indicator: string,
    rule: string,
    units: string[],
    period: Period,
    part: Explanation['part'],
    after: string,
    limit: number,
  ): Promise<Explanation['items']> {
    const months = monthsIn(period);
    const rows = await this.prisma.contribution.findMany({
      where: {
        indicator,
        rule,
        numerator: part === 'numerator' ? 1 : 0,
        unit: { in: units },
        subject: { gt: `case:${after}` },
        ...(months ? { month: { gte: months.from, lte: months.to } } : {}),
      },
      orderBy: { subject: 'asc' },
      take: limit + 1,
    });
    return rows.map(({ subject, unit, month, reasons }) => ({ subject: subject.slice('case:'.length), unit, month, reasons }));
  }

  async #unitItems(
    indicator: Indicator,
    rule: string,
    organisation: Organisation,
    units: string[],
    root: Unit,
    part: Explanation['part'],
    period: Period,
    now: Date,
  ): Promise<Explanation['items']> {
    const end = endOfPeriod(period, root.timeZone);
    const isOver = end !== undefined && end < now;
    if (isOver && rule === 'heard-within-hours') return [];
    const states = unitStates(indicator, rule, organisation, await this.reader.networkFacts(), isOver ? end : now);
    return states
      .filter(({ unit, numerator }) => units.includes(unit) && numerator === (part === 'numerator' ? 1 : 0))
      .map(({ unit, reasons }) => ({ subject: unit, unit, month: '', reasons }))
      .sort((a, b) => (a.subject < b.subject ? -1 : 1));
  }
}

function unknownFigure(): Problem {
  return new Problem({
    status: 404,
    code: 'figure.unknown',
    field: 'id',
    title: { en: 'There is no such figure', vi: 'Không có số liệu này' },
  });
}
