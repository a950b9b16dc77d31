import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PostItem } from '../post-events/posting.ts';
import { readEvents } from './read-events.ts';
import { readLines, type ReadLine } from './read-lines.ts';

async function* pieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let start = 0;
  for (const size of [...sizes, bytes.length]) {
    yield await Promise.resolve(bytes.subarray(start, start + size));
    start += size;
  }
}

async function collected<T>(from: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
}

describe('readLines', () => {
  it('gives the same lines however the file comes in pieces', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'ữ', '{', ' ', '😀', '\r') }).filter((text) => !text.endsWith('\r'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.array(fc.nat(5)),
        async (lines, end, last, sizes) => {
          const text = lines.join(end) + (last && lines.length > 0 ? end : '');
          const expected = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
          const read = await collected(readLines(pieces(Buffer.from(text), sizes), 1_000));
          expect(read).toEqual(expected.map((each, index) => ({ line: index + 1, text: each })));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('passes over a line that is too long or not UTF-8, and knows the number of the next', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`\ufeffone\n${'x'.repeat(50)}\n`),
      Buffer.from([0xc3, 0x28, 0x0a]),
      Buffer.from(`last${'y'.repeat(40)}`),
    ]);
    const expected: ReadLine[] = [
      { line: 1, text: 'one' },
      { line: 2, fault: 'line.too-long' },
      { line: 3, fault: 'line.not-utf8' },
      { line: 4, fault: 'line.too-long' },
    ];
    for (const size of [1, 7, 1_000]) {
      expect(await collected(readLines(pieces(bytes, Array(100).fill(size)), 20))).toEqual(expected);
    }
  });
});

describe('readEvents', () => {
  const read = (text: string): Promise<PostItem[]> => collected(readEvents(pieces(Buffer.from(text), [])));

  it('passes an event on as it is written', async () => {
    const json = '{ "type":"vn.par.dossier.returned.v1","id":"1","source":"urn:x","subject":"D", "data":{"n":1.0} }';
    const [item] = await read(`${json}\n`);
    expect(item).toMatchObject({
      line: 1,
      faults: [],
      events: [{ type: 'vn.par.dossier.returned.v1', id: '1', source: 'urn:x', subject: 'D' }],
    });
    expect(item?.events[0]?.json()).toBe(json);
  });

  it.each<[string, string, string | undefined]>([
    ['{"type":', 'line.not-json', undefined],
    ['[]', 'event.not-an-object', undefined],
    ['null', 'event.not-an-object', undefined],
    ['{"id":"7"}', 'event.missing-attribute', '7'],
    ['{"id":"7","type":"vn.par.unheard.of.v1"}', 'event.unknown-type', '7'],
    ['{"id":"7","type":"vn.par.figure.changed.v1"}', 'event.not-taken', '7'],
    ['{"id":"7","type":"toString"}', 'event.unknown-type', '7'],
  ])('refuses %s with its line', async (line, code, id) => {
    const items = await read(`\n${line}`);
    expect(items[0]).toEqual({ line: 1, events: [], faults: [] });
    expect(items[1]).toMatchObject({ line: 2, events: [], faults: [{ code, ...(id && { id }), text: { vi: expect.any(String) } }] });
  });
});
