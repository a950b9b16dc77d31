import { MOST_NAMED, MOST_RANGES, type EventIdentity, type HeldRange, type RangeDigest } from '@par/contracts';
import { hashToHex, identityHash } from '../balance-sheet.ts';

/** A range with at most this many events on both sides is told event by event. */
export const FEW = 64;
const HEX = [...'0123456789abcdef'];
const WHOLE_HASH = 16;

/** An event of a line with its identity hash, as a number and as 16 hex digits. */
export interface HashedIdentity {
  identity: EventIdentity;
  hash: bigint;
  hex: string;
}

export function hashIdentities(identities: readonly EventIdentity[]): HashedIdentity[] {
  return identities.map((identity) => {
    const hash = identityHash(identity);
    return { identity, hash, hex: hashToHex(hash) };
  });
}

/** The sixteen parts of a range: four halvings at once. */
export function partsOf(prefix: string): string[] {
  return HEX.map((digit) => prefix + digit);
}

/** What one side has in each of some ranges, in the order asked for. */
export function digestsOf(events: readonly HashedIdentity[], prefixes: readonly string[]): RangeDigest[] {
  const sums = new Map(prefixes.map((prefix) => [prefix, { count: 0, hash: 0n }]));
  const lengths = new Set(prefixes.map((prefix) => prefix.length));
  for (const { hex, hash } of events) {
    for (const length of lengths) {
      const sum = sums.get(hex.slice(0, length));
      if (!sum) continue;
      sum.count += 1;
      sum.hash ^= hash;
    }
  }
  return prefixes.map((prefix) => ({ prefix, count: sums.get(prefix)!.count, hash: hashToHex(sums.get(prefix)!.hash) }));
}

/** What to ask about a line first: all of it where it is small on both sides, else its sixteen parts. */
export function firstRanges(events: readonly HashedIdentity[], sentCount: number): RangeDigest[] {
  return digestsOf(events, Math.max(events.length, sentCount) <= FEW ? [''] : partsOf(''));
}

/** What the sender answers: of the asked ranges those that differ, with its events where they are few. */
export function answerTo(events: readonly HashedIdentity[], asked: readonly RangeDigest[]): { differing: string[]; held: HeldRange[] } {
  const own = digestsOf(
    events,
    asked.map(({ prefix }) => prefix),
  );
  const differing: string[] = [];
  const few = new Map<string, EventIdentity[]>();
  asked.forEach(({ prefix, count, hash }, index) => {
    const mine = own[index]!;
    if (mine.count === count && mine.hash === hash) return;
    if (Math.max(mine.count, count) <= FEW || prefix.length === WHOLE_HASH) few.set(prefix, []);
    else differing.push(prefix);
  });
  const lengths = new Set([...few.keys()].map((prefix) => prefix.length));
  for (const { identity, hex } of events) for (const length of lengths) few.get(hex.slice(0, length))?.push(identity);
  return { differing, held: [...few].map(([prefix, identities]) => ({ prefix, identities })) };
}

/** Held against what the sender named: `missing` it has and we have not, `surplus` we have and it has not. */
export function compareHeld(
  events: readonly HashedIdentity[],
  held: readonly HeldRange[],
): { missing: EventIdentity[]; surplus: EventIdentity[] } {
  const named = new Set(held.flatMap(({ identities }) => identities.map(keyOf)));
  const prefixes = held.map(({ prefix }) => prefix);
  const mine = events.filter(({ hex }) => prefixes.some((prefix) => hex.startsWith(prefix)));
  const known = new Set(mine.map(({ identity }) => keyOf(identity)));
  return {
    missing: held.flatMap(({ identities }) => identities.filter((identity) => !known.has(keyOf(identity)))),
    surplus: mine.filter(({ identity }) => !named.has(keyOf(identity))).map(({ identity }) => identity),
  };
}

/** What goes into one message each: at most 256 ranges and 500 identities. */
export function inAnswers(answer: { differing: string[]; held: HeldRange[] }): { differing: string[]; held: HeldRange[] }[] {
  const pieces: { differing: string[]; held: HeldRange[] }[] = [];
  let held: HeldRange[] = [];
  let named = 0;
  for (const range of answer.held) {
    if (held.length === MOST_RANGES || named + range.identities.length > MOST_NAMED) {
      pieces.push({ differing: [], held });
      held = [];
      named = 0;
    }
    held.push(range);
    named += range.identities.length;
  }
  return [...pieces, { differing: answer.differing, held }];
}

/** Next questions: the parts of what differs, and what is wanted, in as few messages as they fit in. */
export function inQuestions(
  events: readonly HashedIdentity[],
  differing: readonly string[],
  wanted: readonly EventIdentity[],
): { ranges: RangeDigest[]; wanted: EventIdentity[] }[] {
  const ranges = digestsOf(events, differing.flatMap(partsOf));
  const questions: { ranges: RangeDigest[]; wanted: EventIdentity[] }[] = [];
  for (let n = 0; n * MOST_RANGES < ranges.length || n * MOST_NAMED < wanted.length; n += 1) {
    questions.push({
      ranges: ranges.slice(n * MOST_RANGES, (n + 1) * MOST_RANGES),
      wanted: wanted.slice(n * MOST_NAMED, (n + 1) * MOST_NAMED),
    });
  }
  return questions;
}

function keyOf({ source, id }: EventIdentity): string {
  return `${source}\0${id}`;
}
