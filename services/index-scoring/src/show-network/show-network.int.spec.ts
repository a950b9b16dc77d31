import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SpecScoring, specEvent } from '../spec-scoring.ts';
import { ShowNetworkController } from './show-network.controller.ts';

describe('the network verdict of each agency', () => {
  let scoring: SpecScoring;
  const now = new Date().toISOString();
  const long = '2021-07-05T01:00:00.000Z';

  beforeAll(async () => {
    scoring = await SpecScoring.start();
    const dossier = (n: number, unit: string, received: string, network: 'tslcd' | 'internet' = 'tslcd') =>
      specEvent(`H57.132-210705-000${n}`, 'dossier.received', long, { channel: 'online' }, { unit, received, network });
    const heartbeat = (unit: string, data: object) =>
      specEvent(unit, 'network.heartbeat-sent', now, { link: 'up', software: 'up', ...data }, { unit, received: now });
    await scoring.count([
      dossier(1, 'hue-phong-noi-vu', now),
      dossier(2, 'hue-phong-tu-phap', now, 'internet'),
      dossier(3, 'hue-phong-kinh-te', now),
      dossier(4, 'hue-phong-y-te', long),
      heartbeat('hue-phong-kinh-te', { clockOffsetMs: 900_000 }),
      heartbeat('hue-thanh-tra', {}),
    ]);
  }, 60_000);
  afterAll(() => scoring.stop());

  it.each([
    ['hue-phong-noi-vu', 'up'],
    ['hue-phong-tu-phap', 'link-down'],
    ['hue-phong-kinh-te', 'clock-wrong'],
    ['hue-thanh-tra', 'software-silent'],
    ['hue-phong-y-te', 'silent'],
    ['hue-van-phong', 'never-heard'],
  ])('%s: %s', async (unit, verdict) => {
    const found = (await scoring.app.get(ShowNetworkController).show()).find((each) => each.unit === unit);
    expect(found).toMatchObject({ verdict, grey: verdict === 'silent' || verdict === 'never-heard' });
    expect(found?.label.vi).not.toBe('');
  });

  it('is told of every agency in force today and of no other', async () => {
    const shown = await scoring.app.get(ShowNetworkController).show();
    expect(shown).toHaveLength(48);
  });
});
