import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { balanceDay, type AnyEvent, type CloudEvent } from '@par/contracts';
import { BatchContext, IdentitySource } from '@par/messaging';
import { createApplication, Database } from '@par/service-kit';
import { createDatabase, type SpecDatabase } from '@par/testing';
import { AppModule } from './app.module.ts';
import { JudgeWorkDossiersHandler } from './judge-work-dossiers/judge-work-dossiers.handler.ts';

type Judgement = CloudEvent<'vn.par.work-dossier.closed.v1'>;

describe('judgements that were published', () => {
  let database: SpecDatabase;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    database = await createDatabase('edocument-workflow');
    Object.assign(process.env, { DATABASE_URL: database.url, AMQP_URL: 'amqp://127.0.0.1:1' });
    app = await createApplication(AppModule, { service: 'edocument-workflow' });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const event = (name: string, minute: number, data: object): AnyEvent =>
    ({
      specversion: '1.0',
      source: 'urn:spec',
      id: `W-1/${name}/${minute}`,
      type: `vn.par.work-dossier.${name}.v1`,
      subject: 'W-1',
      time: `2021-07-05T02:${minute}:00.000Z`,
      datacontenttype: 'application/json',
      unit: 'hue-phong-noi-vu',
      received: '2021-07-05T03:00:00.000Z',
      data,
    }) as unknown as AnyEvent;

  const judge = (events: AnyEvent[]): Promise<unknown> =>
    app.get(Database).transaction((tx) =>
      app.get(JudgeWorkDossiersHandler).judge(
        events.map((each) => ({ event: each, origin: 'edocument-workflow', attempt: 0 })),
        new BatchContext(tx),
      ),
    );

  it('can be published again as they were, each revision, also after the work dossier went on', async () => {
    await judge([event('step-taken', 10, { step: 'T01', medium: 'network' }), event('completed', 20, {})]);
    await judge([event('step-taken', 15, { step: 'T02', medium: 'paper' })]);
    await judge([event('corrected', 30, { source: 'urn:spec', id: 'W-1/completed/20', reason: 'entered-by-mistake' })]);
    const rows = await app.get(Database).query<{ body: string }>(`SELECT body FROM messaging.outbox WHERE body LIKE '%closed%'`);
    const published = rows.flatMap(({ body }) => JSON.parse(body) as Judgement | Judgement[]).filter(({ subject }) => subject === 'W-1');
    expect(published.map(({ data }) => data.revision)).toEqual([1, 2, 3]);
    const [first] = published;
    const line = { origin: 'edocument-workflow', type: first!.type, unit: first!.unit, day: balanceDay(first!) };
    expect(await app.get(IdentitySource).identities({ direction: 'out', ...line })).toHaveLength(3);
    expect(await app.get(IdentitySource).sent(line, published)).toEqual(published);
    expect(await app.get(IdentitySource).sent(line, [{ source: first!.source, id: 'W-1:4' }])).toEqual([]);
  });
});
