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

  const about = (id: string, type: string, time: string, data: object = {}, subject = CODE): object => ({
    specversion: '1.0',
    id,
    source: 'urn:one-stop',
    type: `vn.par.dossier.${type}.v1`,
    subject,
    time,
    unit: '19756',
    data,
  });

  const show = async (code = CODE): Promise<ShownDossier> => (await (await fetch(`${url}/v1/dossiers/${code}`)).json()) as ShownDossier;

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

  it('shows a whole life: moments, stops, due dates with their basis, findings', async () => {
    const code = 'H57.132-210705-0002';
    const on = (id: string, type: string, day: string, data: object = {}) =>
      about(`w${id}`, type, `2021-07-${day}:00:00+07:00`, data, code);
    const response = await post([
      on('9', 'rated', '30T09', { questionSet: 'standard', answers: [{ question: 'q1', grade: 'satisfied' }] }),
      on('8', 'returned', '29T09', { channel: 'post', electronic: true }),
      on('7', 'result-ready', '28T09'),
      on('6', 'extended', '19T09', { due: '2021-07-27T09:00:00+07:00', reason: 'site-check' }),
      on('5', 'resumed', '12T09'),
      on('4', 'paused', '09T09', { reason: 'site-check' }),
      on('3', 'transferred', '06T10', { to: 'unit', unit: 'hue-19753-thuan-loc' }),
      on('2', 'received', '06T09', {
        channel: 'counter',
        due: '2021-07-16T09:00:00+07:00',
        onlineLevel: 3,
        responsible: 'hue-19753-thuan-loc',
      }),
      on('1', 'registered', '05T09', { channel: 'online' }),
      on('x', 'state-reported', '06T11', { code: '77' }),
      on('y', 'supplemented', '07T09'),
    ]);
    expect([response.status, await response.json()]).toMatchObject([202, { summary: { accepted: 11, refused: 0 } }]);
    const dossier = await show(code);
    expect(dossier).toMatchObject({
      state: { name: 'returned', national: 10, clock: { name: 'over', label: { vi: 'Đã kết thúc', en: 'Over' } } },
      responsible: { id: 'hue-19753-thuan-loc', kind: 'ward' },
      onlineLevel: 3,
      due: '2021-07-27T02:00:00.000Z',
      dueLeftOpen: false,
      dues: {
        first: { at: '2021-07-16T02:00:00.000Z', basis: 'told', set: 'receipt', basisLabel: { vi: 'Theo phiếu hẹn' } },
        inForce: { at: '2021-07-27T02:00:00.000Z', basis: 'told', set: 'extension', setLabel: { vi: 'Khi xin lỗi và hẹn lại' } },
      },
      electronicResult: true,
      returnChannel: 'post',
      ended: { at: '2021-07-28T02:00:00.000Z', as: 'result', label: { vi: 'Có kết quả', en: 'With a result' } },
      stops: [
        {
          from: '2021-07-09T02:00:00.000Z',
          to: '2021-07-12T02:00:00.000Z',
          by: 'pause',
          cause: 'other-body',
          causeLabel: { vi: 'Cơ quan khác', en: 'Another body' },
        },
      ],
    });
    expect(dossier.moments.map(({ name, label, event }) => [event.id, name, label.en])).toEqual([
      ['w1', 'registered', 'Dossier registered'],
      ['w2', 'received', 'Dossier received'],
      ['w3', 'transferred', 'Dossier transferred'],
      ['wy', 'supplemented', 'Dossier supplemented'],
      ['w5', 'resumed', 'Resumed'],
      ['w6', 'extended', 'Apology and new appointment'],
      ['w7', 'result-ready', 'Result ready'],
      ['w8', 'returned', 'Result returned'],
      ['w9', 'rated', 'Rated by the applicant'],
    ]);
    expect(dossier.findings.map(({ code: finding, event, raw, label }) => [finding, event?.id, raw, label.vi])).toEqual([
      ['code-date-differs', 'w2', null, 'Ngày trong mã hồ sơ khác ngày tiếp nhận'],
      ['extended-after-due', 'w6', null, 'Xin lỗi muộn hơn một ngày trước khi hết hạn (NĐ 61/2018 điều 19.9)'],
      ['supplemented-without-request', 'wy', null, 'Bổ sung khi không có yêu cầu'],
      ['unknown-national-code', 'wx', '77', 'Mã trạng thái không có trong danh mục quốc gia'],
    ]);
    expect(dossier.timeline).toHaveLength(11);
    expect(dossier.timeline.find(({ id }) => id === 'wx')).toMatchObject({ label: { vi: 'Báo trạng thái' }, data: { code: '77' } });
  });

  it('shows a dossier that waits, with its stop open and the clock standing', async () => {
    const code = 'H57.132-210705-0003';
    await post([
      about('p1', 'received', '2021-07-05T09:00:00+07:00', { channel: 'online' }, code),
      about('p2', 'supplement-requested', '2021-07-06T09:00:00+07:00', {}, code),
    ]);
    expect(await show(code)).toMatchObject({
      state: { name: 'supplement-requested', national: 5, clock: { name: 'stops-then-from-zero' } },
      due: null,
      dueLeftOpen: true,
      dues: { first: null, inForce: null },
      stops: [{ to: null, by: 'supplement', cause: 'applicant', label: { en: 'Waiting for a supplement' } }],
      ended: null,
      findings: [],
    });
  });

  it('tells a dossier without a known state from one that was taken back', async () => {
    const code = 'H57.132-210705-0004';
    await post([
      about('q1', 'rated', '2021-07-06T09:00:00+07:00', { questionSet: 'q', answers: [{ question: 'q', grade: 'satisfied' }] }, code),
    ]);
    expect((await show(code)).state).toEqual({
      name: 'unknown',
      national: null,
      clock: null,
      label: { vi: 'Chưa rõ trạng thái', en: 'State not known' },
    });
    await post([
      about('q2', 'corrected', '2021-07-07T09:00:00+07:00', { source: 'urn:one-stop', id: 'q1', reason: 'wrong-subject' }, code),
    ]);
    expect((await show(code)).state).toMatchObject({ name: 'taken-back', label: { en: 'Taken back by correction' } });
  });

  it('publishes what it accepted to par.events, stamped', async () => {
    const connection = await connect(vhost.amqpUrl);
    try {
      const seen: string[] = [];
      // The service declares its queues once it is connected; a channel that asks before is closed.
      await eventually(async () => {
        const channel = await connection.createChannel();
        channel.on('error', () => undefined);
        return channel.consume('index-scoring.count-events', (message) => message && seen.push(message.content.toString()), {
          noAck: true,
        });
      });
      // A message is an event, or a pack of those that were accepted together.
      const events = (): Record<string, unknown>[] => seen.flatMap((body) => JSON.parse(body) as Record<string, unknown>[]);
      const received = (): Record<string, unknown> | undefined =>
        events().find(({ id, source }) => id === '1' && source === 'urn:one-stop');
      await eventually(() => received() !== undefined);
      const event = received();
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
