import { hash } from 'node:crypto';

/** 96 bits of a case id: among a million cases two of them share these by a chance of 1 in 10^17. */
const KEY_WORDS = 3;
const CHUNK_RECORDS = 8_192;

/**
 * Remembers which cases were seen and, as a 32-bit sum per column, what the first row of each said. A record takes twelve bytes and four per column, in
 * large buffers, and the index five to ten more: a million cases of six columns some 45 MB, whatever the length of their texts.
 */
export class CaseRegister {
  readonly #recordWords: number;
  readonly #chunks: Uint32Array[] = [];
  /** Number of a record + 1, by hash of its key; 0 is free. */
  #slots = new Uint32Array(1_024);
  #size = 0;

  constructor(columns: number) {
    this.#recordWords = KEY_WORDS + columns;
  }

  get size(): number {
    return this.#size;
  }

  /** Takes what a row says of its case: `new` for the first row, `same`, or the index of the first column that differs from the first row. */
  meet(caseId: string, saying: readonly string[]): 'new' | 'same' | number {
    const key = hash('sha256', caseId, 'buffer');
    const words = [key.readUInt32LE(0), key.readUInt32LE(4), key.readUInt32LE(8)] as const;
    const slot = this.#slotOf(words);
    const found = this.#slots[slot]!;
    if (found === 0) {
      this.#add(slot, words, saying);
      return 'new';
    }
    const { chunk, at } = this.#record(found - 1);
    const different = saying.findIndex((text, column) => chunk[at + KEY_WORDS + column] !== sumOf(text));
    return different < 0 ? 'same' : different;
  }

  #add(slot: number, words: readonly number[], saying: readonly string[]): void {
    if (this.#size % CHUNK_RECORDS === 0) this.#chunks.push(new Uint32Array(CHUNK_RECORDS * this.#recordWords));
    const { chunk, at } = this.#record(this.#size);
    chunk.set(words, at);
    saying.forEach((text, column) => (chunk[at + KEY_WORDS + column] = sumOf(text)));
    this.#size += 1;
    this.#slots[slot] = this.#size;
    if (this.#size * 4 > this.#slots.length * 3) this.#spread();
  }

  /** The slot of a key, or the free one where it belongs. */
  #slotOf(words: readonly [number, number, number]): number {
    const mask = this.#slots.length - 1;
    for (let slot = words[0] & mask; ; slot = (slot + 1) & mask) {
      const found = this.#slots[slot]!;
      if (found === 0) return slot;
      const { chunk, at } = this.#record(found - 1);
      if (chunk[at] === words[0] && chunk[at + 1] === words[1] && chunk[at + 2] === words[2]) return slot;
    }
  }

  #record(index: number): { chunk: Uint32Array; at: number } {
    return { chunk: this.#chunks[Math.floor(index / CHUNK_RECORDS)]!, at: (index % CHUNK_RECORDS) * this.#recordWords };
  }

  #spread(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.#size; index += 1) {
      const { chunk, at } = this.#record(index);
      let slot = chunk[at]! & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = index + 1;
    }
  }
}

/** FNV-1a over the code units of a text, with a last mix so that short texts differ in every bit. */
function sumOf(text: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  sum ^= sum >>> 16;
  sum = Math.imul(sum, 0x85ebca6b);
  return (sum ^ (sum >>> 13)) >>> 0;
}
