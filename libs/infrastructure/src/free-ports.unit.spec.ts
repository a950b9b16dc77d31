import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { candidateBlocks, choosePortBlock, readPort } from './free-ports.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'par-ports-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('blocks of ports', () => {
  it('never overlap, stay below the ephemeral range and are the same for the same seed', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const blocks = candidateBlocks(seed);
        expect(new Set(blocks.map((first) => Math.floor(first / 20))).size).toBe(blocks.length);
        expect(Math.min(...blocks)).toBeGreaterThanOrEqual(20_000);
        expect(Math.max(...blocks) + 19).toBeLessThan(32_768);
        expect(candidateBlocks(seed)).toEqual(blocks);
      }),
      { numRuns: 20 },
    );
  });

  it('are taken again in the next run, unless another program has one of their ports by then', async () => {
    const first = await choosePortBlock(directory, 3);
    expect(await choosePortBlock(directory, 3)).toBe(first);
    const server = createServer();
    await new Promise<void>((done) => server.listen(first + 2, '127.0.0.1', done));
    const second = await choosePortBlock(directory, 3);
    await new Promise((done) => server.close(done));
    expect(second).not.toBe(first);
    expect(readFileSync(join(directory, 'ports.json'), 'utf8')).toBe(JSON.stringify({ first: second }));
  });

  it('that just failed are passed over', async () => {
    const first = await choosePortBlock(directory, 1);
    expect(await choosePortBlock(directory, 1, new Set([first]))).not.toBe(first);
  });

  it('survive a record that was cut off', async () => {
    writeFileSync(join(directory, 'ports.json'), '{"first": 2');
    expect(await choosePortBlock(directory, 1)).toBe(candidateBlocks(directory)[0]);
    expect(readPort('{"first":20040}')).toBe(20_040);
    for (const text of ['', '{}', '{"first":80}', '{"first":45000}']) expect(readPort(text)).toBeUndefined();
  });
});
