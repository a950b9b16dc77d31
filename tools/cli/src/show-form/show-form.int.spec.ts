import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkIdentities, type FormAnswer } from '@par/administration';
import { Mistake } from '../mistake.ts';
import { checkForm } from './check-form.command.ts';
import { showForm } from './show-form.command.ts';
import { specForm } from './spec-form.ts';

const PUBLISHED = new URL('../../../../../shared/data/published-figures/', import.meta.url).pathname;

describe('par form', () => {
  let server: Server;
  let scoring: string;
  let directory: string;
  let answer: FormAnswer = specForm();
  const asked: string[] = [];
  let printed = '';
  let noted = '';
  const terminal = {
    language: 'en' as const,
    print: (text: string) => void (printed = text),
    note: (text: string) => void (noted = text),
  };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'par-form-'));
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    scoring = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await new Promise((done) => server.close(done));
    await rm(directory, { recursive: true });
  });

  it('prints the form and writes it to files', async () => {
    const csv = join(directory, 'form.csv');
    const xlsx = join(directory, 'form.xlsx');
    expect(await showForm({ year: '2021', unit: 'ward', csv, xlsx, scoring }, terminal)).toBe(0);
    expect(asked.pop()).toBe('/v1/forms/ii-06a?period=2021&unit=ward');
    expect(printed).toContain('Form II.06a/VPCP/KSTT');
    expect(noted).toBe(`Wrote ${xlsx}`);
    expect(await readFile(csv, 'utf8')).toContain('1,Phòng Tài chính,1206,1,1200,5,');
    expect((await readFile(xlsx)).subarray(0, 2).toString()).toBe('PK');
    expect(await showForm({ json: true, scoring }, terminal)).toBe(0);
    expect(JSON.parse(printed)).toEqual(answer);
    await expect(showForm({ csv: join(directory, 'no/such/folder.csv'), scoring }, terminal)).rejects.toMatchObject({
      code: 'form.not-written',
    });
  });

  it('ends with 1 where an identity fails', async () => {
    const ward = specForm().cities[0]!.rows[1]!;
    ward.done.late += 1;
    answer = specForm({ identities: checkIdentities(ward).map((failure) => ({ unit: 'ward', ...failure })) });
    expect(await showForm({ scoring }, terminal)).toBe(1);
    expect(printed).toContain('ward: 7 = 8 + 9 + 10 + 7a does not hold');
    expect(await showForm({ json: true, scoring }, terminal)).toBe(1);
  });

  it('checks published reports', async () => {
    expect(await checkForm({ file: join(PUBLISHED, 'hue-one-stop-2020.json') }, terminal)).toBe(1);
    expect(printed.split('\n')).toEqual(
      expect.arrayContaining([
        'whole report',
        'cityAuthority',
        '  7 = 9 + 10 does not hold: 17,265 + 1,458 = 18,723 ≠ 18,273 (difference −450); digits transposed: 18,273 told, 18,723 fits',
        '15 checks: 8 that do not add up',
      ]),
    );
    expect(await checkForm({ file: join(PUBLISHED, 'thua-thien-hue-portal-statistics.json'), json: true }, terminal)).toBe(1);
    expect(JSON.parse(printed)).toMatchObject({
      checked: 8,
      findings: [{ block: 'level 1,2' }, { block: 'level 3' }, { block: 'level 4' }],
    });
  });

  it('finds nothing wrong with a form of its own', async () => {
    const file = join(directory, 'own.json');
    await writeFile(file, `\uFEFF${JSON.stringify(specForm())}`);
    expect(await checkForm({ file }, terminal)).toBe(0);
    // Four identities each of two units, a body beside and two totals.
    expect(printed).toBe('20 checks: all adds up');
  });

  it('says what is wrong with a file that cannot be checked', async () => {
    const text = join(directory, 'text.json');
    await writeFile(text, 'received: 3');
    const codes = await Promise.all(
      [join(PUBLISHED, 'par-index-2021-districts.json'), text, join(directory, 'missing.json')].map((file) =>
        checkForm({ file }, terminal).catch((error: unknown) => (error instanceof Mistake ? [error.code, error.exitCode] : error)),
      ),
    );
    expect(codes).toEqual([
      ['form.nothing-to-check', 2],
      ['form.not-json', 2],
      ['form.not-read', 2],
    ]);
  });
});
