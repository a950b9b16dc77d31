import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, createApplication } from '@par/service-kit';
import { createDatabase, type SpecDatabase } from '@par/testing';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { hueOrganisation } from '@par/administration';
import { type AnyEvent } from '@par/contracts';
import { OrganisationRegister } from '@par/organisation';
import { AppModule } from '../app.module.ts';

describe('GET /v1/conformance', () => {
  let database: SpecDatabase;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    database = await createDatabase('edocument-workflow');
    process.env.DATABASE_URL = database.url;
    process.env.AMQP_URL = 'amqp://127.0.0.1:1';
    app = await createApplication(AppModule, { service: 'edocument-workflow' });
    await app.init();
    const register = app.get(OrganisationRegister);
    await app.get(Database).transaction((tx) =>
      register.apply(
        tx,
        hueOrganisation().map((event) => ({ ...event, datacontenttype: 'application/json', received: event.time }) as AnyEvent),
      ),
    );
    await register.latest();
    await closed('a', 'hue-phong-noi-vu', '2021-07-31T16:59:59.999Z', {});
    await closed('b', 'hue-phong-noi-vu', '2021-07-31T17:00:00.000Z', { skipped: 2, overTime: 1 });
    await closed('c', 'hue-phong-noi-vu', '2021-07-10T00:00:00.000Z', { overTime: 3 });
    await closed('d', 'hue-phong-tu-phap', '2021-07-11T00:00:00.000Z', { repeated: 1 });
    await closed('e', 'hue-phong-tu-phap', '2021-07-11T00:00:00.000Z', { skipped: 1 }, 'joint');
    await closed('without', 'hue-phong-tu-phap', '2021-07-11T00:00:00.000Z', undefined);
    await closed('open-again', 'hue-phong-tu-phap', '2021-07-11T00:00:00.000Z', { skipped: 1 }, 'joint', 'open');
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  async function closed(id: string, unit: string, at: string, counts: object | undefined, process = 'one-stop', state = 'closed') {
    const none = { conforming: 3, skipped: 0, outOfOrder: 0, repeated: 0, unknown: 0, wrongRole: 0, overTime: 0 };
    const conformance = counts && { process, processVersion: 1, ...none, ...counts };
    await app
      .get(Database)
      .query('INSERT INTO work_dossier (id, state, unit, closed_at, judgement, revision) VALUES ($1, $2, $3, $4, $5, 1)', [
        id,
        state,
        unit,
        at,
        JSON.stringify({ unit, state, ...(conformance && { conformance }) }),
      ]);
  }

  async function ask(query: string): Promise<{ status: number; body: { code?: string; processes?: unknown[] } }> {
    const answer = await app.inject({ url: `/v1/conformance?${query}` });
    return { status: answer.statusCode, body: answer.json() };
  }

  const none = { dossiers: 0, steps: 0 };

  it('counts by process and unit, in the local month of closing, without those that have no process or are open again', async () => {
    const { body } = await ask('period=2021-07');
    expect(body.processes).toEqual([
      expect.objectContaining({ process: 'joint', unit: 'hue-phong-tu-phap', asProcess: { numerator: 0, denominator: 1 } }),
      {
        process: 'one-stop',
        version: 1,
        unit: 'hue-phong-noi-vu',
        unitName: expect.stringContaining('Nội vụ'),
        asProcess: { numerator: 1, denominator: 2 },
        inOrder: { numerator: 2, denominator: 2 },
        deviations: {
          skipped: none,
          outOfOrder: none,
          repeated: none,
          unknown: none,
          wrongRole: none,
          overTime: { dossiers: 1, steps: 3 },
        },
      },
      expect.objectContaining({
        process: 'one-stop',
        unit: 'hue-phong-tu-phap',
        asProcess: { numerator: 0, denominator: 1 },
        inOrder: { numerator: 0, denominator: 1 },
      }),
    ]);
  });

  it('answers for a unit with all below it, for a process, and for a month in which nothing closed', async () => {
    expect((await ask('period=2021&unit=hue-phong-noi-vu')).body.processes).toEqual([
      expect.objectContaining({ unit: 'hue-phong-noi-vu', asProcess: { numerator: 1, denominator: 3 } }),
    ]);
    expect((await ask('period=all&unit=hue&process=joint')).body.processes).toHaveLength(1);
    expect((await ask('period=2020-01')).body.processes).toEqual([]);
  });

  it('says what is wrong with a question', async () => {
    expect(await ask('unit=nowhere')).toMatchObject({ status: 404, body: { code: 'unit.unknown', field: 'unit' } });
    expect(await ask('period=soon')).toMatchObject({ status: 400, body: { code: 'request.bad-period', field: 'period' } });
  });
});
