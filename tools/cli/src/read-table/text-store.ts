const CHUNK = 1024 * 1024;

/** The shared texts of a workbook are more than is held in memory. */
export class TooManyTexts extends Error {}

/** Many short texts by number, as UTF-8 in a few large buffers: about their bytes and eight more each, and not one object per text. */
export class TextStore {
  readonly #chunks: Buffer[] = [];
  #used = 0;
  #bytes = 0;
  #count = 0;
  /** Chunk and offset of the beginning, and length; two numbers per text. */
  #places = new Uint32Array(2_048);
  #chunkOf = new Uint16Array(1_024);

  constructor(private readonly limitBytes: number) {}

  get size(): number {
    return this.#count;
  }

  /** @throws TooManyTexts beyond the limit */
  push(text: string): void {
    const length = Buffer.byteLength(text);
    this.#bytes += length + 10;
    if (this.#bytes > this.limitBytes) throw new TooManyTexts();
    if (this.#chunks.length === 0 || this.#used + length > CHUNK) {
      this.#chunks.push(Buffer.allocUnsafeSlow(Math.max(CHUNK, length)));
      this.#used = 0;
    }
    if (this.#count === this.#chunkOf.length) this.#grow();
    this.#chunks.at(-1)!.write(text, this.#used);
    this.#chunkOf[this.#count] = this.#chunks.length - 1;
    this.#places[this.#count * 2] = this.#used;
    this.#places[this.#count * 2 + 1] = length;
    this.#used += length;
    this.#count += 1;
  }

  /** The text of a number; undefined where there is none. */
  get(index: number): string | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.#count) return undefined;
    const start = this.#places[index * 2]!;
    return this.#chunks[this.#chunkOf[index]!]!.toString('utf8', start, start + this.#places[index * 2 + 1]!);
  }

  #grow(): void {
    const places = new Uint32Array(this.#places.length * 2);
    places.set(this.#places);
    this.#places = places;
    const chunkOf = new Uint16Array(this.#chunkOf.length * 2);
    chunkOf.set(this.#chunkOf);
    this.#chunkOf = chunkOf;
  }
}
