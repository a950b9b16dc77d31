import { describe, expect, it } from '@jest/globals';
import { type Manifest, type ManifestAnswer, type StateKey } from '@par/contracts';
import { dossierHash, hashText, type ManifestItem } from '@par/ingress/manifest';
import { ManifestLines } from './manifest-lines.ts';
import { askForReceipt } from './dialogue.ts';

const item = (name: string, state = '10'): ManifestItem => ({ key: { unit: 'u', state }, name, hash: dossierHash(name, state) });
const HEAD = { source: 'urn:s', asOf: '2021-07-05T16:59:59Z' };
const KEY: StateKey = { unit: 'u', state: '10' };

function answer(change: Partial<ManifestAnswer>): ManifestAnswer {
  return {
    ...{ source: 'urn:s', day: '2021-07-05', asOf: HEAD.asOf, at: HEAD.asOf, equal: false, message: { en: '', vi: '' }, lines: [] },
    ...{ missing: [], surplus: [], otherState: [], otherLine: [], unnamed: 0, next: null },
    ...change,
  };
}

describe('the lines of a manifest', () => {
  const lines = new ManifestLines([...Array.from({ length: 300 }, (_, n) => item(`D${n}`)), item('E', '2')]);

  it('are sums by unit and state', () => {
    const [done, open] = lines.lines();
    expect([done!.count, open]).toEqual([300, { unit: 'u', state: '2', count: 1, hash: hashText(dossierHash('E', '2')) }]);
  });

  it('are divided by the first digits of the hash, every part listed, and add up', () => {
    const [done] = lines.lines([{ ...KEY, by: 'parts', digits: 2 }]);
    expect(done!.parts).toHaveLength(256);
    expect(done!.parts!.reduce((sum, part) => sum + part.count, 0)).toBe(300);
    expect(hashText(done!.parts!.reduce((sum, part) => sum ^ BigInt(`0x${part.hash}`), 0n))).toBe(done!.hash);
    const [finer] = lines.lines([{ ...KEY, by: 'parts', prefixes: ['00', 'a1'], digits: 4 }]);
    expect(finer!.parts!.map(({ prefix }) => prefix.slice(0, 2))).toEqual([...Array(256).fill('00'), ...Array(256).fill('a1')]);
  });

  it('name what a part has, and divide a wish that is too large for one manifest', () => {
    const prefixes = Array.from({ length: 16 }, (_, n) => n.toString(16));
    const wish = { ...KEY, by: 'codes' as const, prefixes };
    expect(lines.sizeOf(wish)).toEqual({ names: 300, parts: 16 });
    const split = lines.split(wish, { names: 100, parts: 1_000 });
    expect(split.flatMap((each) => each.prefixes)).toEqual(prefixes);
    for (const each of split) expect(lines.sizeOf(each).names).toBeLessThanOrEqual(100);
    const [done] = lines.lines([split[0]!]);
    expect(done!.parts!.flatMap(({ codes }) => codes)).toHaveLength(lines.sizeOf(split[0]!).names);
    const parts = { ...KEY, by: 'parts' as const, prefixes: ['00', '01', '02'], digits: 4 };
    expect(lines.split(parts, { names: 1, parts: 600 }).map((each) => each.prefixes)).toEqual([['00', '01'], ['02']]);
    expect(lines.split({ ...KEY, by: 'codes' }, { names: 1, parts: 1 })).toEqual([{ ...KEY, by: 'codes' }]);
  });
});

describe('the dialogue of par manifest', () => {
  const items = [item('A'), item('B'), item('C', '2')];

  async function talk(answers: ManifestAnswer[]): Promise<{ receipt: Awaited<ReturnType<typeof askForReceipt>>; asked: Manifest[] }> {
    const asked: Manifest[] = [];
    const receipt = await askForReceipt(HEAD, items, (manifest) => {
      asked.push(manifest);
      return Promise.resolve(answers[asked.length - 1]!);
    });
    return { receipt, asked };
  }

  it('ends at once where all is equal', async () => {
    const { receipt, asked } = await talk([answer({ equal: true })]);
    expect([asked.length, receipt.equal]).toEqual([1, true]);
  });

  it('knows a single missing dossier by its hash, without asking', async () => {
    const sum = { count: 1, hash: '0' };
    const single = { side: 'missing' as const, hash: hashText(dossierHash('B', '10')) };
    const line = { ...KEY, theirs: sum, ours: sum, equal: false, single };
    const { receipt, asked } = await talk([answer({ lines: [line], next: [{ ...KEY, by: 'codes' }] })]);
    expect([asked.length, receipt.missing]).toEqual([1, [{ ...KEY, code: 'B' }]]);
  });

  it('names what is asked for, line by line, and tells a moved dossier from a surplus one', async () => {
    const { receipt, asked } = await talk([
      answer({ surplus: [{ unit: 'u', state: '9', code: 'C' }], next: [{ ...KEY, by: 'codes' }] }),
      answer({ missing: [{ ...KEY, code: 'A' }], surplus: [{ ...KEY, code: 'X' }] }),
    ]);
    expect(asked[1]!.lines.map((line) => line.codes)).toEqual([['A', 'B'], undefined]);
    expect(receipt).toMatchObject({
      missing: [{ code: 'A' }],
      surplus: [{ code: 'X' }],
      moved: [{ code: 'C', theirs: { unit: 'u', state: '2' }, ours: { unit: 'u', state: '9' } }],
    });
  });

  it('goes on dividing until parts are asked for by name, and no further', async () => {
    const { asked } = await talk([
      answer({ next: [{ ...KEY, by: 'parts', digits: 2 }] }),
      answer({
        next: [
          { ...KEY, by: 'codes', prefixes: ['00'] },
          { ...KEY, by: 'parts', prefixes: ['01'], digits: 4 },
        ],
      }),
      answer({ next: [{ ...KEY, by: 'parts', digits: 2 }] }),
      answer({ next: [{ ...KEY, by: 'parts', prefixes: ['01'], digits: 4 }] }),
    ]);
    expect(asked.map(({ lines }) => lines[0]!.parts?.length)).toEqual([undefined, 256, 1, 256]);
    expect(asked[2]!.lines[0]!.parts![0]).toMatchObject({ prefix: '00', codes: expect.any(Array) });
  });
});
