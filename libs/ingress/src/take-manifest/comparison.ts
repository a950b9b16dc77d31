import {
  MANIFEST_LIMITS,
  type ManifestKey,
  type ManifestLine,
  type ManifestNames,
  type ManifestSum,
  type MovedThing,
  type NamedThing,
} from '@par/contracts';
import { dossierHash, hashText, isStateKey, keyOfLine, keyText, type ManifestItem } from './manifest-items.ts';

/** How many things a side has, and the XOR of their hashes. */
interface Sum {
  count: number;
  hash: bigint;
}

/** A line, or a part of one, held against ours. */
export interface Compared {
  theirs: Sum;
  ours: Sum;
  /** Whether the source gave the names. */
  named: boolean;
}

export interface ComparedLine extends Compared {
  key: ManifestKey;
  /** By prefix; all of one length. */
  parts: Map<string, Compared>;
  prefixLength: number;
  /** The one thing that explains the difference, where there can be one. */
  single?: { side: 'missing' | 'surplus'; hash: bigint; explained: boolean };
}

/**
 * Holds what we have against what a source says it has. `add` takes our things one by one, in any order; then, where `wantsSecondLook`, `explain`
 * takes the same things again. Memory grows with the manifest and never with what we have.
 */
export class ManifestComparison {
  readonly lines = new Map<string, ComparedLine>();
  readonly missing: NamedThing[] = [];
  surplus: NamedThing[] = [];
  readonly moved: MovedThing[] = [];
  /** Names that had no room. */
  unnamed = 0;
  /** Names that the source gave and that were not met yet, by kind and name. */
  readonly #listed = new Map<string, ManifestKey>();
  /** Things that both sides have on different lines, by kind and name. */
  readonly #elsewhere = new Set<string>();
  /** Lines on which exactly one thing of theirs may be missing, by its hash. */
  readonly #missed = new Map<bigint, ComparedLine>();
  #missedStates: string[] = [];

  constructor(lines: readonly ManifestLine[]) {
    for (const line of lines) {
      const key = keyOfLine(line);
      const compared: ComparedLine = { key, ...startOf(line), parts: new Map(), prefixLength: line.parts?.[0]?.prefix.length ?? 0 };
      this.lines.set(keyText(key), compared);
      this.#list(line, key);
      for (const part of line.parts ?? []) {
        compared.parts.set(part.prefix, startOf(part));
        this.#list(part, key);
      }
    }
  }

  /** Takes one thing that we have. */
  add(item: ManifestItem): void {
    const line = this.#lineOf(item.key);
    const part = line.prefixLength > 0 ? line.parts.get(hashText(item.hash).slice(0, line.prefixLength)) : undefined;
    for (const sum of [line.ours, part?.ours]) {
      if (!sum) continue;
      sum.count += 1;
      sum.hash ^= item.hash;
    }
    const listed = listedName(item.key, item.name);
    const theirs = this.#listed.get(listed);
    if (theirs) {
      this.#listed.delete(listed);
      if (keyText(theirs) !== keyText(item.key)) this.#move(item, theirs);
    } else if (line.named || part?.named) this.#name(this.surplus, namedOf(item.key, item.name));
  }

