import { describe, expect, it } from '@jest/globals';
import { type Manifest, type ManifestAnswer, type ManifestKey, type ManifestLine, type ManifestPart } from '@par/contracts';
import fc from 'fast-check';
import { answerOf } from './answer-manifest.ts';
import { ManifestComparison } from './comparison.ts';
import { dossierHash, eventHash, hashText, isStateKey, keyText, type ManifestItem } from './manifest-items.ts';
import { readManifest } from './read-manifest.ts';

const NOW = new Date('2021-07-06T00:00:00Z');

/** What a side has: dossier codes with their place, event ids with theirs. */
type Side = ReadonlyMap<string, ManifestKey>;

const dossier = (state: string, unit = 'u'): ManifestKey => ({ unit, state });
const event = (day: string): ManifestKey => ({ unit: 'u', type: 'vn.par.dossier.received.v1', day });

function itemsOf(side: Side): ManifestItem[] {
  return [...side].map(([name, key]) => ({
    key,
    name,
    hash: isStateKey(key) ? dossierHash(name, key.state) : eventHash({ source: 'urn:s', id: name }),
  }));
}

/** The lines of a side, as a source makes them from its own data. */
function linesOf(items: readonly ManifestItem[]): Map<string, { line: ManifestLine; items: ManifestItem[] }> {
  const lines = new Map<string, { line: ManifestLine; items: ManifestItem[] }>();
  for (const item of items) {
    const text = keyText(item.key);
    const found = lines.get(text) ?? { line: { ...item.key, count: 0, hash: '' }, items: [] };
    found.items.push(item);
    lines.set(text, found);
  }
  for (const { line, items: own } of lines.values()) Object.assign(line, sumOf(own));
  return lines;
}

function sumOf(items: readonly ManifestItem[]): { count: number; hash: string } {
  return { count: items.length, hash: hashText(items.reduce((hash, item) => hash ^ item.hash, 0n)) };
}

function namesOf(items: readonly ManifestItem[], key: ManifestKey): { codes: string[] } | { ids: string[] } {
  const names = items.map(({ name }) => name);
  return isStateKey(key) ? { codes: names } : { ids: names };
}

function compare(lines: ManifestLine[], ours: Side): ManifestAnswer {
  const manifest: Manifest = { source: 'urn:s', asOf: '2021-07-05T23:59:59+07:00', lines };
  const read = readManifest(JSON.parse(JSON.stringify(manifest)), 'dossier-intake', NOW);
  const comparison = new ManifestComparison(read.lines);
  for (const item of itemsOf(ours)) comparison.add(item);
  comparison.finish();
  if (comparison.wantsSecondLook) for (const item of itemsOf(ours)) comparison.explain(item);
  return answerOf(comparison, read, NOW);
}

/** The whole dialogue, with the source naming or dividing what is asked for; every list of names that was given is merged. */
function dialogue(theirs: Side, ours: Side): { found: Set<string>; rounds: number; first: ManifestAnswer; last: ManifestAnswer } {
  const own = linesOf(itemsOf(theirs));
  if (own.size === 0) own.set('empty', { line: { ...dossier('1'), count: 0, hash: hashText(0n) }, items: [] });
  const first = compare(
    [...own.values()].map(({ line }) => line),
    ours,
  );
  const found = new Set<string>();
  let answer = first;
  let rounds = 1;
  const tell = (): void => {
    for (const thing of answer.missing) found.add(`missing ${'code' in thing ? thing.code : thing.id}`);
    for (const thing of answer.surplus) found.add(`surplus ${'code' in thing ? thing.code : thing.id}`);
    for (const { code, theirs: from, ours: to } of answer.otherState) found.add(`moved ${code} ${keyText(from)} ${keyText(to)}`);
    for (const { id, theirs: from, ours: to } of answer.otherLine) found.add(`moved ${id} ${keyText(from)} ${keyText(to)}`);
  };
  tell();
  while (answer.next) {
    const wishes = new Map<string, typeof answer.next>();
    for (const wish of answer.next) wishes.set(keyText(wish), [...(wishes.get(keyText(wish)) ?? []), wish]);
    const lines = [...own].map(([text, { line, items }]): ManifestLine => {
      const asked = wishes.get(text) ?? [];
      if (asked.length === 0) return line;
      if (asked.length === 1 && !asked[0]!.prefixes && asked[0]!.by !== 'parts') return { ...line, ...namesOf(items, line) };
      const named = asked.find(({ by }) => by !== 'parts');
      if (named?.prefixes) {
        const parts = named.prefixes.map((prefix): ManifestPart => {
          const inPart = items.filter(({ hash }) => hashText(hash).startsWith(prefix));
          return { prefix, ...sumOf(inPart), ...namesOf(inPart, line) };
        });
        return { ...line, parts };
      }
      const digits = asked[0]!.digits!;
      const parts = Array.from({ length: 16 ** digits }, (_, n) => n.toString(16).padStart(digits, '0')).map((prefix): ManifestPart => {
        return { prefix, ...sumOf(items.filter(({ hash }) => hashText(hash).startsWith(prefix))) };
      });
      return { ...line, parts };
    });
    // What the source lists nothing of, it cannot name: the answer names all that we have there.
    answer = compare(lines, ours);
    rounds += 1;
    found.clear();
    if (answer.next === null || rounds > 6) tell();
    if (rounds > 6) break;
  }
  return { found, rounds, first, last: answer };
}

