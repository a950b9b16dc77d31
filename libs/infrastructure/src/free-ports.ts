import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const FIRST = 20_000;
const STEP = 20;
/** Below 32768, where the ephemeral ports of Linux begin, so that no outgoing connection ever sits on a port of ours. */
const BLOCKS = Math.floor((32_700 - FIRST) / STEP);

/**
 * First ports of all blocks of 20, beginning at a place that depends on the seed: two checkouts, or `npm start` and
 * `npm test` side by side, look at different blocks first and so hardly ever race for one.
 */
export function candidateBlocks(seed: string): number[] {
  const start = createHash('sha256').update(seed).digest().readUInt32BE(0) % BLOCKS;
  return Array.from({ length: BLOCKS }, (_, i) => FIRST + ((start + i) % BLOCKS) * STEP);
}

/** Whether a server could listen on this port of the loopback interface now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer();
    server.once('error', () => answer(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => answer(true)));
  });
}

async function areFree(first: number, count: number): Promise<boolean> {
  for (let i = 0; i < count; i++) if (!(await isPortFree(first + i))) return false;
  return true;
}

/**
 * The first port of a block of `count` free ports for the instance in `directory`. The block of the last run is taken
 * again where it is free, so that addresses stay the same from start to start; `refused` are blocks that failed just now.
 */
export async function choosePortBlock(directory: string, count: number, refused: ReadonlySet<number> = new Set()): Promise<number> {
  const record = join(directory, 'ports.json');
  const last = existsSync(record) ? readPort(readFileSync(record, 'utf8')) : undefined;
  for (const first of last === undefined ? candidateBlocks(directory) : [last, ...candidateBlocks(directory)]) {
    if (refused.has(first) || !(await areFree(first, count))) continue;
    writeFileSync(record, JSON.stringify({ first }));
    return first;
  }
  throw new Error(`no ${count} free ports in a row between ${FIRST} and 32700 on 127.0.0.1`);
}

/** What an earlier run wrote down; undefined where the file was cut off or does not make sense. */
export function readPort(text: string): number | undefined {
  const first = /"first":\s*(\d{4,5})\b/.exec(text)?.[1];
  return first !== undefined && Number(first) >= FIRST && Number(first) < 32_768 ? Number(first) : undefined;
}
