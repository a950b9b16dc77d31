import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DOOR_OF, routingKeyOf, type AnyEvent, type CloudEvent, type DoorTally, type EventType } from '@par/contracts';
import { configureFrontDoor } from '@par/ingress';
import { BatchTransport } from '@par/messaging';
import { createApplication, Database, MESSAGE_TRANSPORT } from '@par/service-kit';
import { createDatabase, createVhost, eventually, type SpecDatabase, type SpecVhost } from '@par/testing';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { AppModule } from './app.module.ts';
import type { ProcessFacts } from './process-facts.ts';
import type { WorkDossierView } from './show-work-dossier/show-work-dossier.query.ts';
import { bpmn } from './spec-process.ts';

const UNIT = 'spec-city-office';
const PROCEDURE = '1.001';
const SHIPPED = readFileSync(new URL('../processes/outgoing-document.bpmn', import.meta.url), 'utf8');
const FLOWS = 's>Check Check>p1 p1>Draft p1>Ask Draft>p2 Ask>p2 p2>Sign Sign>e';
const FILE = bpmn(FLOWS, {
  tasks: { Check: 'par:workingHours="2" par:paper="allowed"', Sign: 'par:signature="required" par:workingHours="4"' },
  lanes: { clerk: ['Check', 'Draft', 'Ask'], head: ['Sign'] },
});

/** Monday 5 July 2021, 08:00 in Huế, and minutes after that. */
const at = (minute: number): string => new Date(Date.UTC(2021, 6, 5, 1, minute)).toISOString();
const told = (type: string, subject: string, minute: number, data: object = {}, id = `${subject}/${type}/${minute}`): AnyEvent =>
  ({
    specversion: '1.0',
    source: 'urn:spec:office',
    id,
    type: `vn.par.${type}.v1` as EventType,
    subject,
    time: at(minute),
    datacontenttype: 'application/json',
    unit: UNIT,
    received: '2021-07-06T01:00:00.000Z',
    data,
  }) as AnyEvent;
const received = (subject: string): AnyEvent =>
  told('dossier.received', subject, 0, { channel: 'online', procedure: PROCEDURE, due: at(3_000) });
const step = (subject: string, minute: number, name: string, more: object = {}): AnyEvent =>
  told('work-dossier.step-taken', subject, minute, { step: name, medium: 'network', ...more }, `${subject}/${name}/${minute}`);

type Answer = { statusCode: number; body: string; json: <T>() => T };

