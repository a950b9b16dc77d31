import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DOOR_OF, routingKeyOf, type AnyEvent, type CloudEvent, type EventData, type EventIdentity, type EventType } from '@par/contracts';
import { addProducerKey, configureFrontDoor } from '@par/ingress';
import { BatchTransport } from '@par/messaging';
import { createApplication, Database, MESSAGE_TRANSPORT } from '@par/service-kit';
import { createDatabase, createVhost, eventually, type SpecDatabase, type SpecVhost } from '@par/testing';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { AppModule } from '../app.module.ts';
import type { WorkDossierView } from '../show-work-dossier/show-work-dossier.query.ts';

const SOURCE = 'urn:spec:office';
const UNIT = 'spec-city-office';
type Posted<T extends EventType> = Pick<CloudEvent<T>, 'id' | 'type' | 'subject' | 'time' | 'data'>;
type Judgement = CloudEvent<'vn.par.work-dossier.closed.v1'>;

const at = (minute: number): string => new Date(Date.UTC(2021, 2, 1, 8, minute)).toISOString();

function stamped<T extends EventType>(type: T, id: string, subject: string, unit: string, time: string, data: EventData[T]): CloudEvent<T> {
  return {
    specversion: '1.0',
    source: 'urn:spec:intake',
    id,
    type,
    subject,
    time,
    datacontenttype: 'application/json',
    unit,
    received: '2021-03-02T01:00:00.000Z',
    data,
  };
}
const step = (subject: string, n: number, medium: 'network' | 'paper'): Posted<'vn.par.work-dossier.step-taken.v1'> => ({
  id: `${subject}/step/${n}`,
  type: 'vn.par.work-dossier.step-taken.v1',
  subject,
  time: at(n),
  data: { step: `T0${n} Check`, medium },
});
const completed = (subject: string, minute: number): Posted<'vn.par.work-dossier.completed.v1'> => ({
  id: `${subject}/completed`,
  type: 'vn.par.work-dossier.completed.v1',
  subject,
  time: at(minute),
  data: {},
});
const corrected = (subject: string, takesBack: string): Posted<'vn.par.work-dossier.corrected.v1'> => ({
  id: `${takesBack}/corrected`,
  type: 'vn.par.work-dossier.corrected.v1',
  subject,
  time: at(50),
  data: { source: SOURCE, id: takesBack, reason: 'entered-by-mistake' },
});

