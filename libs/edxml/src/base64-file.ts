import { createHash, type Hash } from 'node:crypto';
import { type AttachmentFacts } from './edxml-message.ts';

/** A file as it comes in, of which the size and the hash remain. */
export class Base64File {
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;
  /** Characters that do not make a whole group yet. */
  #rest = '';
  #padded = false;

  /** False where this cannot be base64. */
  write(text: string): boolean {
    const characters = this.#rest + text.replace(/[ \t\r\n]+/g, '');
    if (characters === '') return true;
    if (this.#padded || !/^[A-Za-z0-9+/]*={0,2}$/.test(characters)) return false;
    // What ends a piece may be padded in the next.
    this.#padded = characters.endsWith('=') && characters.length % 4 === 0;
    const whole = characters.length - (characters.length % 4);
    this.#add(characters.slice(0, whole));
    this.#rest = characters.slice(whole);
    return true;
  }

  /** Undefined where the last group is not whole. */
  end(): Pick<AttachmentFacts, 'bytes' | 'sha256'> | undefined {
    if (this.#rest !== '') return undefined;
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  #add(characters: string): void {
    const bytes = Buffer.from(characters, 'base64');
    this.#bytes += bytes.length;
    this.#hash.update(bytes);
  }
}
