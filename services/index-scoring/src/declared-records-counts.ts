import { standingEvents } from '@par/administration';
import { type EventIdentity } from '@par/contracts';
import { type DeclaredFinding, findingOf } from './declared-records-findings.ts';
import { type KeptEvent } from './kept-event.ts';

/** Counts of a unit and year, each in the last month of its period, so that every declared dossier stands in one month. */
export interface PaperWork {
  /** `YYYY-MM` → count; a month of which nothing is left is not there. */
  byMonth: ReadonlyMap<string, number>;
  /** For each of these months the latest of the declarations that make it up. */
  toldBy: ReadonlyMap<string, { at: string; event: EventIdentity }>;
  findings: DeclaredFinding[];
}

type CountType = 'vn.par.paper-work.declared.v1' | 'vn.par.secret-count.declared.v1';
type Declaration = KeptEvent & { data: { period: string; count: number } };

/**
 * Work dossiers on paper, of one unit and year. Of one period the latest standing declaration holds. A month counts as declared; a quarter adds what its
 * months leave of it, a year what its months and quarters leave, both in their last month and never less than nothing: parts that exceed their whole
 * are a finding, and the parts hold.
 */
export function paperWorkOf(events: readonly KeptEvent[]): PaperWork {
  return layOut(events, 'vn.par.paper-work.declared.v1', 'paper-work.parts-exceed-total');
}

/**
 * Dossiers that are state secrets, of one unit and year: a whole number for the whole year, told by no smaller period. By the rule of `paperWorkOf`.
 * `year` is needed only where the events are of several years.
 */
export function secretCountOf(events: readonly KeptEvent[], year = ''): number {
  let sum = 0;
  for (const [month, count] of secretCountsOf(events).byMonth) if (month.startsWith(year)) sum += count;
  return sum;
}

/** What is wrong with the declarations of state secrets of one unit and year. */
export function secretCountFindings(events: readonly KeptEvent[]): DeclaredFinding[] {
  return secretCountsOf(events).findings;
}

function secretCountsOf(events: readonly KeptEvent[]): PaperWork {
  return layOut(events, 'vn.par.secret-count.declared.v1', 'secret-count.parts-exceed-total');
}

function layOut(
  events: readonly KeptEvent[],
  type: CountType,
  exceeded: 'paper-work.parts-exceed-total' | 'secret-count.parts-exceed-total',
): PaperWork {
  const latest = new Map<string, Declaration>();
  for (const event of standingEvents(events, 'vn.par.declaration.corrected.v1').standing)
    if (event.type === type) latest.set((event as Declaration).data.period, event as Declaration);
  const byMonth = new Map<string, number>();
  const toldBy = new Map<string, { at: string; event: EventIdentity }>();
  const findings: DeclaredFinding[] = [];
  // Months before quarters before the year: each adds what those before it left.
  for (const declaration of [...latest.values()].sort((a, b) => rankOf(a) - rankOf(b))) {
    const { period, count } = declaration.data;
    const months = monthsOf(period);
    const rest = count - months.reduce((sum, month) => sum + (byMonth.get(month) ?? 0), 0);
    if (rest < 0) findings.push(findingOf(exceeded, declaration, period));
    if (rest <= 0 && months.length > 1) continue;
    const last = months.at(-1)!;
    byMonth.set(last, (byMonth.get(last) ?? 0) + rest);
    const { time, source, id } = declaration;
    if (time >= (toldBy.get(last)?.at ?? '')) toldBy.set(last, { at: time, event: { source, id } });
  }
  for (const [month, count] of byMonth)
    if (count === 0) {
      byMonth.delete(month);
      toldBy.delete(month);
    }
  return { byMonth, toldBy, findings };
}

/** Declared periods have a form of their own length: a month `2021-03`, a quarter `2021-Q1`, a year `2021`. */
function rankOf({ data: { period } }: Declaration): number {
  return period.length === 4 ? 2 : period.includes('Q') ? 1 : 0;
}

function monthsOf(period: string): string[] {
  const [year = '', part] = period.split('-');
  if (part !== undefined && !part.startsWith('Q')) return [period];
  const first = part === undefined ? 1 : Number(part.slice(1)) * 3 - 2;
  const count = part === undefined ? 12 : 3;
  return Array.from({ length: count }, (_, i) => `${year}-${String(first + i).padStart(2, '0')}`);
}
