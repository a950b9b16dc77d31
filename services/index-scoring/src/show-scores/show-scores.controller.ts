import { Controller, Get, Query } from '@nestjs/common';
import { askedPeriod } from '@par/organisation';
import { Clock, Problem } from '@par/service-kit';
import { BasisRegister } from '../basis-register.ts';
import { FigureReader } from '../figure-reader.ts';
import { figureRows } from '../figure-rows.ts';
import { scoreOf, type ScoreOutcome } from '../plan-score.ts';

/** A score without its exact fraction, which no JSON number can hold. */
type ShownScore =
  | { ref: string; computed: true; max: number; thousandths: number; parts: ShownScore[] }
  | {
      ref: string;
      computed: false;
      max: number | null;
      reasons: { code: string; ref: string; vi: string; en: string }[];
      parts: ShownScore[];
    };

/**
 * Points made from the figures by the plans that are switched on: `GET /v1/scores?unit=&period=`. What the sources leave open makes a score "not computed", with
 * the reason, and never a smaller score.
 */
@Controller('v1/scores')
export class ShowScoresController {
  constructor(
    private readonly reader: FigureReader,
    private readonly basis: BasisRegister,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Query() query: { unit?: string; period?: string }): Promise<{ unit: string; period: string; scores: ShownScore[] }> {
    const now = this.clock.now();
    const period = askedPeriod(query.period, now);
    const basis = await this.basis.latest();
    const unit = query.unit === undefined ? basis.organisation.roots()[0] : basis.organisation.unit(query.unit);
    if (!unit) {
      throw new Problem({
        status: 404,
        code: 'unit.unknown',
        field: 'unit',
        title: { en: 'There is no such unit', vi: 'Không có đơn vị này' },
      });
    }
    const leaves = await this.reader.leaves(basis, period, now);
    const rows = figureRows(basis.plan, basis.organisation, leaves, { unit: unit.id, period }, now);
    const figures = new Map(rows.map((row) => [`${row.indicator} ${row.rule}`, row]));
    const scores = basis.plan.scores.map(({ id }) =>
      shown(scoreOf(basis.plan, id, (indicator, rule) => figures.get(`${indicator} ${rule}`))),
    );
    return { unit: unit.id, period, scores };
  }
}

function shown(outcome: ScoreOutcome): ShownScore {
  const parts = outcome.parts.map(shown);
  if (outcome.computed) return { ref: outcome.ref, computed: true, max: outcome.max, thousandths: outcome.thousandths, parts };
  const reasons = outcome.reasons.map(({ code, ref, text }) => ({ code, ref, ...text }));
  return { ref: outcome.ref, computed: false, max: outcome.max, reasons, parts };
}
