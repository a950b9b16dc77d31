import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Transform, type Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';

/** A part of a ZIP archive, by its entry in the central directory. */
interface Entry {
  name: string;
  flags: number;
  method: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
}

/** What is wrong with an archive: `not-zip` (another kind of file), `encrypted`, `broken`. */
export class ZipError extends Error {
  constructor(
    readonly kind: 'not-zip' | 'encrypted' | 'broken',
    message: string,
  ) {
    super(message);
    this.name = 'ZipError';
  }
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const LARGEST_DIRECTORY = 64 * 1024 * 1024;

/**
 * A ZIP archive read by its central directory, each part as a stream, so that any part can be read first and nothing is written to disk. Made for
 * workbooks: stored and deflated parts, archives over 4 GB (ZIP64), check sums verified.
 */
export class ZipArchive {
  private constructor(
    private readonly file: string,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws ZipError where the file is no archive or its directory cannot be read */
  static async open(file: string): Promise<ZipArchive> {
    const handle = await open(file, 'r');
    try {
      const entries = await readDirectory(handle, (await handle.stat()).size);
      return new ZipArchive(file, new Map(entries.map((entry) => [entry.name, entry])));
    } finally {
      await handle.close();
    }
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** Bytes of a part inside the archive; 0 where it has none of that name. */
  packedSize(name: string): number {
    return this.entries.get(name)?.packed ?? 0;
  }

  /** A part, unpacked. A part whose bytes are wrong ends with a ZipError. `onPacked` hears how many of its packed bytes were read. */
  async stream(name: string, onPacked: (bytes: number) => void = () => undefined): Promise<Readable> {
    const entry = this.entries.get(name);
    if (!entry) throw new ZipError('broken', `it has no part ${name}`);
    if (entry.flags & 1) throw new ZipError('encrypted', `${name} is encrypted`);
    if (entry.method !== 0 && entry.method !== 8) throw new ZipError('broken', `${name} is packed by method ${entry.method}`);
    const start = await this.#dataOffset(entry);
    if (entry.packed === 0) return Transform.from([]);
    const packed = createReadStream(this.file, { start, end: start + entry.packed - 1 });
    packed.on('data', () => onPacked(packed.bytesRead));
    const checked = checkedBytes(entry);
    packed.on('error', (error) => checked.destroy(error));
    if (entry.method === 0) return packed.pipe(checked);
    const inflated = createInflateRaw();
    inflated.on('error', (error) => checked.destroy(new ZipError('broken', `${name}: ${error.message}`)));
    checked.on('close', () => {
      packed.destroy();
      inflated.destroy();
    });
    return packed.pipe(inflated).pipe(checked);
  }

  /** The local header has extra fields of its own, so only it knows where the data begins. */
  async #dataOffset({ name, offset }: Entry): Promise<number> {
    const handle = await open(this.file, 'r');
    try {
      const header = await bytesAt(handle, offset, 30);
      if (header.readUInt32LE(0) !== LOCAL) throw new ZipError('broken', `${name} is not where the directory says`);
      return offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    } finally {
      await handle.close();
    }
  }
}

function checkedBytes({ name, crc, size }: Entry): Transform {
  let sum = 0;
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sum = crc32(chunk, sum);
      seen += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      done(sum === crc && seen === size ? null : new ZipError('broken', `${name} has wrong bytes`));
    },
  });
}

async function readDirectory(handle: FileHandle, fileSize: number): Promise<Entry[]> {
  const tailSize = Math.min(fileSize, 22 + 65_535);
  const tail = await bytesAt(handle, fileSize - tailSize, tailSize);
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw new ZipError('not-zip', 'it is not a ZIP archive, or its end is missing');
  let size = tail.readUInt32LE(end + 12);
  let offset = tail.readUInt32LE(end + 16);
  if (end >= 20 && tail.readUInt32LE(end - 20) === LOCATOR_64) {
    const end64 = await bytesAt(handle, numberAt(tail, end - 20 + 8), 56);
    if (end64.readUInt32LE(0) !== END_64) throw new ZipError('broken', 'its ZIP64 directory is not where it says');
    size = numberAt(end64, 40);
    offset = numberAt(end64, 48);
  }
  if (size > LARGEST_DIRECTORY) throw new ZipError('broken', 'its directory is too large for a workbook');
  const directory = await bytesAt(handle, offset, size);
  const entries: Entry[] = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === CENTRAL;) {
    const nameLength = directory.readUInt16LE(at + 28);
    const extraLength = directory.readUInt16LE(at + 30);
    entries.push(entryAt(directory, at, nameLength, extraLength));
    at += 46 + nameLength + extraLength + directory.readUInt16LE(at + 32);
  }
  return entries;
}

function entryAt(directory: Buffer, at: number, nameLength: number, extraLength: number): Entry {
  const entry: Entry = {
    name: directory.toString('utf8', at + 46, at + 46 + nameLength),
    flags: directory.readUInt16LE(at + 8),
    method: directory.readUInt16LE(at + 10),
    crc: directory.readUInt32LE(at + 16),
    packed: directory.readUInt32LE(at + 20),
    size: directory.readUInt32LE(at + 24),
    offset: directory.readUInt32LE(at + 42),
  };
  const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
  for (let field = 0; field + 4 <= extra.length; field += 4 + extra.readUInt16LE(field + 2)) {
    if (extra.readUInt16LE(field) !== 1) continue;
    // ZIP64: only the numbers that did not fit above stand here, in this order.
    let next = field + 4;
    for (const key of ['size', 'packed', 'offset'] as const) {
      if (entry[key] !== 0xffffffff) continue;
      entry[key] = numberAt(extra, next);
      next += 8;
    }
  }
  return entry;
}

function numberAt(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  if (bytesRead < length) throw new ZipError('broken', 'it ends too early');
  return bytes;
}
