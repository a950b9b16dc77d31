import { describe, expect, it } from '@jest/globals';
import { MOST_NAMED, MOST_RANGES, type EventIdentity } from '@par/contracts';
import fc from 'fast-check';
import { answerTo, compareHeld, FEW, firstRanges, hashIdentities, inAnswers, inQuestions, type HashedIdentity } from './identity-ranges.ts';

const key = ({ source, id }: EventIdentity): string => `${source} ${id}`;
const sorted = (identities: readonly EventIdentity[]): string[] => identities.map(key).sort();

/** Plays both sides to the end; counts the questions of the longest chain, and all messages. */
function reconcile(sent: readonly HashedIdentity[], taken: readonly HashedIdentity[]) {
  const missing: EventIdentity[] = [];
  const surplus: EventIdentity[] = [];
  let messages = 0;
  let rounds = 0;
  let questions = [{ ranges: firstRanges(taken, sent.length), wanted: [] as EventIdentity[] }];
  while (questions.some(({ ranges }) => ranges.length > 0)) {
    rounds += 1;
    const next: typeof questions = [];
    for (const { ranges } of questions) {
      expect(ranges.length).toBeLessThanOrEqual(MOST_RANGES);
      for (const { differing, held } of inAnswers(answerTo(sent, ranges))) {
        expect(held.length).toBeLessThanOrEqual(MOST_RANGES);
        expect(differing.length).toBeLessThanOrEqual(MOST_RANGES);
        expect(held.reduce((sum, { identities }) => sum + identities.length, 0)).toBeLessThanOrEqual(MOST_NAMED);
        messages += 1;
        const found = compareHeld(taken, held);
        missing.push(...found.missing);
        surplus.push(...found.surplus);
        next.push(...inQuestions(taken, differing, found.missing));
      }
    }
    expect(next.flatMap(({ wanted }) => wanted).length).toBeLessThanOrEqual(missing.length);
    questions = next;
  }
  return { missing, surplus, rounds, messages };
}

const identities = (count: number, source = 'urn:one-stop'): EventIdentity[] =>
  Array.from({ length: count }, (_unused, n) => ({ source, id: `D-${n}` }));

describe('narrowing a difference', () => {
  it('finds every event that was dropped, doubled under a new name or added, at random, and no other', () => {
    const fate = fc.constantFrom('kept' as const, 'kept' as const, 'kept' as const, 'dropped' as const, 'altered' as const);
    fc.assert(
      fc.property(fc.array(fate, { maxLength: 700 }), fc.nat(200), (fates, added) => {
        const sent = identities(fates.length);
        const kept = sent.filter((_unused, n) => fates[n] === 'kept');
        const altered = sent.flatMap(({ source, id }, n) => (fates[n] === 'altered' ? [{ source, id: `${id}/altered` }] : []));
        const strangers = [...altered, ...identities(added, 'urn:stranger')];
        const found = reconcile(hashIdentities(sent), hashIdentities([...kept, ...strangers]));
        expect(sorted(found.missing)).toEqual(sorted(sent.filter((_unused, n) => fates[n] !== 'kept')));
        expect(sorted(found.surplus)).toEqual(sorted(strangers));
      }),
      { numRuns: 60 },
    );
  });

  it('finds nothing where nothing differs, with one question', () => {
    const all = hashIdentities(identities(5_000));
    expect(reconcile(all, [...all].reverse())).toEqual({ missing: [], surplus: [], rounds: 1, messages: 1 });
  });

  it('asks in as many rounds as the logarithm to 16 of the line says, however much it holds', () => {
    const sent = hashIdentities(identities(60_000));
    const lost = 30_217;
    const taken = sent.filter((_unused, n) => n !== lost);
    const found = reconcile(sent, taken);
    expect(found.missing).toEqual([sent[lost]!.identity]);
    // One round to find the ranges and, from each to the next, a sixteenth of the events.
    expect(found.rounds).toBeLessThanOrEqual(1 + Math.ceil(Math.log(60_000 / FEW) / Math.log(16)));
    expect(found.messages).toBe(found.rounds);
  });

  it('names all events of a line of which nothing arrived', () => {
    const sent = hashIdentities(identities(3_000));
    expect(sorted(reconcile(sent, []).missing)).toEqual(sorted(sent.map(({ identity }) => identity)));
  });

  it('tells all as surplus where the sender knows of nothing', () => {
    const taken = hashIdentities(identities(1_000));
    expect(sorted(reconcile([], taken).surplus)).toEqual(sorted(taken.map(({ identity }) => identity)));
  });
});
