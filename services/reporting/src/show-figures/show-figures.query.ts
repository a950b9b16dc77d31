import { Injectable } from '@nestjs/common';
import { endOfPeriod, localDate, monthsIn, type Period } from '@par/administration';
import type { FigureRow } from '@par/contracts';
import { OrganisationRegister } from '@par/organisation';
import { Clock } from '@par/service-kit';
import { type CounterSum, figuresOf } from '../figure.ts';
import { readCatalogue } from '../indicator.ts';
import { ReadModel } from '../read-model.ts';

interface SumRow {
  indicator: string;
  rule: string;
  rule_version: number;
  unit: string;
  is_state: boolean;
  numerator: number | bigint;
  denominator: number | bigint;
  counted_at: Date | null;
  last_event: string[] | null;
}

export interface FigureFilter {
  period: Period;
  city?: string;
  indicator?: string;
  unit?: string;
}

/** Figures from what was published: month counters summed into the asked period, states as they are now. */
@Injectable()
export class ShowFiguresQuery {
  readonly #catalogue = readCatalogue();

  constructor(
    private readonly readModel: ReadModel,
    private readonly register: OrganisationRegister,
    private readonly clock: Clock,
  ) {}

  async figures({ period, ...filter }: FigureFilter): Promise<FigureRow[]> {
    const now = this.clock.now();
    const organisation = await this.register.latest();
    // A year that is over in every city has its states as they stood at its end; all else shows what holds now.
    const isOver = /^\d{4}$/.test(period) && organisation.roots().every((city) => (endOfPeriod(period, city.timeZone) ?? now) < now);
    const statePeriod = isOver ? period : 'now';
    const sums = await this.#sums(period, statePeriod);
    return figuresOf({
      ...filter,
      period,
      counted: sums.filter((row) => !row.is_state).map(counterSum),
      states: sums.filter((row) => row.is_state).map(counterSum),
      statePeriod,
      organisation,
      catalogue: this.#catalogue,
      now,
      today: (city) => localDate(now, city.timeZone),
      endOfPeriod: (city) => endOfPeriod(period, city.timeZone),
    });
  }

  async #sums(period: Period, statePeriod: string): Promise<SumRow[]> {
    const { from, to } = monthsIn(period) ?? { from: '0000-00', to: '9999-99' };
    // A counter that went back to nothing is the same as one that never was.
    // The newest event of several months is the greatest of (time, source, id), so the answer is the same in any order of rows.
    return this.readModel.prisma.$queryRaw<SumRow[]>`
      SELECT indicator, rule, unit, period = ${statePeriod} AS is_state, max(rule_version) AS rule_version,
             sum(numerator)::bigint AS numerator, sum(denominator)::bigint AS denominator, max(counted_at) AS counted_at,
             max(array[to_char(last_event_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), last_event_source, last_event_id])
               FILTER (WHERE last_event_id IS NOT NULL) AS last_event
      FROM figure_counter
      WHERE (length(period) = 7 AND period BETWEEN ${from} AND ${to} AND (numerator <> 0 OR denominator <> 0)) OR period = ${statePeriod}
      GROUP BY indicator, rule, unit, 4`;
  }
}

function counterSum(row: SumRow): CounterSum {
  const [time, source, id] = row.last_event ?? [];
  return {
    indicator: row.indicator,
    rule: row.rule,
    ruleVersion: row.rule_version,
    unit: row.unit,
    numerator: Number(row.numerator),
    denominator: Number(row.denominator),
    countedAt: row.counted_at,
    lastEvent: time !== undefined && source !== undefined && id !== undefined ? { source, id, time } : null,
  };
}
