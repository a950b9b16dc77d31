/** A signature dictionary of a PDF file (ISO 32000-1, 12.8.1). Offsets in bytes. */
export interface PdfSignature {
  /** The two ranges that are signed: offset, length, offset, length. */
  byteRange: readonly [number, number, number, number];
  /** Where its `Contents` begins (`<`) and ends (after `>`). */
  contents: { start: number; end: number };
  subFilter: string;
  /** When its signer says that it was made (`M`). */
  claimedAt?: Date;
}

/** Objects that speak of a byte range; more than these in one file are no signatures of people. */
const MOST_OBJECTS = 64;
/** How far a signature dictionary's values may be nested. */
const DEEPEST = 16;
/** The longest signature dictionary in bytes: `Contents` with revocation lists inside may be megabytes. */
const LONGEST_OBJECT = 4_000_000;

/** Whether the file says of itself that it is a PDF; readers allow some bytes before. */
export function isPdf(file: Buffer): boolean {
  return file.subarray(0, 1_024).includes('%PDF-');
}

/**
 * Every signature dictionary of a file, in the order of what they cover; undefined for one that cannot be read. A signature has to stand open in the file, since its own bytes
 * are left out of what it signs; so no object stream need be unpacked. What only looks like one (text of a page) is passed over: it can make nothing valid.
 */
export function findPdfSignatures(file: Buffer): (PdfSignature | undefined)[] {
  const found: (PdfSignature | undefined)[] = [];
  let objects = 0;
  let searched = 0;
  for (let at = file.indexOf('/ByteRange'); at >= 0; at = file.indexOf('/ByteRange', at + 1)) {
    // Only what lies behind the one before is looked through, so that a file full of them costs one pass.
    const from = Math.max(searched, at - LONGEST_OBJECT);
    const object = file.subarray(from, at).lastIndexOf('obj');
    searched = at;
    if (object < 0) continue;
    objects += 1;
    if (objects > MOST_OBJECTS) return [...found, undefined];
    const start = from + object + 'obj'.length;
    const signature = signatureAt(file.subarray(0, start + LONGEST_OBJECT), start);
    if (signature !== 'none') found.push(signature);
  }
  return found.sort((a, b) => compareEnds(a, b));
}

