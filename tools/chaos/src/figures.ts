import { getJson } from '@par/cli';
import { type FigureRow, type ServiceName } from '@par/contracts';
import { type City } from './city.ts';

const YEAR = 2021;
const PERIODS = [String(YEAR), ...Array.from({ length: 12 }, (_, n) => `${YEAR}-${String(n + 1).padStart(2, '0')}`)];
const MOST_NAMED = 10;

/** The figures as text, by service and period: every row in the order in which it was told, without when it was counted. */
export async function readFigures({ urls }: City): Promise<Map<string, string>> {
  const read = <T>(service: ServiceName, path: string): Promise<T> => getJson<T>(service, urls[service], path);
  const { indicators } = await read<{ indicators: { id: string; kind: 'count' | 'state' }[] }>('reporting', '/v1/catalogue');
  const counted = new Set(indicators.filter(({ kind }) => kind === 'count').map(({ id }) => id));
  const texts = new Map<string, string>();
  for (const period of PERIODS) {
    const path = `/v1/figures?period=${period}`;
    texts.set(`index-scoring ${period}`, (await read<FigureRow[]>('index-scoring', path)).map(textOf).join('\n'));
    // States (units that are so now) are told to reporting by the clock, so they are compared where they are made. The event counted last is told with a
    // number that moves: which of the later ones moved none depends on the order in which they came.
    const told = (await read<FigureRow[]>('reporting', path)).filter(({ indicator }) => counted.has(indicator));
    texts.set(`reporting ${period}`, told.map((row) => textOf({ ...row, lastEvent: null })).join('\n'));
  }
  return texts;
}

/** A row without what the clock says of it: when it was counted, and up to when a state speaks that is told as of now. */
function textOf({ freshness: _, cutOff, ...row }: FigureRow): string {
  return JSON.stringify(row.period === 'now' ? row : { ...row, cutOff });
}

/** What differs between the figures of the run and those of the same events without faults; the empty list where they are equal to the byte. */
export function differencesOf(found: ReadonlyMap<string, string>, quiet: ReadonlyMap<string, string>): string[] {
  const differences: string[] = [];
  for (const [name, wanted] of quiet) {
    const text = found.get(name) ?? '';
    if (text === wanted) continue;
    const [these, those] = [new Set(text.split('\n')), new Set(wanted.split('\n'))];
    const rows = [
      ...[...these].filter((row) => !those.has(row)).map((row) => `  - ${row}`),
      ...[...those].filter((row) => !these.has(row)).map((row) => `  + ${row}`),
    ];
    const shown = rows.sort((a, b) => (a.slice(4) < b.slice(4) ? -1 : 1)).slice(0, MOST_NAMED);
    differences.push(`figures of ${name} differ from those without faults (- with, + without), ${rows.length} rows:\n${shown.join('\n')}`);
  }
  return differences;
}

export function rowsIn(figures: ReadonlyMap<string, string>): number {
  return [...figures.values()].reduce((total, text) => total + (text === '' ? 0 : text.split('\n').length), 0);
}
