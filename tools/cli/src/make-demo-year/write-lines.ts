import { createWriteStream } from 'node:fs';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Mistake } from '../mistake.ts';

/** Lines that go down at once: a write for each line would be most of the work. */
const LINES_AT_ONCE = 500;

/** Writes lines to a file, packed where its name ends in `.gz`, or to standard output for `-`. @throws Mistake where the file cannot be written */
export async function writeLines(file: string, lines: Iterable<string>): Promise<void> {
  const source = Readable.from(inBlocks(lines), { objectMode: false });
  if (file === '-') {
    await pipeline(source, process.stdout, { end: false });
    return;
  }
  const packed: Transform[] = file.endsWith('.gz') ? [createGzip()] : [];
  try {
    await pipeline([source, ...packed, createWriteStream(file)]);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'ENOSPC', 'EROFS'].includes(code)) throw error;
    throw new Mistake('option.bad-file', { en: `cannot write ${file} (${code})`, vi: `không ghi được ${file} (${code})` });
  }
}

function* inBlocks(lines: Iterable<string>): Generator<string> {
  let block: string[] = [];
  for (const line of lines) {
    block.push(line);
    if (block.length < LINES_AT_ONCE) continue;
    yield `${block.join('\n')}\n`;
    block = [];
  }
  if (block.length > 0) yield `${block.join('\n')}\n`;
}
