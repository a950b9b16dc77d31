import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@par/testing';
import { SpecScoring } from '../spec-scoring.ts';
import { RebuildFigures } from './rebuild-figures.handler.ts';

describe('who may start a rebuild', () => {
  let scoring: SpecScoring;

  beforeAll(async () => {
    scoring = await SpecScoring.start();
    await scoring.app.init();
  }, 60_000);

  afterAll(() => scoring.stop());

  const start = async (remoteAddress: string): Promise<number> =>
    (await scoring.app.inject({ method: 'POST', url: '/v1/rebuild', remoteAddress })).statusCode;

  it('refuses callers of other machines without starting anything', async () => {
    expect(await start('10.1.2.3')).toBe(403);
    expect(scoring.app.get(RebuildFigures).report).toBeUndefined();
  });

  it('lets this machine start one', async () => {
    expect(await start('127.0.0.1')).toBe(202);
    await eventually(() => scoring.app.get(RebuildFigures).report?.finishedAt !== undefined, { timeoutMs: 30_000 });
    expect(scoring.app.get(RebuildFigures).report?.state).toBe('done');
  });
});