describe('judging work dossiers, with two processes on one database and one broker', () => {
  let database: SpecDatabase;
  let vhost: SpecVhost;
  let key: string;
  let broker: ChannelModel;
  let channel: ConfirmChannel;
  const apps: NestFastifyApplication[] = [];
  const heard: Judgement[] = [];

  beforeAll(async () => {
    database = await createDatabase('edocument-workflow');
    vhost = await createVhost();
    process.env.DATABASE_URL = database.url;
    process.env.AMQP_URL = vhost.amqpUrl;
    for (let replica = 0; replica < 2; replica += 1) {
      const app = await createApplication(AppModule, { service: 'edocument-workflow', configureFastify: configureFrontDoor() });
      app.connectMicroservice({ strategy: app.get<CustomTransportStrategy>(MESSAGE_TRANSPORT) });
      await app.startAllMicroservices();
      await app.init();
      apps.push(app);
    }
    key = await addProducerKey(apps[0]!.get(Database), { name: 'spec', sources: ['*'], units: ['*'] });
    await eventually(async () => (await apps[0]!.get(BatchTransport).queues()).every(({ consumers }) => consumers === 2));

    broker = await connect(vhost.amqpUrl);
    channel = await broker.createConfirmChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'par.events', 'work-dossier.closed.#');
    await channel.consume(queue, (message) => {
      if (!message) return;
      // One judgement, or a pack of those that one commit brought.
      heard.push(...[JSON.parse(message.content.toString()) as Judgement | Judgement[]].flat());
      channel.ack(message);
    });

    const opened = { kind: 'city', validFrom: '2010-01-01', agency: false, timeZone: 'Asia/Ho_Chi_Minh', dossierCodes: 'local' } as const;
    await publish([
      stamped('vn.par.unit.opened.v1', 'unit/spec-city', 'spec-city', 'spec-city', at(0), { ...opened, name: 'Thành phố' }),
      stamped('vn.par.unit.opened.v1', `unit/${UNIT}`, UNIT, UNIT, at(0), {
        name: 'Phòng',
        kind: 'department',
        parent: 'spec-city',
        validFrom: '2010-01-01',
        agency: true,
      }),
    ] as AnyEvent[]);
    await eventually(async () => JSON.stringify(await get('/v1/units')).includes(UNIT));
  });

  afterAll(async () => {
    await broker.close();
    for (const app of apps) await app.close();
    await vhost.drop();
    await database.drop();
  });

  /** On the exchange and stamped, as the outbox of the front door's service would. */
  async function publish(events: readonly AnyEvent[]): Promise<void> {
    for (const event of events) {
      const options = { persistent: true, appId: DOOR_OF[event.type] };
      channel.publish('par.events', routingKeyOf(event), Buffer.from(JSON.stringify(event)), options);
    }
    await channel.waitForConfirms();
  }

  /** As a department's system would: at the front door. */
  async function post(events: readonly Posted<EventType>[]): Promise<void> {
    const body = JSON.stringify(events.map((event) => ({ specversion: '1.0', source: SOURCE, unit: UNIT, ...event })));
    const headers = { 'content-type': 'application/cloudevents-batch+json', authorization: `Bearer ${key}` };
    const answer = await apps[0]!.inject({ method: 'POST', url: '/v1/events', headers, body });
    expect({ status: answer.statusCode, refused: answer.statusCode === 202 ? 0 : answer.body }).toEqual({ status: 202, refused: 0 });
  }

  const received = (subject: string): AnyEvent =>
    stamped('vn.par.dossier.received.v1', `${subject}/received`, subject, UNIT, at(0), { channel: 'online' });
  async function get<T>(url: string): Promise<T> {
    return (await apps[1]!.inject({ method: 'GET', url })).json();
  }
  const show = (subject: string): Promise<WorkDossierView> => get(`/v1/work-dossiers/${subject}`);
  const of = (subject: string): Judgement[] =>
    heard.filter((event) => event.subject === subject).sort((a, b) => a.data.revision - b.data.revision);

  it('opens a work dossier for a received dossier and judges it when it closes', async () => {
    await publish([received('D-1')]);
    await eventually(async () => expect(await show('D-1')).toMatchObject({ state: 'open', openedAt: at(0), judgement: null }));
    await post([step('D-1', 1, 'network'), step('D-1', 2, 'network')]);
    await eventually(async () => expect((await show('D-1')).timeline).toHaveLength(3));
    await post([completed('D-1', 9)]);
    await eventually(() => expect(of('D-1')).toHaveLength(1));
    expect(of('D-1')[0]).toMatchObject({
      source: 'urn:par:edocument-workflow',
      id: 'D-1:1',
      unit: UNIT,
      time: at(9),
      data: { revision: 1, state: 'closed', completedAt: at(9), processedOnline: true, reasons: [], steps: 2, paperSteps: 0 },
    });
    expect(of('D-1')[0]).not.toHaveProperty('network');
  });

  it('judges again when a paper step comes late, and when it is taken back', async () => {
    await post([step('D-1', 20, 'paper')].map((event) => ({ ...event, time: at(20), data: { ...event.data, step: 'T05 Print' } })));
    await eventually(() => expect(of('D-1')).toHaveLength(2));
    expect(of('D-1')[1]!.data).toMatchObject({ revision: 2, processedOnline: false, reasons: ['paper-step'], steps: 3, paperSteps: 1 });
    await post([corrected('D-1', 'D-1/step/20')]);
    await eventually(() => expect(of('D-1')).toHaveLength(3));
    expect(of('D-1')[2]!.data).toMatchObject({ revision: 3, processedOnline: true, reasons: [], steps: 2 });
    const shown = await show('D-1');
    expect(shown.judgement).toMatchObject({ revision: 3, processedOnline: true });
    expect(shown.timeline.find((entry) => entry.id === 'D-1/step/20')?.takenBackBy).toEqual({
      source: SOURCE,
      id: 'D-1/step/20/corrected',
    });
  });

  it('reopens when the completion is taken back', async () => {
    await post([corrected('D-1', 'D-1/completed')]);
    await eventually(() => expect(of('D-1')).toHaveLength(4));
    expect(of('D-1')[3]).toMatchObject({ time: at(50), data: { revision: 4, state: 'open', processedOnline: false, reasons: [] } });
    expect(of('D-1')[3]!.data).not.toHaveProperty('completedAt');
  });

  it('takes no silence for proof', async () => {
    await publish([received('D-2')]);
    await post([completed('D-2', 9)]);
    await eventually(() => expect(of('D-2')).toHaveLength(1));
    expect(of('D-2')[0]!.data).toMatchObject({ processedOnline: false, reasons: ['no-step-recorded'] });
    expect((await show('D-2')).judgement?.reasons[0]?.vi).toContain('Không có bước');
  });

  it('comes to the same judgements whatever the order, the duplicates and the batches, and its sheet balances', async () => {
    const subjects = Array.from({ length: 120 }, (_unused, n) => `M-${n}`);
    const events = subjects.flatMap((subject, n) =>
      (['network', n % 3 === 0 ? 'paper' : 'network', 'network'] as const)
        .map((medium, index): AnyEvent => ({
          ...stamped('vn.par.work-dossier.step-taken.v1', `${subject}/step/${index}`, subject, UNIT, at(index), { step: 'T02', medium }),
        }))
        .concat(stamped('vn.par.work-dossier.completed.v1', `${subject}/completed`, subject, UNIT, at(30), {}), received(subject)),
    );
    // Backwards, interleaved and each three times: late steps, early completions and duplicates everywhere.
    const mixed = [0, 1, 2].flatMap((offset) => events.filter((_event, index) => index % 3 === offset).reverse());
    await publish([...mixed, ...events, ...mixed]);
    const sql = apps[0]!.get(Database);
    await eventually(async () => {
      const [row] = await sql.query<{ events: number }>(
        `SELECT sum(jsonb_array_length(events))::int AS events FROM work_dossier WHERE id LIKE 'M-%'`,
      );
      return row?.events === events.length;
    });
    await eventually(async () => (await apps[0]!.get(BatchTransport).queues()).every(({ ready, inHand }) => ready + inHand === 0));
    for (const [n, subject] of subjects.entries()) {
      expect((await show(subject)).judgement).toMatchObject({ processedOnline: n % 3 !== 0, steps: 3, completedAt: at(30) });
    }
    await eventually(() => subjects.every((subject) => of(subject).at(-1)?.data.processedOnline === (subjects.indexOf(subject) % 3 !== 0)));

    const balance = await get<{
      lines: { direction: string; type: string; unit: string; day: string; count: number; origin: string }[];
      deadLetters: unknown[];
    }>('/v1/balance');
    expect(balance.deadLetters).toEqual([]);
    const ofType =
      (type: string) =>
      (line: { direction: string; type: string; day: string }): boolean =>
        line.direction === 'in' && line.type === type && line.day === '2021-03-02';
    expect(balance.lines.find(ofType('vn.par.work-dossier.step-taken.v1'))?.count).toBe(360);
    expect(balance.lines.find(ofType('vn.par.work-dossier.completed.v1'))?.count).toBe(120);
    expect(balance.lines.find(ofType('vn.par.unit.opened.v1'))?.count).toBe(1);
  });

  it('names the events behind every line of its sheet', async () => {
    const { lines } = await get<{ lines: { direction: string; origin: string; type: string; unit: string; day: string; count: number }[] }>(
      '/v1/balance',
    );
    expect(lines.length).toBeGreaterThan(5);
    for (const { direction, origin, type, unit, day, count } of lines) {
      const query = new URLSearchParams({ direction, origin, type, unit, day });
      const named = await get<EventIdentity[]>(`/v1/balance/identities?${query.toString()}`);
      expect({ type, direction, day, named: named.length }).toEqual({ type, direction, day, named: count });
    }
  });

  it('follows a document by its process: what is expected next, its deadlines, and how the trace went', async () => {
    const tasks: CloudEvent<'vn.par.step.due.v1'>[] = [];
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'par.tasks', `step.due.v1.${UNIT}`);
    await channel.consume(queue, (message) => {
      if (message) tasks.push(JSON.parse(message.content.toString()) as CloudEvent<'vn.par.step.due.v1'>);
    });
    const before = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
    const due = new Date(Date.now() + 20 * 24 * 3_600_000).toISOString();
    const subject = 'VBD-1';
    const open = { kind: 'incoming-document', process: 'incoming-document', due, urgency: 'urgent' } as const;
    await post([{ id: `${subject}/opened`, type: 'vn.par.work-dossier.opened.v1', subject, time: before(120), data: open }]);
    const named = async (): Promise<string[]> => (await show(subject)).expected.steps.map(({ element }) => element);
    await eventually(async () => expect(await named()).toEqual(['receive']));

    const taken = (n: number, name: string, role: string): Posted<'vn.par.work-dossier.step-taken.v1'> => ({
      id: `${subject}/step/${n}`,
      type: 'vn.par.work-dossier.step-taken.v1',
      subject,
      time: before(110 - n),
      data: { step: name, medium: 'network', role },
    });
    await post([taken(1, 'Tiếp nhận văn bản đến', 'Văn thư')]);
    await eventually(async () => expect((await named()).sort()).toEqual(['refuse', 'register']));
    const atUnit = await get<{ tasks: { workDossier: string; element: string }[] }>(`/v1/tasks?unit=${UNIT}`);
    expect(atUnit.tasks.map(({ workDossier, element }) => `${workDossier} ${element}`).sort()).toEqual([
      `${subject} refuse`,
      `${subject} register`,
    ]);
    const sql = apps[0]!.get(Database);
    const deadlines = (): Promise<unknown[]> =>
      sql.query('SELECT "of", element FROM deadline WHERE work_dossier = $1 ORDER BY "of" COLLATE "C", element', [subject]);
    expect(await deadlines()).toEqual([
      { of: 'step', element: 'refuse' },
      { of: 'step', element: 'register' },
      { of: 'work-dossier', element: '' },
    ]);

    await post([
      taken(2, 'Đăng ký số đến', 'Lãnh đạo'),
      { id: `${subject}/completed`, type: 'vn.par.work-dossier.completed.v1', subject, time: before(60), data: {} },
    ]);
    await eventually(() => expect(of(subject).at(-1)?.data.state).toBe('closed'));
    expect(of(subject).at(-1)!.data.conformance).toMatchObject({
      process: 'incoming-document',
      processVersion: 1,
      conforming: 1,
      wrongRole: 1,
      unknown: 0,
    });
    expect(of(subject).at(-1)!.data.conformance!.skipped).toBeGreaterThan(0);
    expect(await named()).toEqual([]);
    expect(await deadlines()).toEqual([]);
    await eventually(() => expect(tasks.at(-1)?.data.steps).toEqual([]));
    expect(tasks.map(({ data }) => data.revision)).toEqual(tasks.map((_task, n) => n + 1));
    const picture = await apps[0]!.inject({ url: `/v1/processes/incoming-document/diagram.svg?dossier=${subject}` });
    expect([picture.statusCode, picture.headers['content-type'], picture.body.slice(0, 4)]).toEqual([
      200,
      'image/svg+xml; charset=utf-8',
      '<svg',
    ]);
  });

  it('takes the due date as it is told: of a dossier without one there is no data, whatever the term of its procedure', async () => {
    const sql = apps[0]!.get(Database);
    const deadlinesOf = (subject: string): Promise<unknown[]> => sql.query('SELECT FROM deadline WHERE work_dossier = $1', [subject]);
    const listed = async (subject: string): Promise<unknown> => {
      const { items } = await get<{ items: { id: string }[] }>('/v1/work-dossiers?limit=200');
      return items.find(({ id }) => id === subject);
    };
    const today = new Date().toISOString();
    const undated = stamped('vn.par.dossier.received.v1', 'D-undated/received', 'D-undated', UNIT, today, {
      channel: 'online',
      procedure: '1.004873.000.00.00.H57',
    });
    await publish([undated]);
    await eventually(async () =>
      expect(await show('D-undated')).toMatchObject({
        state: 'open',
        due: null,
        dueState: { code: 'no-data', vi: expect.stringContaining('Chưa có') },
      }),
    );
    expect(await listed('D-undated')).toMatchObject({ dueAt: null, overdue: null });
    expect(await deadlinesOf('D-undated')).toEqual([]);

    const due = new Date(Date.now() + 20 * 24 * 3_600_000).toISOString();
    await publish([stamped('vn.par.dossier.extended.v1', 'D-undated/extended', 'D-undated', UNIT, today, { reason: 'other', due })]);
    await eventually(async () => expect(await show('D-undated')).toMatchObject({ due, dueState: { code: 'told' } }));
    expect(await listed('D-undated')).toMatchObject({ dueAt: due, overdue: false });
    expect(await deadlinesOf('D-undated')).toHaveLength(1);
  });

  it('answers 404 for a work dossier that nobody knows', async () => {
    const answer = await apps[0]!.inject({ method: 'GET', url: '/v1/work-dossiers/nobody' });
    expect(answer.statusCode).toBe(404);
    expect(answer.json<{ code: string }>().code).toBe('work-dossier.unknown');
  });
});
