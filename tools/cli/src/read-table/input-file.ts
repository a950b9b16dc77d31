import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { codeOf, Mistake } from '../mistake.ts';

/** A file as a stream of its bytes, unpacked where its name ends in `.gz`. */
export interface InputFile {
  stream: Readable;
  /** Bytes of the file (as stored) that were read so far. */
  bytesRead(): number;
  close(): void;
}

export function openInput(file: string): InputFile {
  const stored = createReadStream(file);
  if (!file.toLowerCase().endsWith('.gz')) {
    return { stream: stored, bytesRead: () => stored.bytesRead, close: () => void stored.destroy() };
  }
  const unpacked = createGunzip();
  // A file that breaks while it is read ends the unpacking too, so that its reader hears of it.
  stored.on('error', (error) => unpacked.destroy(error));
  stored.pipe(unpacked);
  const close = (): void => {
    stored.destroy();
    unpacked.destroy();
  };
  return { stream: unpacked, bytesRead: () => stored.bytesRead, close };
}

/**
 * The text of a file, piece by piece. @throws Mistake with the line where the bytes are no UTF-8: a file in another encoding read as UTF-8 would
 * lose its Vietnamese letters without a word.
 */
export async function* utf8Text({ stream }: Pick<InputFile, 'stream'>, file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  const decoded = (chunk: Buffer | undefined): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch (error) {
      if (codeOf(error) !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
      throw new Mistake('import.not-utf8', {
        en: `${file} is not UTF-8 (line ${line + goodLines(chunk)}): save it as UTF-8`,
        vi: `${file} không phải UTF-8 (dòng ${line + goodLines(chunk)}): hãy lưu lại dạng UTF-8`,
      });
    }
  };
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const text = decoded(chunk);
      line += newlinesIn(text);
      if (text !== '') yield text;
    }
  } catch (error) {
    throw readMistake(file, error);
  }
  decoded(undefined);
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Lines of a chunk before the first byte that is wrong; some bytes at its beginning may belong to a letter of the chunk before. */
function goodLines(chunk: Buffer | undefined): number {
  if (!chunk) return 0;
  const text = new TextDecoder('utf-8').decode(chunk);
  const wrong = text.indexOf('\ufffd', 1);
  return newlinesIn(wrong < 0 ? text : text.slice(0, wrong));
}

/** What is wrong with reading a file, in words where it is the file's fault. */
export function readMistake(file: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code.startsWith('Z_')) {
    return new Mistake('import.broken-gzip', {
      en: `${file} is not a whole gzip file (${code})`,
      vi: `${file} là tệp gzip bị hỏng (${code})`,
    });
  }
  if (!['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR'].includes(code)) return error;
  return new Mistake('option.no-file', { en: `cannot read ${file} (${code})`, vi: `không đọc được ${file} (${code})` });
}

/** Size of a file as stored. @throws Mistake where there is no such file */
export async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isFile()) return found.size;
  } catch (error) {
    throw readMistake(file, error);
  }
  throw new Mistake('option.no-file', { en: `${file} is not a file`, vi: `${file} không phải là tệp` });
}
