import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeLines } from './write-lines.ts';

describe('writeLines', () => {
  let folder: string;
  const lines = Array.from({ length: 1_203 }, (_, n) => `{"n":${n},"name":"Phường Vỹ Dạ"}`);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'par-demo-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('writes one a line, with a line end after the last', async () => {
    await writeLines(join(folder, 'events.ndjson'), lines);
    expect(await readFile(join(folder, 'events.ndjson'), 'utf8')).toBe(`${lines.join('\n')}\n`);
  });

  it('packs where the name says so', async () => {
    await writeLines(join(folder, 'events.ndjson.gz'), lines);
    expect(gunzipSync(await readFile(join(folder, 'events.ndjson.gz'))).toString('utf8')).toBe(`${lines.join('\n')}\n`);
  });

  it('says in words that a file cannot be written', async () => {
    await expect(writeLines(join(folder, 'no', 'such', 'folder'), lines)).rejects.toMatchObject({ code: 'option.bad-file' });
  });
});