function compareEnds(a: PdfSignature | undefined, b: PdfSignature | undefined): number {
  const [left, right] = [endOf(a), endOf(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

/** The first byte that a signature says nothing of. */
export function endOf(signature: PdfSignature | undefined): number {
  return signature ? signature.byteRange[2] + signature.byteRange[3] : Infinity;
}

function signatureAt(file: Buffer, start: number): PdfSignature | undefined | 'none' {
  const members = dictionaryAt(file, start);
  if (members === undefined) return undefined;
  const range = members.get('ByteRange')?.is;
  if (range === undefined) return 'none';
  const contents = members.get('Contents');
  const subFilter = members.get('SubFilter')?.is;
  if (!isByteRange(range) || contents === undefined || !contents.hex || typeof subFilter !== 'string') return undefined;
  const claimedAt = pdfDate(members.get('M')?.is);
  return {
    byteRange: range,
    contents: { start: contents.start, end: contents.end },
    subFilter,
    ...(claimedAt === undefined ? {} : { claimedAt }),
  };
}

/** Empty where another object stands there; undefined where it cannot be read. */
function dictionaryAt(file: Buffer, start: number): Map<string, Value> | undefined {
  try {
    const { is } = new PdfReader(file, start).value(0);
    return is instanceof Map ? is : new Map<string, Value>();
  } catch (error) {
    if (error instanceof PdfUnreadable) return undefined;
    throw error;
  }
}

function isByteRange(value: unknown): value is [number, number, number, number] {
  return Array.isArray(value) && value.length === 4 && value.every((number) => Number.isSafeInteger(number) && (number as number) >= 0);
}

/** `D:YYYYMMDDHHmmSSOHH'mm'` (ISO 32000-1, 7.9.4); without an offset, in UTC. */
function pdfDate(text: unknown): Date | undefined {
  if (typeof text !== 'string') return undefined;
  const match = /^D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:Z|([+-])(\d{2})'?(\d{2})?'?)?/.exec(text);
  if (!match) return undefined;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', sign, hours = '00', minutes = '00'] = match;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${sign ? `${sign}${hours}:${minutes}` : 'Z'}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

class PdfUnreadable extends Error {}

interface Value {
  /** Names and strings as text (hex strings as empty text), numbers, arrays of those, dictionaries; null for what is of no interest. */
  is: string | number | null | unknown[] | Map<string, Value>;
  start: number;
  end: number;
  hex: boolean;
}

const WHITE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITERS = new Set([...'()<>[]{}/%'].map((character) => character.charCodeAt(0)));

/** Reads one object of a PDF file where it stands. */
class PdfReader {
  constructor(
    private readonly file: Buffer,
    private at: number,
  ) {}

  value(depth: number): Value {
    if (depth > DEEPEST) throw new PdfUnreadable();
    this.#skip();
    const start = this.at;
    const done = (is: Value['is'], hex = false): Value => ({ is, start, end: this.at, hex });
    switch (String.fromCharCode(this.#byte())) {
      case '/':
        return done(this.#name());
      case '(':
        return done(this.#string());
      case '[':
        return done(this.#array(depth));
      case '<':
        if (this.file[this.at + 1] === 0x3c) return done(this.#dictionary(depth));
        return done(this.#hexString(), true);
      default:
        return done(this.#word());
    }
  }

  #byte(): number {
    const byte = this.file[this.at];
    if (byte === undefined) throw new PdfUnreadable();
    return byte;
  }

  #skip(): void {
    for (;;) {
      const byte = this.file[this.at];
      if (byte === 0x25) while (this.at < this.file.length && this.file[this.at] !== 10 && this.file[this.at] !== 13) this.at += 1;
      else if (byte !== undefined && WHITE.has(byte)) this.at += 1;
      else return;
    }
  }

  #regular(): string {
    const start = this.at;
    while (this.at < this.file.length && !WHITE.has(this.file[this.at]!) && !DELIMITERS.has(this.file[this.at]!)) this.at += 1;
    return this.file.toString('latin1', start, this.at);
  }

  #name(): string {
    this.at += 1;
    return this.#regular();
  }

  /** A number, or a keyword; a reference comes as three words. */
  #word(): number | null {
    const word = this.#regular();
    if (word === '') throw new PdfUnreadable();
    return /^[+-]?\d{1,15}$/.test(word) ? Number(word) : null;
  }

  #string(): string {
    const start = this.at + 1;
    let open = 0;
    do {
      const byte = this.#byte();
      if (byte === 0x5c) this.at += 1;
      else if (byte === 0x28) open += 1;
      else if (byte === 0x29) open -= 1;
      this.at += 1;
    } while (open > 0);
    return this.file.toString('latin1', start, Math.min(this.at - 1, start + 100));
  }

  #hexString(): string {
    const end = this.file.indexOf('>', this.at);
    if (end < 0) throw new PdfUnreadable();
    this.at = end + 1;
    return '';
  }

  #array(depth: number): unknown[] {
    this.at += 1;
    const items: unknown[] = [];
    for (;;) {
      this.#skip();
      if (this.#byte() === 0x5d) {
        this.at += 1;
        return items;
      }
      items.push(this.value(depth + 1).is);
    }
  }

  #dictionary(depth: number): Map<string, Value> {
    this.at += 2;
    const members = new Map<string, Value>();
    let name: string | undefined;
    for (;;) {
      this.#skip();
      const byte = this.#byte();
      if (byte === 0x3e) {
        if (this.file[this.at + 1] !== 0x3e) throw new PdfUnreadable();
        this.at += 2;
        return members;
      }
      const value = this.value(depth + 1);
      // After a name comes its value; the words of a reference after its first are passed over.
      if (name === undefined && byte === 0x2f) name = value.is as string;
      else if (name !== undefined) {
        // A name that comes twice may be read either way, so neither counts.
        if (members.has(name)) throw new PdfUnreadable();
        members.set(name, value);
        name = undefined;
      }
    }
  }
}
