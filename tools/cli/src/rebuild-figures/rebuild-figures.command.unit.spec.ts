import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Mistake } from '../mistake.ts';
import { rebuildFigures } from './rebuild-figures.command.ts';

/** Answers as index-scoring with an operator key does. */
const asked: { method: string | undefined; authorization: string | undefined }[] = [];
const report = { state: 'done', plan: 'hue-2021', startedAt: '2021-12-31T00:00:00.000Z', subjects: 3, done: 3, moved: [] };
const server: Server = createServer(({ method, headers: { authorization } }, response) => {
  asked.push({ method, authorization });
  const isLetIn = authorization === 'Bearer right';
  const problem = { title: 'This is not the operator key', titleVi: 'Khóa vận hành không đúng', status: 401, code: 'operator.wrong-key' };
  response
    .writeHead(isLetIn ? 202 : 401, { 'content-type': isLetIn ? 'application/json' : 'application/problem+json' })
    .end(JSON.stringify(isLetIn ? report : problem));
});

describe('par rebuild and the operator key', () => {
  let scoring = '';

  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    scoring = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await new Promise((done) => server.close(done));
  });
  afterEach(() => {
    delete process.env.OPERATOR_KEY;
    asked.length = 0;
  });

  async function rebuild(key?: string): Promise<string> {
    const printed: string[] = [];
    const terminal = { language: 'vi' as const, print: (text: string) => void printed.push(text), note: () => undefined };
    await rebuildFigures({ limit: 50, scoring, ...(key === undefined ? {} : { key }) }, terminal);
    return printed.join('\n');
  }

  it('shows the key of the option', async () => {
    expect(await rebuild('right')).toContain('Đã tính lại 3 chủ thể');
    expect(asked).toEqual([{ method: 'POST', authorization: 'Bearer right' }]);
  });

  it('shows the key of the environment where no option is given', async () => {
    process.env.OPERATOR_KEY = 'right';
    expect(await rebuild()).toContain('Đã tính lại 3 chủ thể');
    process.env.OPERATOR_KEY = 'wrong';
    expect(await rebuild('right')).toContain('Đã tính lại 3 chủ thể');
  });

  it('shows none where there is none, and tells the refusal in the words of the service', async () => {
    const refused = await rebuild().catch((error: unknown) => error);
    expect(asked).toEqual([{ method: 'POST', authorization: undefined }]);
    expect(refused).toBeInstanceOf(Mistake);
    expect((refused as Mistake).text).toMatchObject({ vi: expect.stringContaining('401, operator.wrong-key: Khóa vận hành không đúng') });
  });
});
