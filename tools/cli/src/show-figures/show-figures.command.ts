import { Mistake } from '../mistake.ts';
import { RunningCity } from '../running-city.ts';
import { getJson } from '../service-client.ts';
import type { FigureRow } from '@par/contracts';
import { figureTable } from './figure-table.ts';
import type { Terminal } from '../terminal.ts';

export interface FigureOptions {
  year?: string;
  period?: string;
  indicator?: string;
  unit?: string;
  scoring?: string;
  json?: boolean;
}

/** `par figures`. */
export async function showFigures(options: FigureOptions, terminal: Terminal): Promise<number> {
  const query = new URLSearchParams();
  const period = periodOf(options);
  if (period !== undefined) query.set('period', period);
  if (options.indicator !== undefined) query.set('indicator', options.indicator);
  if (options.unit !== undefined) query.set('unit', options.unit);
  const url = new RunningCity().url('index-scoring', options.scoring);
  const figures = await getJson<FigureRow[]>('index-scoring', url, `/v1/figures?${query.toString()}`);
  if (options.json) terminal.print(JSON.stringify(figures, null, 2));
  else if (figures.length > 0) terminal.print(figureTable(figures, terminal.language));
  else terminal.print(terminal.language === 'vi' ? 'không có chỉ số nào như vậy' : 'there is no such figure');
  return 0;
}

/** The period that two options name. @throws Mistake where they differ, or the year is none */
export function periodOf({ year, period }: Pick<FigureOptions, 'year' | 'period'>): string | undefined {
  if (year === undefined) return period;
  if (period !== undefined && period !== year) {
    throw new Mistake('option.two-periods', {
      en: 'give --year or --period, not both',
      vi: 'chỉ dùng một trong hai: --year hoặc --period',
    });
  }
  if (!/^\d{4}$/.test(year)) throw new Mistake('option.bad-year', { en: `${year} is not a year`, vi: `${year} không phải là năm` });
  return year;
}
