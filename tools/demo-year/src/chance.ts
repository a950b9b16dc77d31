/**
 * Chance that is the same on every machine and every run: mulberry32 over a seed and a name. Integers and one division only, because the last digits of
 * logarithms and sines differ between engines. Each made-up thing has a stream of its own, so that a change to one leaves all others as they were.
 */
export class Chance {
  #state: number;

  private constructor(state: number) {
    this.#state = state;
  }

  /** The stream of a name under a seed. */
  static of(seed: number, name: string): Chance {
    // FNV-1a over the name, begun with the seed: names that differ in one letter give streams that have nothing in common.
    let hash = Math.imul(seed ^ 0x811c9dc5, 0x01000193);
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    const chance = new Chance(hash);
    chance.next();
    chance.next();
    return chance;
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  happens(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.next() * from.length)];
    if (picked === undefined) throw new Error('there is nothing to pick from');
    return picked;
  }

  /** One of the list, each as likely as its weight; weights of 0 are never picked. */
  weighted<T>(from: readonly T[], weightOf: (one: T) => number): T {
    const total = from.reduce((sum, one) => sum + weightOf(one), 0);
    let left = this.next() * total;
    for (const one of from) {
      left -= weightOf(one);
      if (left < 0) return one;
    }
    return this.pick(from.filter((one) => weightOf(one) > 0));
  }

  /** The list in another order. */
  shuffled<T>(from: readonly T[]): T[] {
    const list = [...from];
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.whole(0, i);
      [list[i], list[j]] = [list[j]!, list[i]!];
    }
    return list;
  }
}
