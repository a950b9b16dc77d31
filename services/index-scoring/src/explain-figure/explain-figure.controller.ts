import { Controller, Get, Param, Query } from '@nestjs/common';
import { parseFigureId, parsePeriod, type Period, type Unit } from '@par/administration';
import { type FigureRow } from '@par/contracts';
import { Clock, Problem } from '@par/service-kit';
import { type Basis } from '../basis.ts';
import { BasisRegister } from '../basis-register.ts';
import { FigureReader } from '../figure-reader.ts';
import { figureRows } from '../figure-rows.ts';
import { appliesTo, type Indicator } from '../plan.ts';
import { StateReader } from '../state-reader.ts';
import { BehindFigure, cursorOf } from './behind-figure.query.ts';

const MOST_AT_ONCE = 1_000;

export interface Explanation {
  figure: FigureRow;
  part: 'numerator' | 'rest';
  /**
   * What is behind it: dossier codes, declared records (`declared:…`), or for a state figure units and procedures, with unit and month that they count in,
   * how much they give, and why they are not in the numerator.
   */
  items: { subject: string; unit: string; month: string; reasons: string[]; numerator?: number; denominator?: number }[];
  /** Give as `after` for the next page; null on the last one. */
  next: string | null;
}

/** Why a figure is what it is: the dossiers in its numerator, and those that are in its denominator only. */
@Controller('v1/figures')
export class ExplainFigureController {
  constructor(
    private readonly behind: BehindFigure,
    private readonly reader: FigureReader,
    private readonly states: StateReader,
    private readonly basis: BasisRegister,
    private readonly clock: Clock,
  ) {}

  @Get(':id/why')
  async explain(@Param('id') id: string, @Query() query: { part?: string; after?: string; limit?: string }): Promise<Explanation> {
    const basis = await this.basis.latest();
    const asked = find(id, basis);
    const { indicator, rule, unit, period } = asked;
    const part = query.part === 'rest' ? 'rest' : 'numerator';
    const limit = Math.min(Math.max(Number(query.limit ?? 100) || 100, 1), MOST_AT_ONCE);
    const now = this.clock.now();
    const units = [unit, ...basis.organisation.below(unit.id).filter(({ kind }) => appliesTo(indicator, kind))].map((each) => each.id);
    const figure = figureRows(
      basis.plan,
      basis.organisation,
      await this.reader.leaves(basis, period, now, { indicator: indicator.id, rule, units }),
      { indicator: indicator.id, unit: unit.id, period },
      now,
    ).find((row) => row.rule === rule);
    if (!figure) throw unknownFigure();
    const page = { units, part, after: query.after ?? '', limit: limit + 1 } as const;
    const items =
      indicator.kind === 'state'
        ? await this.#stateItems(asked, basis, page, now)
        : await this.behind.items({ indicator: indicator.id, rule, period, ...page });
    // One item more than the page was asked for: it tells whether there is a next page.
    const last = items.length > limit ? items[limit - 1] : undefined;
    const next = last ? (indicator.kind === 'state' ? last.subject : cursorOf(last)) : null;
    return { figure, part, items: items.slice(0, limit), next };
  }

  async #stateItems({ indicator, rule, unit, period }: Asked, basis: Basis, page: Page, now: Date): Promise<Explanation['items']> {
    const city = basis.organisation.unit(unit.city)!;
    const world = this.states.world(city, basis, await this.states.facts(), period, now);
    if (this.states.dossiers.has(rule)) {
      const items = await this.states.dossiers.items(rule, world, page);
      return items.map(({ subject, unit: at, reasons }) => ({ subject, unit: at, month: '', reasons }));
    }
    return (await this.states.items(indicator, rule, world))
      .filter((item) => page.units.includes(item.unit) && item.subject > page.after)
      .filter(({ numerator, denominator }) =>
        page.part === 'numerator' ? numerator > 0 : indicator.measure === 'share' && numerator < denominator,
      )
      .map(({ subject, unit: at, reasons, numerator, denominator }) => ({
        subject,
        unit: at,
        month: '',
        reasons,
        ...(denominator === 1 ? {} : { numerator, denominator }),
      }))
      .sort((a, b) => (a.subject < b.subject ? -1 : 1));
  }
}

interface Asked {
  indicator: Indicator;
  rule: string;
  unit: Unit;
  period: Period;
}

interface Page {
  units: string[];
  part: Explanation['part'];
  after: string;
  limit: number;
}

function find(id: string, { plan, organisation }: Basis): Asked {
  const parts = parseFigureId(id);
  const indicator = plan.indicators.find((one) => one.id === parts?.indicator);
  const unit = parts && organisation.unit(parts.unit);
  const period = parts && parsePeriod(parts.period);
  if (!parts || !indicator || !unit || period === undefined || !indicator.rules.some((one) => one.rule === parts.rule))
    throw unknownFigure();
  return { indicator, rule: parts.rule, unit, period };
}

function unknownFigure(): Problem {
  return new Problem({
    status: 404,
    code: 'figure.unknown',
    field: 'id',
    title: { en: 'There is no such figure', vi: 'Không có số liệu này' },
  });
}