describe('processes at work, with two replicas on one database and one broker', () => {
  let database: SpecDatabase;
  let vhost: SpecVhost;
  let broker: ChannelModel;
  let channel: ConfirmChannel;
  const apps: NestFastifyApplication[] = [];
  const due: CloudEvent<'vn.par.step.due.v1'>[] = [];
  const judged: CloudEvent<'vn.par.work-dossier.closed.v1'>[] = [];

  beforeAll(async () => {
    database = await createDatabase('edocument-workflow');
    vhost = await createVhost();
    process.env.DATABASE_URL = database.url;
    process.env.AMQP_URL = vhost.amqpUrl;
    process.env.PROCESSES_IN_FORCE = 'incoming-document';
    for (let replica = 0; replica < 2; replica += 1) {
      const app = await createApplication(AppModule, { service: 'edocument-workflow', configureFastify: configureFrontDoor() });
      app.connectMicroservice({ strategy: app.get<CustomTransportStrategy>(MESSAGE_TRANSPORT) });
      await app.startAllMicroservices();
      await app.init();
      apps.push(app);
    }
    await eventually(async () => (await apps[0]!.get(BatchTransport).queues()).every(({ consumers }) => consumers === 2));
    broker = await connect(vhost.amqpUrl);
    channel = await broker.createConfirmChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'par.tasks', `step.due.v1.${UNIT}`);
    await channel.bindQueue(queue, 'par.events', 'work-dossier.closed.#');
    await channel.consume(queue, (message) => {
      if (!message) return;
      for (const event of [JSON.parse(message.content.toString()) as AnyEvent | AnyEvent[]].flat()) {
        if (event.type === 'vn.par.step.due.v1') due.push(event);
        else if (event.type === 'vn.par.work-dossier.closed.v1') judged.push(event);
      }
      channel.ack(message);
    });
    const city = {
      kind: 'city',
      validFrom: '2010-01-01',
      agency: false,
      timeZone: 'Asia/Ho_Chi_Minh',
      dossierCodes: 'local',
      name: 'Thành phố',
    };
    const office = { kind: 'department', parent: 'spec-city', validFrom: '2010-01-01', agency: true, name: 'Phòng' };
    await publish([{ ...told('unit.opened', 'spec-city', 0, city), unit: 'spec-city' }, told('unit.opened', UNIT, 0, office)]);
    await eventually(async () => (await get('/v1/units')).body.includes(UNIT));
  });

  afterAll(async () => {
    delete process.env.PROCESSES_IN_FORCE;
    await broker.close();
    for (const app of apps) await app.close();
    await vhost.drop();
    await database.drop();
  });

  async function publish(events: readonly AnyEvent[]): Promise<void> {
    for (const event of events) {
      // What has no door, this service found itself.
      const options = { persistent: true, appId: DOOR_OF[event.type] ?? 'edocument-workflow' };
      channel.publish('par.events', routingKeyOf(event), Buffer.from(JSON.stringify(event)), options);
    }
    await channel.waitForConfirms();
  }
  const get = (url: string, replica = 1): Promise<Answer> => apps[replica]!.inject({ method: 'GET', url });
  const show = async (subject: string): Promise<WorkDossierView> => (await get(`/v1/work-dossiers/${subject}`)).json();
  const register = (query: string, body: string, headers: Record<string, string> = {}, replica = 0): Promise<Answer> =>
    apps[replica]!.inject({
      method: 'POST',
      url: `/v1/processes${query}`,
      headers: { 'content-type': 'application/xml', ...headers },
      body,
    });
  const dueOf = (subject: string) => due.filter((event) => event.subject === subject).sort((a, b) => a.data.revision - b.data.revision);
  const namesOf = (subject: string) => dueOf(subject).map(({ data }) => data.steps.map((each) => each.step).sort());

  describe('the register', () => {
    it('has those that ship, of which only what is asked for is in force by itself', async () => {
      const list = (await get('/v1/processes')).json<ProcessFacts[]>();
      expect(list.map(({ id, version, isAssigned, isShipped }) => [id, version, isAssigned, isShipped])).toEqual([
        ['incoming-document', 1, true, true],
        ['joint-procedure', 1, false, true],
        ['one-stop-with-appraisal', 1, false, true],
        ['outgoing-document', 1, false, true],
      ]);
    });

    it('takes a version once, and every replica sees it', async () => {
      const query = `?valid-from=2021-01-01&procedures=${PROCEDURE}&units=${UNIT}`;
      const first = await register(query, FILE);
      expect(first.statusCode).toBe(201);
      expect(first.json<ProcessFacts>()).toMatchObject({
        id: 'spec',
        version: 1,
        procedures: [PROCEDURE],
        units: [UNIT],
        isAssigned: true,
      });
      const again = await register(query, FILE, {}, 1);
      expect([again.statusCode, again.json<ProcessFacts>().version]).toEqual([200, 1]);
      const shown = (await get('/v1/processes/spec')).json<ProcessFacts>();
      expect(shown.steps.find(({ id }) => id === 'Sign')).toEqual({
        id: 'Sign',
        name: 'Sign',
        role: 'head',
        workingHours: 4,
        signature: true,
        paper: false,
      });
      expect((await get('/v1/processes/spec/bpmn')).body).toBe(FILE);
    });

    it('numbers versions that come at once one after the other', async () => {
      const files = Array.from({ length: 12 }, (_unused, n) => SHIPPED.replace('name="Phát hành"', `name="Phát hành ${n}"`));
      const answers = await Promise.all(
        files.flatMap((file) => [0, 1].map((replica) => register('?valid-from=2030-01-01', file, {}, replica))),
      );
      expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(12);
      expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(12);
      const versions = new Set(answers.map((answer) => answer.json<ProcessFacts>().version));
      // The first is the one that ships.
      expect([...versions].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_unused, n) => n + 2));
    });

    it.each([
      ['what cannot run', '', bpmn('s>A A>x x>A'), 422, 'process.cannot-run'],
      ['what is no BPMN', '', '<html/>', 422, 'process.cannot-run'],
      ['a mark of secrecy', '', FILE.replace('Quy trình mẫu', 'Quy trình TUYỆT MẬT'), 422, 'secrecy.marked'],
      ['an unknown parameter', '?validFrom=2021-01-01', FILE, 422, 'process.bad-assignment'],
      ['a date that is none', '?valid-from=2021-02-30', FILE, 422, 'process.bad-assignment'],
      ['a unit that nobody knows', '?units=nobody', FILE, 422, 'process.bad-assignment'],
      ['a kind that is none', '?kinds=all', FILE, 422, 'process.bad-assignment'],
      ['a file that is too long', '', 'x'.repeat(4_000_001), 413, 'request.too-large'],
    ])('refuses %s and keeps nothing of it', async (_name, query, body, status, code) => {
      const before = (await get('/v1/processes')).json<unknown[]>().length;
      const answer = await register(query, body);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
      expect((await get('/v1/processes')).json<unknown[]>()).toHaveLength(before);
    });

    it('counts a file with a mark of secrecy as every door does', async () => {
      const counted = async (): Promise<number> => {
        const { rows } = (await get('/v1/ingress/tally')).json<DoorTally>();
        return rows.reduce((sum, { source, refused }) => sum + (source === '' ? (refused['secrecy.marked'] ?? 0) : 0), 0);
      };
      const before = await counted();
      expect((await register('', FILE.replace('Quy trình mẫu', 'Quy trình TUYỆT MẬT'))).statusCode).toBe(422);
      expect(await counted()).toBe(before + 1);
    });

    it('lists every mistake with its element and the reason in both languages', async () => {
      const answer = await register('', bpmn('s>A A>B B>e', { tasks: { A: 'par:workingHours="0"', B: 'par:paper="maybe"' } }));
      expect(answer.json<{ mistakes: unknown }>().mistakes).toMatchObject([
        { code: 'process.bad-hours', element: 'A', vi: expect.any(String), en: expect.any(String) },
        { code: 'process.bad-attribute', element: 'B', vi: expect.any(String), en: expect.any(String) },
      ]);
    });

    it('takes it from operators only, and as XML only', async () => {
      const passedOn = await register('', FILE, { 'x-forwarded-for': '203.0.113.9' });
      expect([passedOn.statusCode, passedOn.json<{ code: string }>().code]).toEqual([403, 'operator.not-local']);
      const asJson = await register('', '{}', { 'content-type': 'application/json' });
      expect([asJson.statusCode, asJson.json<{ code: string }>().code]).toEqual([415, 'request.media-type']);
    });

    it.each([
      ['/v1/processes/nobody', 'process.unknown'],
      ['/v1/processes/spec?version=9', 'process.unknown-version'],
      ['/v1/processes/spec/diagram.svg', 'process.no-diagram'],
      ['/v1/processes/spec/diagram.svg?dossier=nobody', 'process.not-followed'],
      ['/v1/processes/spec/diagram.svg?dossier=%00', 'process.not-followed'],
    ])('answers 404 to %s', async (url, code) => {
      const answer = await get(url);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, code]);
    });
  });

  it('says step by step what is expected, and judges the end by the process', async () => {
    await publish([received('D-1')]);
    await eventually(() => expect(namesOf('D-1')).toEqual([['Check']]));
    expect(dueOf('D-1')[0]).toMatchObject({
      id: 'D-1:steps:1',
      source: 'urn:par:edocument-workflow',
      data: {
        process: 'spec',
        processVersion: 1,
        due: at(3_000),
        steps: [{ element: 'Check', role: 'clerk', since: at(0), due: at(120) }],
      },
    });
    await publish([step('D-1', 30, 'Check', { role: 'clerk', medium: 'paper' })]);
    await eventually(() => expect(namesOf('D-1')).toEqual([['Check'], ['Ask', 'Draft']]));
    await publish([step('D-1', 40, 'Draft', { role: 'head' })]);
    await eventually(() => expect(namesOf('D-1')).toEqual([['Check'], ['Ask', 'Draft'], ['Ask']]));
    expect(await show('D-1')).toMatchObject({
      state: 'open',
      kind: { code: 'procedure' },
      parties: { lead: UNIT, supporting: [] },
      due: at(3_000),
      process: { id: 'spec', version: 1, name: 'Quy trình mẫu' },
      expected: { revision: 3, steps: [{ step: 'Ask', since: at(30) }] },
      deviations: [{ kind: 'wrong-role', step: 'Draft', role: 'head' }],
    });
    await publish([
      step('D-1', 50, 'Ask'),
      step('D-1', 60, 'Sign', { signature: 'digital', file: 'a'.repeat(64) }),
      told('work-dossier.completed', 'D-1', 70),
    ]);
    await eventually(() =>
      expect(judged.filter(({ subject }) => subject === 'D-1').at(-1)?.data).toMatchObject({
        processedOnline: false,
        reasons: ['signature-unverified'],
        conformance: { process: 'spec', processVersion: 1, conforming: 3, wrongRole: 1, skipped: 0, overTime: 0 },
      }),
    );
    await eventually(() => expect(namesOf('D-1').at(-1)).toEqual([]));
    const verdict = { file: 'a'.repeat(64), format: 'pdf', verdict: 'valid', revocation: 'unknown' };
    await publish([told('work-dossier.signature-verified', 'D-1', 90, verdict)]);
    await eventually(() =>
      expect(judged.filter(({ subject }) => subject === 'D-1').at(-1)?.data).toMatchObject({ processedOnline: true, reasons: [] }),
    );
    const shown = await show('D-1');
    expect(shown.judgement).toMatchObject({ processedOnline: true });
    expect(shown.expected.steps).toEqual([]);
  });

  it('keeps a running dossier on the version with which it began', async () => {
    await publish([received('D-2')]);
    await eventually(async () => expect((await show('D-2')).process?.version).toBe(1));
    const other = await register(
      `?valid-from=2021-01-01&procedures=${PROCEDURE}&units=${UNIT}`,
      FILE.replace('Quy trình mẫu', 'Quy trình mới'),
    );
    expect(other.json<ProcessFacts>().version).toBe(2);
    await publish([step('D-2', 30, 'Check'), received('D-3')]);
    await eventually(async () => expect((await show('D-2')).timeline).toHaveLength(2));
    expect((await show('D-2')).process?.version).toBe(1);
    await eventually(async () => {
      // Until each replica has looked, a dossier that comes in may still begin on the version before.
      const subject = `D-3-${Date.now()}`;
      await publish([received(subject)]);
      // Before it has come in there is no such dossier, and so no process.
      await eventually(async () => expect((await show(subject)).process?.version).toBeGreaterThan(0));
      expect((await show(subject)).process?.version).toBe(2);
    });
  });

  it('follows the process that an opening names, and that of its kind', async () => {
    await publish([
      told('work-dossier.opened', 'M-1', 0, { kind: 'matter', process: 'joint-procedure', supporting: ['spec-city'], urgency: 'urgent' }),
      told('work-dossier.opened', 'M-2', 0, { kind: 'incoming-document' }),
      told('work-dossier.opened', 'M-3', 0, { kind: 'outgoing-document' }),
    ]);
    await eventually(async () => expect((await show('M-3')).state).toBe('open'));
    expect(await show('M-1')).toMatchObject({
      process: { id: 'joint-procedure', version: 1 },
      parties: { lead: UNIT, supporting: ['spec-city'] },
      urgency: 'urgent',
      expected: { revision: 1, steps: [{ step: 'Tiếp nhận hồ sơ' }] },
    });
    expect(await show('M-2')).toMatchObject({ process: { id: 'incoming-document' } });
    expect(await show('M-3')).toMatchObject({ process: null, expected: { revision: 0, steps: [] } });
    const picture = await get('/v1/processes/joint-procedure/diagram.svg?dossier=M-1');
    expect(picture.statusCode).toBe(200);
    expect(picture.body.match(/class="box on"/g)).toHaveLength(1);
    expect((await get('/v1/processes/joint-procedure/diagram.svg')).body).not.toContain('class="box on"');
  });

  it('lists what is expected of a unit, page by page, by when it falls due', async () => {
    const all = (await get(`/v1/tasks?unit=${UNIT}&limit=1000`)).json<{
      tasks: { workDossier: string; step: string; due?: string }[];
      next: null;
    }>();
    expect(all.next).toBeNull();
    expect(all.tasks.map(({ workDossier }) => workDossier)).toEqual(expect.arrayContaining(['D-2', 'M-1', 'M-2']));
    expect(all.tasks.map(({ workDossier }) => workDossier)).not.toContain('D-1');
    const order = all.tasks.map(({ due: until }) => until ?? 'never');
    expect(order).toEqual(order.toSorted());
    expect(order).toContain('never');
    const paged: unknown[] = [];
    let next: string | null = '';
    for (let page = 0; next !== null && page <= all.tasks.length; page += 1) {
      const after: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`;
      const answer = (await get(`/v1/tasks?unit=${UNIT}&limit=1${after}`)).json<{ tasks: unknown[]; next: string | null }>();
      paged.push(...answer.tasks);
      next = answer.next;
    }
    expect(paged).toEqual(all.tasks);
    expect((await get('/v1/tasks?unit=nobody')).json()).toEqual({ tasks: [], next: null });
  });

  it.each([
    ['', 'request.no-unit'],
    ['?unit=a&limit=0', 'request.bad-limit'],
    ['?unit=a&after=x', 'request.bad-cursor'],
    ['?unit=a&after=2021-02-30T00:00:00.000Z~a~b', 'request.bad-cursor'],
    ['?unit=%00', 'request.no-unit'],
  ])('refuses to list tasks for "%s"', async (query, code) => {
    const answer = await get(`/v1/tasks${query}`);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, code]);
  });

  it('comes to the same rows whatever the order, the duplicates, the batches and the replica', async () => {
    const subjects = Array.from({ length: 60 }, (_unused, n) => `P-${String(n).padStart(2, '0')}`);
    const events = subjects.flatMap((subject, n) => [
      received(subject),
      told('dossier.paused', subject, 10, { reason: 'applicant' }),
      told('dossier.resumed', subject, 20),
      step(subject, 30, 'Check'),
      step(subject, 40, 'Ask', n % 2 === 0 ? { medium: 'paper' } : {}),
      ...(n % 3 === 0 ? [told('work-dossier.completed', subject, 50)] : []),
      ...(n % 5 === 0 ? [told('dossier.returned', subject, 60, {})] : []),
    ]);
    const mixed = [0, 1, 2, 3].flatMap((offset) => events.filter((_event, index) => index % 4 === offset).reverse());
    await publish([...mixed, ...events, ...mixed.toReversed()]);
    const sql = apps[0]!.get(Database);
    await eventually(async () => {
      const [row] = await sql.query<{ events: number }>(
        `SELECT coalesce(sum(jsonb_array_length(events)), 0)::int AS events FROM work_dossier WHERE id LIKE 'P-%'`,
      );
      return row?.events === events.length;
    });
    await eventually(async () => (await apps[0]!.get(BatchTransport).queues()).every(({ ready, inHand }) => ready + inHand === 0));
    const rows = await sql.query<Record<string, unknown>>(
      `SELECT w.id, state, unit, kind, process, process_version, opened_at, due_at, closed_at, ended_at, judgement -> 'reasons' AS reasons,
              judgement -> 'conformance' ->> 'skipped' AS skipped,
              (SELECT array_agg(element ORDER BY element) FROM expected_step AS s WHERE s.work_dossier = w.id) AS expected
         FROM work_dossier AS w WHERE w.id LIKE 'P-%' ORDER BY w.id`,
    );
    expect(rows).toEqual(
      subjects.map((id, n) => ({
        id,
        state: n % 3 === 0 ? 'closed' : 'open',
        unit: UNIT,
        kind: 'procedure',
        process: 'spec',
        process_version: 2,
        opened_at: new Date(at(0)),
        due_at: new Date(at(3_010)),
        closed_at: n % 3 === 0 ? new Date(at(50)) : null,
        ended_at: n % 5 === 0 ? new Date(at(60)) : null,
        reasons: n % 3 === 0 ? [...(n % 2 === 0 ? ['paper-step'] : []), 'signature-missing'] : null,
        skipped: n % 3 === 0 ? '2' : null,
        expected: n % 3 === 0 || n % 5 === 0 ? null : ['Draft'],
      })),
    );
    // Revisions of a work dossier follow one another without a gap, and the last one is what the row has.
    const last = await sql.query<{ id: string; revision: number }>(
      `SELECT id, expected_revision AS revision FROM work_dossier WHERE id LIKE 'P-%' ORDER BY id`,
    );
    await eventually(() =>
      expect(last.map(({ id }) => dueOf(id).map(({ data }) => data.revision))).toEqual(
        last.map(({ revision }) => Array.from({ length: revision }, (_unused, n) => n + 1)),
      ),
    );
    const balance = (await get('/v1/balance')).json<{
      lines: { type: string; direction: string; origin: string; unit: string; day: string; count: number }[];
      deadLetters: unknown[];
    }>();
    expect(balance.deadLetters).toEqual([]);
    expect(balance.lines.map(({ type }) => type)).not.toContain('vn.par.step.due.v1');
    for (const { direction, origin, type, unit, day, count } of balance.lines.filter((line) => line.direction === 'in')) {
      const query = new URLSearchParams({ direction, origin, type, unit, day });
      const named = (await get(`/v1/balance/identities?${query.toString()}`)).json<unknown[]>();
      expect({ type, named: named.length }).toEqual({ type, named: count });
    }
  });
});
