import { isUtf8 } from 'node:buffer';

/** A line of a file: its text, or why it cannot be read. */
export type ReadLine = { line: number } & ({ text: string } | { fault: 'line.too-long' | 'line.not-utf8' });

const NEWLINE = 0x0a;

/**
 * Splits a stream of bytes into lines, without their ends (LF or CRLF) and without the byte-order mark of the first. A line longer than `longest` bytes is
 * not held: it is told as too long and passed over.
 */
export async function* readLines(stream: AsyncIterable<Buffer>, longest: number): AsyncGenerator<ReadLine> {
  let pieces: Buffer[] = [];
  let length = 0;
  let line = 0;
  const take = (last: Buffer): ReadLine => {
    line += 1;
    const whole = length + last.length > longest ? undefined : Buffer.concat([...pieces, last]);
    pieces = [];
    length = 0;
    if (!whole) return { line, fault: 'line.too-long' };
    if (!isUtf8(whole)) return { line, fault: 'line.not-utf8' };
    return { line, text: (line === 1 ? whole.toString('utf8').replace(/^\ufeff/, '') : whole.toString('utf8')).replace(/\r$/, '') };
  };
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield take(chunk.subarray(start, end));
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    length += rest.length;
    // What is too long already is counted and not kept.
    if (length > longest) pieces = [];
    else if (rest.length > 0) pieces.push(rest);
  }
  if (length > 0) yield take(Buffer.alloc(0));
}