/** What the difference is, by looking at both sides as a whole. */
function truth(theirs: Side, ours: Side): Set<string> {
  const found = new Set<string>();
  for (const [name, key] of theirs) {
    const here = ours.get(name);
    if (!here) found.add(`missing ${name}`);
    else if (keyText(here) !== keyText(key)) found.add(`moved ${name} ${keyText(key)} ${keyText(here)}`);
  }
  for (const name of ours.keys()) if (!theirs.has(name)) found.add(`surplus ${name}`);
  return found;
}

const place = fc.oneof(
  fc.tuple(fc.constantFrom('2', '4', '9', '10'), fc.constantFrom('u', 'v')).map(([state, unit]) => ['D', dossier(state, unit)] as const),
  fc.constantFrom('2021-07-04', '2021-07-05').map((day) => ['e', event(day)] as const),
);
/** Both sides had the same; then things were dropped, added and altered on either. */
const sides = fc
  .array(fc.record({ place, fate: fc.constantFrom('same', 'same', 'same', 'lost', 'extra', 'altered'), other: place }), { maxLength: 60 })
  .map((drawn) => {
    const theirs = new Map<string, ManifestKey>();
    const ours = new Map<string, ManifestKey>();
    drawn.forEach(({ place: [kind, key], fate, other }, index) => {
      const name = `${kind}${index}`;
      if (fate !== 'extra') theirs.set(name, key);
      if (fate !== 'lost') ours.set(name, fate === 'altered' && other[0] === kind ? other[1] : key);
    });
    return { theirs, ours };
  });

describe('a manifest against what we have', () => {
  it('finds all that was dropped, added and altered, and nothing else', () => {
    let different = 0;
    fc.assert(
      fc.property(sides, ({ theirs, ours }) => {
        // A kind that the source has no line of is not compared.
        const kinds = new Set([...theirs.values()].map(isStateKey));
        if (theirs.size === 0) kinds.add(true);
        const seen = new Map([...ours].filter(([, key]) => kinds.has(isStateKey(key))));
        const expected = truth(theirs, seen);
        const { found, first, last } = dialogue(theirs, seen);
        if (expected.size > 0) different += 1;
        expect(first.equal).toBe(expected.size === 0);
        expect([...found].sort()).toEqual([...expected].sort());
        expect([last.next, last.unnamed]).toEqual([null, 0]);
      }),
      { numRuns: 300 },
    );
    expect(different).toBeGreaterThan(100);
  });

  const many = new Map<string, ManifestKey>(Array.from({ length: 9_000 }, (_, n) => [`D${n}`, dossier('10')]));

  it('narrows a large line by the first digits of the hash, so that few codes are sent', () => {
    const ours = new Map(many);
    for (const n of [17, 4_000, 8_999]) ours.delete(`D${n}`);
    ours.set('D5', dossier('9')).set('X1', dossier('10'));
    const { found, rounds, first } = dialogue(many, ours);
    expect(first.next).toEqual([{ unit: 'u', state: '10', by: 'parts', digits: 2 }]);
    expect([...found].sort()).toEqual([...truth(many, ours)].sort());
    expect(rounds).toBe(3);
  });

  it('names a single surplus dossier at once, whatever the size of the line', () => {
    const ours = new Map(many).set('X1', dossier('10'));
    const answer = compare([linesOf(itemsOf(many)).values().next().value!.line], ours);
    expect(answer).toMatchObject({ equal: false, next: null, surplus: [{ unit: 'u', state: '10', code: 'X1' }], missing: [] });
  });

  it('names a single dossier in another state at once, in both directions', () => {
    const theirs = new Map(many).set('A', dossier('2')).set('B', dossier('2'));
    const lines = [...linesOf(itemsOf(theirs)).values()].map(({ line }) => line);
    const behind = compare(lines, new Map(theirs).set('D7', dossier('2')));
    expect(behind.otherState).toEqual([{ code: 'D7', theirs: dossier('10'), ours: dossier('2') }]);
    const unlisted = compare(lines, new Map(theirs).set('D7', dossier('9')));
    expect(unlisted.otherState).toEqual([{ code: 'D7', theirs: dossier('10'), ours: dossier('9') }]);
    for (const answer of [behind, unlisted]) expect([answer.missing, answer.surplus, answer.next]).toEqual([[], [], null]);
  });

  it('gives the hash of a single thing that we lack, and asks for its name', () => {
    const theirs = new Map([...many].slice(0, 50));
    const ours = new Map(theirs);
    ours.delete('D3');
    const answer = compare(
      [...linesOf(itemsOf(theirs)).values()].map(({ line }) => line),
      ours,
    );
    expect(answer.lines[0]).toMatchObject({ equal: false, single: { side: 'missing', hash: hashText(dossierHash('D3', '10')) } });
    expect(answer.next).toEqual([{ unit: 'u', state: '10', by: 'codes' }]);
  });

  it('bounds its answer and says how much is left out', () => {
    const answer = compare([{ ...dossier('1'), count: 0, hash: hashText(0n) }], many);
    expect([answer.surplus.length, answer.unnamed]).toEqual([5_000, 4_000]);
  });
});
