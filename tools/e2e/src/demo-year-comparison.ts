import { type FigureRow } from '@par/contracts';
import { type IndependentRow } from './independent-figures.ts';

/**
 * Figures of the product and of the independent calculation as lines of text that can be compared as sets. Only figures with a denominator: without one
 * there is nothing to say. An indicator that has a single rule is compared without the rule's name.
 */
export function linesOfProduct(rows: readonly FigureRow[], city: string): string[] {
  const rules = new Map<string, Set<string>>();
  for (const { indicator, rule } of rows) rules.set(indicator, (rules.get(indicator) ?? new Set()).add(rule));
  return rows
    .filter(({ denominator }) => denominator > 0)
    .map(({ indicator, rule, unit, numerator, denominator, beside = false, secretExcluded = 0 }) =>
      lineOf(
        { indicator, rule: rules.get(indicator)!.size === 1 ? '*' : rule, unit, numerator, denominator, beside, secretExcluded },
        city,
      ),
    )
    .sort();
}

export function linesOfIndependent(rows: readonly IndependentRow[], city: string): string[] {
  return rows.map((row) => lineOf(row, city)).sort();
}

function lineOf({ indicator, rule, unit, numerator, denominator, beside, secretExcluded }: IndependentRow, city: string): string {
  const place = unit === city ? 'the city' : unit;
  const more = `${beside ? ' beside' : ''}${secretExcluded > 0 ? ` secret ${secretExcluded}` : ''}`;
  return `${indicator} ${rule} ${place}: ${numerator}/${denominator}${more}`;
}

/** What differs between two sets of lines: `- product` and `+ independent`, or the empty list. */
export function differencesOf(product: readonly string[], independent: readonly string[]): string[] {
  const inProduct = new Set(product);
  const inIndependent = new Set(independent);
  return [
    ...product.filter((line) => !inIndependent.has(line)).map((line) => `- ${line}`),
    ...independent.filter((line) => !inProduct.has(line)).map((line) => `+ ${line}`),
  ].sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1));
}

/**
 * The table that `par figures` prints, without its column of when something was counted last, which says how the figure came to be and not what it is, and
 * without the widths that this gives the other columns.
 */
export function withoutClock(table: string): string {
  return table
    .replace(/ +(?:–|\d+ (?:s|min|h|days) ago) +(\S+)$/gm, ' $1')
    .replace(/ +/g, ' ')
    .replace(/─+/g, '─');
}

/** The rows that `par figures --json` prints, without what the clock says of them. The cut-off stays: the year is over. */
export function rowsWithoutClock(json: string): string {
  const rows = JSON.parse(json) as FigureRow[];
  return JSON.stringify(
    rows.map(({ freshness: _, ...row }) => row),
    null,
    2,
  );
}
