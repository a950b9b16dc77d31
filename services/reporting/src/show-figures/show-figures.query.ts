import { Injectable } from '@nestjs/common';
import { endOfPeriod, localDate, monthsIn, type Organisation, type Period } from '@par/administration';
import type { FigureRow } from '@par/contracts';
import { Clock, Database } from '@par/service-kit';
import { type CounterSum, figuresOf } from '../figure.ts';
import { readCatalogue } from '../indicator.ts';

interface SumRow {
  indicator: string;
  rule: string;
  rule_version: number;
  unit: string;
  is_state: boolean;
  numerator: number;
  denominator: number;
  counted_at: Date | null;
  last_event: string[] | null;
}

/**
 * $1, $2 first and last month, $3 the period of states. A counter that went back to nothing is the same as one that never was. The newest event of several months is the
 * greatest of (time, source, id), so the answer is the same in any order of rows.
 */
const SUMS_SQL = `
  SELECT indicator, rule, unit, period = $3 AS is_state, max(rule_version) AS rule_version,
         sum(numerator)::bigint AS numerator, sum(denominator)::bigint AS denominator, max(counted_at) AS counted_at,
         max(array[to_char(last_event_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), last_event_source COLLATE "C", last_event_id COLLATE "C"])
           FILTER (WHERE last_event_id IS NOT NULL) AS last_event
  FROM figure_counter
  WHERE (length(period) = 7 AND period BETWEEN $1 AND $2 AND (numerator <> 0 OR denominator <> 0)) OR period = $3
  GROUP BY indicator, rule, unit, 4`;

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
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async figures(organisation: Organisation, { period, ...filter }: FigureFilter): Promise<FigureRow[]> {
    const now = this.clock.now();
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
    return this.database.query<SumRow>(SUMS_SQL, [from, to, statePeriod]);
  }
}

function counterSum(row: SumRow): CounterSum {
  const [time, source, id] = row.last_event ?? [];
  return {
    indicator: row.indicator,
    rule: row.rule,
    ruleVersion: row.rule_version,
    unit: row.unit,
    numerator: row.numerator,
    denominator: row.denominator,
    countedAt: row.counted_at,
    lastEvent: time !== undefined && source !== undefined && id !== undefined ? { source, id, time } : null,
  };
}