  /** Called once all that we have was added. */
  finish(): void {
    for (const [listed, key] of this.#listed) this.#name(this.missing, namedOf(key, listed.slice(2)));
    for (const line of this.lines.values()) {
      if (isEqual(line) || line.named || [...line.parts.values()].some((part) => part.named)) continue;
      const side = line.theirs.count - line.ours.count;
      const hash = line.theirs.hash ^ line.ours.hash;
      if (side !== 1 && side !== -1) continue;
      line.single = { side: side === 1 ? 'missing' : 'surplus', hash, explained: false };
      if (side === 1) this.#missed.set(hash, line);
    }
    this.#missedStates = [...new Set([...this.#missed.values()].flatMap(({ key }) => (isStateKey(key) ? [key.state] : [])))];
  }

  /** Whether a difference of one thing can be named by looking at all that we have once more. */
  get wantsSecondLook(): boolean {
    return this.#missed.size > 0 || [...this.lines.values()].some(({ single }) => single?.side === 'surplus');
  }

  /** The second look: finds a surplus thing by its hash, and a missing one that stands on another line here. */
  explain(item: ManifestItem): void {
    const line = this.lines.get(keyText(item.key));
    const isSurplus = line?.single?.side === 'surplus' && line.single.hash === item.hash;
    if (isSurplus) line.single!.explained = true;
    let found = false;
    for (const target of this.#missedAs(item)) {
      if (target === line || !target.single || target.single.explained) continue;
      target.single.explained = true;
      found = true;
      this.#move(item, target.key);
    }
    const isElsewhere = this.#elsewhere.has(listedName(item.key, item.name));
    if (isSurplus && !isElsewhere) this.#name(this.surplus, namedOf(item.key, item.name));
    // A line that the source did not list had all of its things named as surplus.
    if (found && line?.named) {
      const thing = JSON.stringify(namedOf(item.key, item.name));
      this.surplus = this.surplus.filter((each) => JSON.stringify(each) !== thing);
    }
  }

  /** Lines that lack exactly one thing which a thing of ours would be there. The hash of an event does not depend on its line. */
  #missedAs(item: ManifestItem): ComparedLine[] {
    const { key, name } = item;
    const hashes = isStateKey(key) ? this.#missedStates.map((state) => dossierHash(name, state)) : [item.hash];
    return hashes.flatMap((hash) => this.#missed.get(hash) ?? []).filter((line) => isStateKey(line.key) === isStateKey(key));
  }

  #move(item: ManifestItem, theirs: ManifestKey): void {
    this.#elsewhere.add(listedName(item.key, item.name));
    this.#name(this.moved, movedOf(item.name, theirs, item.key));
  }

  #lineOf(key: ManifestKey): ComparedLine {
    const text = keyText(key);
    let line = this.lines.get(text);
    if (!line) {
      // Nobody listed it: all that we have there is surplus, so it can be named at once.
      line = { key, theirs: { count: 0, hash: 0n }, ours: { count: 0, hash: 0n }, named: true, parts: new Map(), prefixLength: 0 };
      this.lines.set(text, line);
    }
    return line;
  }

  #list(names: ManifestNames, key: ManifestKey): void {
    for (const name of names.codes ?? names.ids ?? []) this.#listed.set(listedName(key, name), key);
  }

  #name<T>(list: T[], thing: T): void {
    if (list.length < MANIFEST_LIMITS.named) list.push(thing);
    else this.unnamed += 1;
  }
}

export function isEqual({ theirs, ours }: Compared): boolean {
  return theirs.count === ours.count && theirs.hash === ours.hash;
}

export function sumText({ count, hash }: Sum): ManifestSum {
  return { count, hash: hashText(hash) };
}

function startOf(sum: ManifestSum & ManifestNames): Compared {
  return {
    theirs: { count: sum.count, hash: BigInt(`0x${sum.hash}`) },
    ours: { count: 0, hash: 0n },
    named: (sum.codes ?? sum.ids) !== undefined,
  };
}

// Codes and ids are names of different things, so a kind of one letter and a blank stand before them.
function listedName(key: ManifestKey, name: string): string {
  return `${isStateKey(key) ? 'c' : 'i'} ${name}`;
}

function namedOf(key: ManifestKey, name: string): NamedThing {
  return isStateKey(key) ? { ...key, code: name } : { ...key, id: name };
}

function movedOf(name: string, theirs: ManifestKey, ours: ManifestKey): MovedThing {
  return (isStateKey(theirs) ? { code: name, theirs, ours } : { id: name, theirs, ours }) as MovedThing;
}
