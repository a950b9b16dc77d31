import { type Contribution } from './contributions.ts';
import { byTimeThenIdentity } from './kept-event.ts';

/** The number of each figure by rule and version, and back. Numbers are given once and never again. */
export interface Slots {
  numberOf(figure: FigureSlot): number;
  figureOf(number: number): FigureSlot;
  /** Of an indicator by a rule, whatever the version. */
  numbersOf(indicator: string, rule: string): number[];
}

export interface FigureSlot {
  indicator: string;
  rule: string;
  ruleVersion: number;
}

/**
 * What a subject gives in one unit and month by one deciding event, as the database keeps it: a text with ` <slot><mark>[<n>/<d>][:reason,reason]` for each
 * figure. The mark is `+` where all of it is in the numerator, `-` where nothing is, `*` where part is; the counts are left out where the denominator is 1.
 */
export interface Part {
  unit: string;
  month: string;
  decidedAt: string;
  decidedSource: string;
  decidedId: string;
  verdicts: string;
}

/** A part with the contributions that it stands for. */
export interface JudgedPart {
  part: Part;
  contributions: Contribution[];
}

/** Contributions of one subject as parts, in one order whatever order they come in. */
export function partsOf(contributions: readonly Contribution[], slots: Slots): JudgedPart[] {
  const open: { contributions: Contribution[]; entries: { slot: number; text: string }[] }[] = [];
  for (const contribution of contributions) {
    // A subject has a handful of parts, so looking through them is quicker than a key for each contribution.
    let part = open.find((each) => compareParts(each.contributions[0]!, contribution) === 0);
    if (!part) open.push((part = { contributions: [], entries: [] }));
    const slot = slots.numberOf(contribution);
    part.contributions.push(contribution);
    part.entries.push({ slot, text: entryOf(slot, contribution) });
  }
  return open
    .sort((a, b) => compareParts(a.contributions[0]!, b.contributions[0]!))
    .map(({ contributions: list, entries }) => closed(list, entries));
}

/** Order of parts: unit, month, deciding event. */
function compareParts(a: Contribution, b: Contribution): number {
  return (
    compare(a.unit, b.unit) || compare(a.month, b.month) || (a.decidedBy === b.decidedBy ? 0 : byTimeThenIdentity(a.decidedBy, b.decidedBy))
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function closed(contributions: Contribution[], entries: { slot: number; text: string }[]): JudgedPart {
  const { unit, month, decidedBy } = contributions[0]!;
  entries.sort((a, b) => a.slot - b.slot);
  let verdicts = '';
  for (const { text } of entries) verdicts += text;
  return {
    part: { unit, month, decidedAt: decidedBy.time, decidedSource: decidedBy.source, decidedId: decidedBy.id, verdicts },
    contributions,
  };
}

function entryOf(slot: number, { numerator, denominator, reasons }: Contribution): string {
  const mark = numerator === 0 ? '-' : numerator >= denominator ? '+' : '*';
  const counts = denominator === 1 && numerator <= 1 ? '' : `${numerator}/${denominator}`;
  return ` ${slot}${mark}${counts}${reasons.length === 0 ? '' : `:${reasons.join(',')}`}`;
}

/** What a part says of one figure. */
export interface Entry {
  slot: number;
  numerator: number;
  denominator: number;
  reasons: string[];
}

const ENTRY = / (\d+)([-+*])(?:(\d+)\/(\d+))?(?::([^ ]*))?/g;

export function entriesOf(verdicts: string): Entry[] {
  return [...verdicts.matchAll(ENTRY)].map(([, slot, mark, numerator, denominator, reasons]) => ({
    slot: Number(slot),
    numerator: numerator === undefined ? (mark === '+' ? 1 : 0) : Number(numerator),
    denominator: denominator === undefined ? 1 : Number(denominator),
    reasons: reasons === undefined ? [] : reasons.split(','),
  }));
}

/** The contributions that parts stand for. */
export function contributionsIn(parts: readonly Part[], slots: Slots): Contribution[] {
  return parts.flatMap(({ unit, month, decidedAt, decidedSource, decidedId, verdicts }) =>
    entriesOf(verdicts).map(({ slot, numerator, denominator, reasons }) => ({
      ...slots.figureOf(slot),
      unit,
      month,
      numerator,
      denominator,
      reasons,
      decidedBy: { source: decidedSource, id: decidedId, time: decidedAt },
    })),
  );
}

/** SQL `LIKE` patterns of the parts that have something of a figure in the numerator, or beside it. */
export function patternsOf(slots: readonly number[], which: 'numerator' | 'rest' | 'any'): string[] {
  const marks = { numerator: '+*', rest: '-*', any: '+-*' }[which];
  return slots.flatMap((slot) => [...marks].map((mark) => `% ${slot}${mark}%`));
}

export function isSamePart(a: Part, b: Part): boolean {
  return (
    a.verdicts === b.verdicts &&
    a.unit === b.unit &&
    a.month === b.month &&
    a.decidedAt === b.decidedAt &&
    a.decidedSource === b.decidedSource &&
    a.decidedId === b.decidedId
  );
}
