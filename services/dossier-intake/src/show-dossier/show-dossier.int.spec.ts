import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { hueOrganisation } from '@par/administration';
import { addProducerKey } from '@par/ingress';
import { createApplication, Database, MESSAGE_TRANSPORT } from '@par/service-kit';
import { createDatabase, createVhost, eventually, type SpecDatabase, type SpecVhost } from '@par/testing';
import { connect } from 'amqplib';
import { AppModule } from '../app.module.ts';
import { type ShownDossier } from './show-dossier.dto.ts';

const CODE = 'H57.132-210705-0001';

describe('dossier-intake', () => {
  let database: SpecDatabase;
  let vhost: SpecVhost;
  let app: NestFastifyApplication;
  let url: string;
  let key: string;

  beforeAll(async () => {
    database = await createDatabase('dossier-intake');
    vhost = await createVhost();
    Object.assign(process.env, { DATABASE_URL: database.url, AMQP_URL: vhost.amqpUrl });
    app = await createApplication(AppModule, { service: 'dossier-intake' });
    app.connectMicroservice({ strategy: app.get<CustomTransportStrategy>(MESSAGE_TRANSPORT, { strict: false }) });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    key = await addProducerKey(app.get(Database), { name: 'spec', sources: ['*'], units: ['hue'] });
    expect((await post(hueOrganisation())).status).toBe(202);
  });
  afterAll(async () => {
    await app.close();
    await vhost.drop();
    await database.drop();
  });

  function post(events: readonly object[]): Promise<Response> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/cloudevents-batch+json' };
    return fetch(`${url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(events) });
  }

  const about = (id: string, type: string, time: string, data: object = {}): object => ({
    specversion: '1.0',
    id,
    source: 'urn:one-stop',
    type: `vn.par.dossier.${type}.v1`,
    subject: CODE,
    time,
    unit: '19756',
    data,
  });

  const show = async (): Promise<ShownDossier> => (await (await fetch(`${url}/v1/dossiers/${CODE}`)).json()) as ShownDossier;

  it('knows no dossier before its first event', async () => {
    const response = await fetch(`${url}/v1/dossiers/${CODE}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
    expect(await response.json()).toMatchObject({ code: 'dossier.unknown', titleVi: 'Chưa nhận sự kiện nào về hồ sơ này' });
  });

  it('shows a dossier whose later events come first, in state and timeline', async () => {
    expect((await post([about('3', 'returned', '2021-07-08T09:00:00+07:00', { channel: 'online' })])).status).toBe(202);
    expect(await show()).toMatchObject({ state: { name: 'returned', national: 10 }, receivedAt: null, dueLeftOpen: false });

    await post([
      about('2', 'result-ready', '2021-07-07T09:00:00+07:00'),
      about('1', 'received', '2021-07-05T08:00:00+07:00', { channel: 'online', due: '2021-07-09T08:00:00+07:00', procedure: '1.005129' }),
    ]);
    const dossier = await show();
    expect(dossier).toMatchObject({
      code: CODE,
      unit: { id: 'hue-19756-gia-hoi', name: 'Phường Gia Hội', kind: 'ward' },
      state: { name: 'returned', national: 10, label: { vi: 'Đã trả kết quả', en: 'Result returned' } },
      receivedAt: '2021-07-05T01:00:00.000Z',
      due: '2021-07-09T01:00:00.000Z',
      procedure: '1.005129',
      channel: { name: 'online', national: '2', label: { vi: 'Trực tuyến' } },
      readyAt: '2021-07-07T02:00:00.000Z',
      returnedAt: '2021-07-08T02:00:00.000Z',
    });
    expect(dossier.timeline.map(({ id, label }) => [id, label.vi])).toEqual([
      ['1', 'Tiếp nhận hồ sơ'],
      ['2', 'Xử lý xong'],
      ['3', 'Trả kết quả'],
    ]);
  });

  it('shows an event that was taken back as taken back', async () => {
    await post([about('4', 'corrected', '2021-07-08T10:00:00+07:00', { source: 'urn:one-stop', id: '3', reason: 'entered-by-mistake' })]);
    const { state, timeline } = await show();
    expect(state).toMatchObject({ name: 'result-ready', national: 9 });
    expect(timeline.find(({ id }) => id === '3')?.takenBack).toEqual({
      source: 'urn:one-stop',
      id: '4',
      reason: 'entered-by-mistake',
      at: '2021-07-08T03:00:00.000Z',
    });
  });

  it('publishes what it accepted to par.events, stamped', async () => {
    const connection = await connect(vhost.amqpUrl);
    try {
      const channel = await connection.createChannel();
      const seen: string[] = [];
      await channel.consume('index-scoring.count-events', (message) => message && seen.push(message.content.toString()), { noAck: true });
      await eventually(() => seen.some((body) => body.includes(`"id":"4"`)));
      const event = seen
        .map((body) => JSON.parse(body) as Record<string, unknown>)
        .find(({ id, source }) => id === '1' && source === 'urn:one-stop');
      expect(event).toMatchObject({
        unit: 'hue-19756-gia-hoi',
        time: '2021-07-05T01:00:00.000Z',
        network: 'internet',
        received: expect.stringMatching(/Z$/),
      });
    } finally {
      await connection.close();
    }
  });

  it('has its units in its own organisation', async () => {
    const { units } = (await (await fetch(`${url}/v1/units?on=2021-07-01`)).json()) as { units: { id: string }[] };
    expect(units.filter(({ id }) => /^hue-\d/.test(id))).toHaveLength(36);
  });
});
