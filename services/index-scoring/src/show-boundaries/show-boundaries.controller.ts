import { Controller, Get, Query } from '@nestjs/common';
import { boundaryDayOf, type BoundaryRow, inBoundaries, type Label, RATIO, valueOf } from '@par/administration';
import { isLocalDate } from '@par/contracts';
import { askedPeriod } from '@par/organisation';
import { Clock, Problem } from '@par/service-kit';
import { BasisRegister } from '../basis-register.ts';
import { FigureReader } from '../figure-reader.ts';
import { appliesTo } from '../plan.ts';

/** A row of a figure in the boundaries of a day: its counts, and what unit or group of units it is about. */
export interface BoundaryFigure extends Pick<BoundaryRow<unknown>, 'key' | 'kind' | 'unit' | 'units' | 'related' | 'absorbs'> {
  name: Label;
  numerator: number;
  denominator: number;
  value: number | null;
}

export interface BoundaryAnswer {
  indicator: string;
  rule: string;
  period: string;
  /** Local date whose boundaries are used. */
  on: string;
  rows: BoundaryFigure[];
  /** Σ of the rows: the same in whatever boundaries. */
  total: { numerator: number; denominator: number };
}

/**
 * A counted figure in old or new boundaries: `GET /v1/boundaries?indicator=&rule=&period=&boundaries=old|new|YYYY-MM-DD`. Units that merged and split are laid
 * out as of one day; what cannot be told apart is a group of its own, nothing is divided by guess, and the total is conserved.
 */
@Controller('v1/boundaries')
export class ShowBoundariesController {
  constructor(
    private readonly reader: FigureReader,
    private readonly basis: BasisRegister,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(
    @Query() query: { indicator?: string; rule?: string; period?: string; boundaries?: string; city?: string },
  ): Promise<BoundaryAnswer> {
    const now = this.clock.now();
    const period = askedPeriod(query.period, now);
    const basis = await this.basis.latest();
    const indicator = basis.plan.indicators.find(({ id }) => id === query.indicator);
    const choice = indicator?.rules.find(({ rule, official }) => (query.rule === undefined ? official : rule === query.rule));
    if (indicator?.kind !== 'count' || !choice) {
      throw new Problem({
        status: 404,
        code: 'figure.unknown-indicator',
        field: 'indicator',
        title: { en: 'There is no such counted indicator', vi: 'Không có chỉ tiêu đếm này' },
      });
    }
    const on = dayOf(query.boundaries ?? 'new', period);
    const city = query.city ?? basis.organisation.roots()[0]?.id ?? '';
    const kinds = new Set(basis.organisation.units().flatMap(({ kind }) => (appliesTo(indicator, kind) ? kind : [])));
    const leaves = (await this.reader.leaves(basis, period, now, { indicator: indicator.id, rule: choice.rule }))
      .filter(({ rule, unit }) => {
        const found = basis.organisation.unit(unit);
        return rule === choice.rule && found?.city === city && appliesTo(indicator, found.kind);
      })
      .map(({ unit, numerator, denominator }) => ({ unit, value: { numerator, denominator } }));
    const rows = inBoundaries(basis.organisation, leaves, { on, sum: RATIO, city, kinds: [...kinds] });
    return {
      indicator: indicator.id,
      rule: choice.rule,
      period,
      on,
      rows: rows.map(({ key, kind, unit, units, related, absorbs, name, value }) => ({
        ...{ key, kind, unit, units, related, absorbs, name },
        ...value,
        value: valueOf(value.numerator, value.denominator, indicator.measure),
      })),
      total: rows.reduce((sum, { value }) => RATIO.add(sum, value), RATIO.zero),
    };
  }
}

function dayOf(boundaries: string, period: string): string {
  const day =
    boundaries === 'old' || boundaries === 'new' ? boundaryDayOf(period, boundaries) : isLocalDate(boundaries) ? boundaries : undefined;
  if (day !== undefined) return day;
  throw new Problem({
    status: 400,
    code: 'request.bad-boundaries',
    field: 'boundaries',
    title: {
      en: 'Boundaries are "old" or "new" (first or last day of the period; not with "all") or a date such as 2021-06-30',
      vi: 'Địa giới là "old" hoặc "new" (ngày đầu hoặc cuối kỳ; không dùng với "all") hoặc một ngày như 2021-06-30',
    },
  });
}
