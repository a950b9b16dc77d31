import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { configureFrontDoor } from '@par/ingress';
import { Clock, createApplication, Database } from '@par/service-kit';
import { createDatabase, eventually, type SpecDatabase } from '@par/testing';
import { AppModule } from '../app.module.ts';
import { DeadlineRule, setDeadlines } from '../deadlines.ts';
import type { DeadlinePage } from './show-deadlines.query.ts';

const NOW = Date.parse('2026-03-12T08:00:00+07:00');
const HOUR = 3_600_000;
const instant = (ms: number): string => new Date(ms).toISOString();

describe('GET /v1/deadlines', () => {
  let database: SpecDatabase;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    database = await createDatabase('edocument-workflow');
    Object.assign(process.env, { DATABASE_URL: database.url, AMQP_URL: 'amqp://127.0.0.1:1', REMIND_EVERY_SECONDS: '1' });
    app = await createApplication(AppModule, { service: 'edocument-workflow', configureFastify: configureFrontDoor() });
    app.get(Clock).now = () => new Date(NOW);
    await app.init();
    const matter = (n: number, unit: string, due: number) => ({
      workDossier: `matter-${n}`,
      unit,
      due: instant(due),
      apology: false,
      steps: [{ step: 'Ký số', element: 'sign', due: instant(due) }],
    });
    await app.get(Database).transaction((tx) =>
      setDeadlines(
        tx,
        [
          matter(1, 'spec-a', NOW - 48 * HOUR),
          matter(2, 'spec-a', NOW + HOUR),
          matter(3, 'spec-b', NOW + HOUR),
          // Not near: months ahead.
          matter(4, 'spec-a', NOW + 2_000 * HOUR),
          // 2027: the calendar has no data.
          matter(5, 'spec-b', Date.parse('2027-01-05T10:00:00+07:00')),
        ],
        app.get(DeadlineRule),
      ),
    );
    // What is near or past is listed as soon as it was told.
    await eventually(async () => (await get('')).body.items.length === 6);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  async function get(query: string): Promise<{ status: number; body: DeadlinePage & Record<string, unknown> }> {
    const answer = await app.inject({ url: `/v1/deadlines?${query}` });
    return { status: answer.statusCode, body: answer.json() };
  }
  const shown = async (query: string): Promise<string[]> =>
    (await get(query)).body.items.map(({ workDossier, of, state }) => `${workDossier} ${of} ${state}`);

  it.each([
    [
      '',
      [
        'matter-1 step past',
        'matter-1 work-dossier past',
        'matter-2 step near',
        'matter-2 work-dossier near',
        'matter-3 step near',
        'matter-3 work-dossier near',
      ],
    ],
    ['state=past', ['matter-1 step past', 'matter-1 work-dossier past']],
    ['state=near&of=step', ['matter-2 step near', 'matter-3 step near']],
    ['unit=spec-a&of=work-dossier', ['matter-1 work-dossier past', 'matter-2 work-dossier near']],
    ['unit=nobody', []],
  ])('%s', async (query, expected) => {
    expect(await shown(query)).toEqual(expected);
  });

  it('says what is due in both languages', async () => {
    expect((await get('unit=spec-b&of=step')).body).toEqual({
      items: [
        {
          workDossier: 'matter-3',
          unit: 'spec-b',
          of: 'step',
          label: { en: 'Step', vi: 'Bước xử lý' },
          step: 'Ký số',
          element: 'sign',
          due: instant(NOW + HOUR),
          state: 'near',
          stateLabel: { en: 'Falls due soon', vi: 'Sắp đến hạn' },
          remindAt: '2026-03-11T09:00:00.000Z',
          workingTime: true,
          remindedAt: instant(NOW),
          escalatedAt: null,
        },
      ],
      next: null,
    });
  });

  it.each([1, 2, 5, 6])('gives the same in pages of %i', async (limit) => {
    const all = await shown('');
    const pages: string[][] = [];
    let next: string | null = null;
    do {
      const { body } = await get(`limit=${limit}${next === null ? '' : `&after=${next}`}`);
      pages.push(body.items.map(({ workDossier, of, state }) => `${workDossier} ${of} ${state}`));
      next = body.next;
    } while (next !== null);
    expect(pages.flat()).toEqual(all);
    expect(pages).toHaveLength(Math.ceil(all.length / limit));
  });

  it.each([
    ['unit=Ph%C3%B2ng', 'unit', 'request.bad-parameter'],
    ['of=everything', 'of', 'request.bad-parameter'],
    ['state=late', 'state', 'request.bad-parameter'],
    ['state=near&state=past', 'state', 'request.bad-parameter'],
    ['limit=0', 'limit', 'request.bad-parameter'],
    ['limit=1001', 'limit', 'request.bad-parameter'],
    ['after=abc', 'after', 'request.bad-cursor'],
    [`after=${Buffer.from('["2026-02-30T00:00:00.000Z","a","step",""]').toString('base64url')}`, 'after', 'request.bad-cursor'],
    [`after=${Buffer.from('["2026-02-20T00:00:00.000Z","a\\u0000","step",""]').toString('base64url')}`, 'after', 'request.bad-cursor'],
  ])('refuses %s, naming the field', async (query, field, code) => {
    const { status, body } = await get(query);
    expect([status, body.field, body.code]).toEqual([400, field, code]);
    expect([typeof body.title, typeof body.titleVi]).toEqual(['string', 'string']);
  });

  it('says where a reminder goes by plain hours', async () => {
    app.get(Clock).now = () => new Date('2027-01-05T08:30:00+07:00');
    const found = await eventually(async () => {
      const { items } = (await get('state=near&of=step')).body;
      return items.length > 0 && items;
    });
    expect(found.map(({ workDossier, remindAt, workingTime }) => [workDossier, remindAt, workingTime])).toEqual([
      ['matter-5', '2027-01-05T00:00:00.000Z', false],
    ]);
  });
});
