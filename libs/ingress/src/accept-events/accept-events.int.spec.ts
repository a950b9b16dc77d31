import { readFileSync } from 'node:fs';
import { DOOR_OF, type DoorTally, EVENT_TYPES } from '@par/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AcceptedEvents } from '../accepted-events.ts';
import { addProducerKey } from '../add-producer-key/add-producer-key.handler.ts';
import { dossierReceived, heartbeatSent, paperWorkDeclared, SpecDoor } from './spec-door.ts';

describe('the front door on HTTP', () => {
  let door: SpecDoor;
  beforeAll(async () => {
    door = await SpecDoor.open();
  });
  afterAll(() => door.close());
  afterEach(() => {
    door.listener.before = undefined;
  });

  const stored = async (id: unknown): Promise<Record<string, unknown>[]> =>
    door.sql.query('SELECT * FROM ingress.accepted_event WHERE id = $1', [id]);
  const tally = async (): Promise<DoorTally> => (await (await fetch(`${door.url}/v1/ingress/tally`)).json()) as DoorTally;

  it('takes one event, stores it stamped and hands it to the outbox', async () => {
    const event = dossierReceived({ sent: '2021-07-05T08:00:10+07:00' });
    const { status, body } = await door.post(event);
    expect([status, body]).toEqual([202, { index: 0, source: 'urn:one-stop', id: event.id, result: 'accepted' }]);
    const [row] = await stored(event.id);
    expect(row).toMatchObject({ unit: 'hue-19756-gia-hoi', network: 'tslcd', producer: 'spec', subject: event.subject });
    expect(JSON.parse(row!.body as string)).toMatchObject({
      time: '2021-07-05T01:00:00.000Z',
      sent: '2021-07-05T01:00:10.000Z',
      received: (row!.received_at as Date).toISOString(),
    });
    const [line] = await door.sql.query<{ count: number }>(
      `SELECT sum(count)::int AS count FROM messaging.balance_line WHERE direction = 'out' AND type = $1`,
      [event.type],
    );
    expect(line!.count).toBeGreaterThan(0);
  });

  it('takes binary mode, which is the same event as in structured mode', async () => {
    const event = dossierReceived();
    const { data, ...attributes } = event;
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encodeURIComponent(String(value))]),
    );
    expect((await door.send(JSON.stringify(data), 'application/json', headers)).body).toMatchObject({ result: 'accepted' });
    expect((await door.post(event)).body).toMatchObject({ result: 'duplicate' });
  });

  it('answers a retry with duplicate, other content with conflict, and keeps the first', async () => {
    const event = dossierReceived();
    await door.post(event);
    const retry = await door.post({ ...event, sent: '2021-07-05T09:00:00+07:00', data: { channel: 'online' } });
    expect([retry.status, retry.body.result]).toEqual([202, 'duplicate']);
    const other = { ...event, data: { channel: 'post' } };
    for (const times of [1, 2]) {
      const { status, body, headers } = await door.post(other);
      expect([status, headers.get('content-type')]).toEqual([409, 'application/problem+json; charset=utf-8']);
      expect(body).toMatchObject({
        code: 'event.conflict',
        result: 'conflict',
        source: 'urn:one-stop',
        id: event.id,
        titleVi: expect.any(String),
      });
      expect(await door.sql.query('SELECT times FROM ingress.identity_conflict WHERE id = $1', [event.id])).toEqual([{ times }]);
    }
    expect((await stored(event.id))[0]!.body).toContain('"channel":"online"');
  });

  it('answers every event of a batch, good ones beside bad ones', async () => {
    const [a, b] = [dossierReceived(), dossierReceived()];
    const { status, body } = await door.postBatch([a, { ...b, unit: 'x' }, a, { ...a, data: { channel: 'post' } }, 7, b]);
    expect(status).toBe(202);
    expect(body.summary).toEqual({ posted: 6, accepted: 2, duplicate: 1, conflict: 1, refused: 2 });
    const results = body.results as { result: string; code?: string; index: number }[];
    expect(results.map(({ index, result, code }) => [index, code ?? result])).toEqual([
      [0, 'accepted'],
      [1, 'unit.unknown'],
      [2, 'duplicate'],
      [3, 'event.conflict'],
      [4, 'event.not-an-object'],
      [5, 'accepted'],
    ]);
  });

  it('answers 422 where nothing of a batch was taken, and of a single event', async () => {
    const batch = await door.postBatch([{ ...dossierReceived(), unit: 'x' }]);
    expect([batch.status, batch.body.code, batch.body.summary as object]).toEqual([
      422,
      'request.nothing-taken',
      { posted: 1, accepted: 0, duplicate: 0, conflict: 0, refused: 1 },
    ]);
    const single = await door.post({ ...dossierReceived(), time: '2021-02-30T08:00:00+07:00' });
    expect([single.status, single.body.code, single.body.field, single.body.result]).toEqual([422, 'time.impossible', 'time', 'refused']);
  });

  it.each<[number, string, () => Promise<{ status: number; body: Record<string, unknown> }>]>([
    [401, 'producer.unknown-key', () => door.post(dossierReceived(), { authorization: 'Bearer par_wrong' })],
    [401, 'producer.unknown-key', () => door.post(dossierReceived(), { authorization: door.key })],
    [400, 'request.not-json', () => door.send('{"id":', 'application/cloudevents+json')],
    [400, 'request.empty-batch', () => door.postBatch([])],
    [400, 'request.not-a-batch', () => door.send('{}', 'application/cloudevents-batch+json')],
    [413, 'request.too-many-events', () => door.postBatch(Array.from({ length: 101 }, () => ({})))],
    [413, 'request.too-large', () => door.send(JSON.stringify('x'.repeat(5 * 1024 * 1024)), 'application/cloudevents+json')],
    [415, 'request.no-event-mode', () => door.send('{}', 'application/json')],
    [415, 'request.media-type', () => door.send('<a/>', 'application/xml')],
    [422, 'secrecy.marked', () => door.send('{"doMat":"MẬT"', 'application/cloudevents+json')],
  ])('refuses a whole call with %i %s', async (status, code, call) => {
    const answer = await call();
    expect([answer.status, answer.body.code, answer.body.type]).toEqual([status, code, `urn:par:problem:${code}`]);
    expect(answer.body).toMatchObject({ title: expect.any(String), titleVi: expect.any(String) });
  });

  it('accepts an identity once, however many calls bring it at one time', async () => {
    const events = Array.from({ length: 20 }, () => dossierReceived());
    const calls = Array.from({ length: 12 }, (_, n) =>
      n % 3 === 0 ? Promise.all(events.map((event) => door.post(event))) : door.postBatch(n % 2 === 0 ? events : [...events].reverse()),
    );
    const answers = (await Promise.all(calls))
      .flat()
      .flatMap(({ body }) => (body.results as Record<string, unknown>[] | undefined) ?? [body]);
    expect(answers).toHaveLength(240);
    expect(new Set(answers.map((answer) => answer.result))).toEqual(new Set(['accepted', 'duplicate']));
    for (const { id } of events) expect(answers.filter((answer) => answer.id === id && answer.result === 'accepted')).toHaveLength(1);
  });

  it('accepts one of two contents that come at one time', async () => {
    const event = dossierReceived();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => door.post({ ...event, data: { channel: n % 2 === 0 ? 'online' : 'post' } })),
    );
    const count = (result: string): number => answers.filter(({ body }) => body.result === result).length;
    expect([count('accepted'), count('duplicate'), count('conflict')]).toEqual([1, 4, 5]);
  });

  it('answers only after the commit', async () => {
    const event = dossierReceived();
    let letGo = (): void => undefined;
    const reached = new Promise<void>((inside) => {
      door.listener.before = () =>
        new Promise((go) => {
          letGo = go;
          inside();
        });
    });
    let answered = false;
    const call = door.post(event).finally(() => (answered = true));
    await reached;
    expect([await stored(event.id), answered]).toEqual([[], false]);
    letGo();
    expect((await call).status).toBe(202);
    expect(await stored(event.id)).toHaveLength(1);
  });

  it('fails no call for the fault of another in its group, and stores nothing of the one that fails', async () => {
    const bad = dossierReceived({ id: 'bad' });
    door.listener.before = (events) => (events.some((event) => event.id === 'bad') ? Promise.reject(new Error('spec')) : Promise.resolve());
    const good = Array.from({ length: 10 }, () => dossierReceived());
    const answers = await Promise.all([...good, bad].map((event) => door.post(event)));
    expect(answers.map(({ status }) => status)).toEqual([...good.map(() => 202), 500]);
    expect(await stored('bad')).toEqual([]);
    door.listener.before = undefined;
    expect((await door.post(bad)).body.result).toBe('accepted');
  });

  it('stays a duplicate when the unit is closed later, so that a retry is safe for ever', async () => {
    const opening = {
      ...dossierReceived(),
      type: 'vn.par.unit.opened.v1',
      subject: 'hue-short',
      unit: 'hue-short',
      data: { name: 'Tổ', kind: 'department', parent: 'hue', validFrom: '2021-01-01', agency: true },
    };
    const event = dossierReceived({ unit: 'hue-short' });
    const closing = {
      ...dossierReceived(),
      type: 'vn.par.unit.closed.v1',
      subject: 'hue-short',
      unit: 'hue-short',
      data: { from: '2021-02-01' },
    };
    for (const each of [opening, event, closing]) expect((await door.post(each)).body.result).toBe('accepted');
    expect((await door.post(event)).body.result).toBe('duplicate');
    expect((await door.post({ ...event, data: { channel: 'post' } })).body.code).toBe('event.conflict');
    expect((await door.post(dossierReceived({ unit: 'hue-short' }))).body.code).toBe('unit.not-in-force');
    expect((await door.post(opening)).body.result).toBe('duplicate');
    expect((await door.post({ ...opening, id: 'o2', data: { ...opening.data, agency: false } })).body.code).toBe('unit.already-open');
  });

  it('keeps a key as a hash, lets it speak for its own only, and makes a further key for the same name', async () => {
    const [first, second] = [
      await addProducerKey(door.sql, { name: 'ward', sources: ['urn:w'], units: ['hue-19756-gia-hoi'] }),
      await addProducerKey(door.sql, { name: 'ward', sources: ['urn:w'], units: ['hue'] }),
    ];
    expect(first).not.toBe(second);
    const rows = JSON.stringify(await door.sql.query('SELECT * FROM ingress.producer_key'));
    expect([rows.includes(first), rows.includes(second)]).toEqual([false, false]);
    const as = (key: string, change: object): Promise<unknown> =>
      door
        .post(dossierReceived({ source: 'urn:w', ...change }), { authorization: `Bearer ${key}` })
        .then(({ body }) => body.code ?? body.result);
    expect(await as(first, {})).toBe('accepted');
    expect(await as(first, { source: 'urn:v' })).toBe('producer.not-for-source');
    expect(await as(first, { unit: 'hue-phong-noi-vu' })).toBe('producer.not-for-unit');
    expect(await as(second, { unit: 'hue-phong-noi-vu' })).toBe('accepted');
  });

  it('takes declarations from a key that may declare only, and forgets that where the key is set anew', async () => {
    const key = await addProducerKey(door.sql, { name: 'office', sources: ['urn:one-stop'], units: ['hue'] });
    const send = async (event: unknown): Promise<unknown> => {
      const { body } = await door.post(event, { authorization: `Bearer ${key}` });
      return body.code ?? body.result;
    };
    const counted = paperWorkDeclared();
    expect([await send(counted), await send(dossierReceived()), await send(heartbeatSent())]).toEqual([
      'producer.may-not-declare',
      'accepted',
      'accepted',
    ]);
    expect(await stored(counted.id)).toEqual([]);
    const person = await addProducerKey(door.sql, { name: 'person', sources: ['urn:one-stop'], units: ['hue'], declares: true });
    expect((await door.post(counted, { authorization: `Bearer ${person}` })).body.result).toBe('accepted');

    const declares = (): Promise<unknown> => door.sql.query(`SELECT declares FROM ingress.producer_key WHERE name = 'person'`);
    expect(await declares()).toEqual([{ declares: true }]);
    await addProducerKey(door.sql, { name: 'person', sources: ['urn:one-stop'], units: ['hue'], key: person });
    expect(await declares()).toEqual([{ declares: false }]);
  });

  it('counts a heartbeat on the tally like any event', async () => {
    const line = async (): Promise<{ posted: number; accepted: number; duplicate: number }> => {
      const { rows } = await tally();
      const row = rows.find(({ source, unit }) => source === 'urn:one-stop' && unit === 'hue-19756-gia-hoi');
      return { posted: row?.posted ?? 0, accepted: row?.accepted ?? 0, duplicate: row?.duplicate ?? 0 };
    };
    const before = await line();
    const heartbeat = heartbeatSent();
    for (const result of ['accepted', 'duplicate']) expect((await door.post(heartbeat)).body.result).toBe(result);
    expect(await line()).toEqual({ posted: before.posted + 2, accepted: before.accepted + 1, duplicate: before.duplicate + 1 });
  });

  it('takes every golden sample of its types', async () => {
    const opening = { name: 'Tổ công tác', kind: 'department', parent: 'hue', validFrom: '2021-01-01', agency: false };
    const unit = { subject: 'hue-to-cong-tac', unit: 'hue-to-cong-tac' };
    expect((await door.post(dossierReceived({ type: 'vn.par.unit.opened.v1', ...unit, data: opening }))).body.result).toBe('accepted');
    const samples = EVENT_TYPES.filter((type) => DOOR_OF[type] === 'dossier-intake').map((type) => {
      const text = readFileSync(new URL(`../../../contracts/samples/${type}.json`, import.meta.url), 'utf8');
      const { received, network, ...posted } = JSON.parse(text) as Record<string, unknown>;
      expect([received, network]).not.toContain(undefined);
      // An identity of its own: the organisation that the door has came with those of the samples.
      return { ...posted, id: `sample of ${type}` };
    });
    const { body } = await door.postBatch(samples);
    const refused = (body.results as { index: number; result: string; code?: string }[]).filter(({ result }) => result !== 'accepted');
    expect(refused.map(({ index, ...rest }) => ({ id: samples[index]!.id, ...rest }))).toEqual([]);
    expect(samples.length).toBeGreaterThan(40);
  });

  it('keeps a tally on which every line adds up and whose accepted events are all stored', async () => {
    const { rows, stored: recount } = await tally();
    for (const row of rows) {
      const refused = Object.values(row.refused).reduce((sum, count) => sum + count, 0);
      expect(row.posted).toBe(row.accepted + row.duplicate + row.conflict + refused);
    }
    const accepted = rows.filter((row) => row.accepted > 0).map(({ day, source, unit, accepted: count }) => ({ day, source, unit, count }));
    expect(accepted).toEqual(recount);
    expect(rows.find((row) => row.source === '' && row.unit === '')?.refused).toMatchObject({ 'secrecy.marked': 1 });
    expect(await (await fetch(`${door.url}/v1/ingress/tally?day=2001-01-01`)).json()).toEqual({ rows: [], stored: [] });
    expect((await fetch(`${door.url}/v1/ingress/tally?day=x`)).status).toBe(400);
  });

  it('names the events behind every line of the balance sheet', async () => {
    const lines = await door.sql.query<{ type: string; unit: string; day: string; count: number }>(
      `SELECT type, unit, day::text AS day, count FROM messaging.balance_line WHERE direction = 'out'`,
    );
    expect(lines.length).toBeGreaterThan(5);
    for (const { type, unit, day, count } of lines) {
      const query = new URLSearchParams({ direction: 'out', origin: 'dossier-intake', type, unit, day });
      const identities = (await (await fetch(`${door.url}/v1/balance/identities?${query.toString()}`)).json()) as {
        source: string;
        id: string;
      }[];
      expect(identities).toHaveLength(count);
      expect(await door.app.get(AcceptedEvents, { strict: false }).byIdentity(identities)).toHaveLength(count);
    }
  });

  it('answers 503 with Retry-After while the database ends its sessions, stores nothing of what it refused, and recovers', async () => {
    const admin = door.sql;
    const events = Array.from({ length: 40 }, () => dossierReceived());
    door.listener.before = async () => {
      door.listener.before = undefined;
      await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
    };
    const answers = await Promise.all(events.map((event) => door.post(event)));
    const away = answers.filter(({ status }) => status === 503);
    expect(away.length).toBeGreaterThan(0);
    for (const { body, headers } of away) expect([body.code, Number(headers.get('retry-after')) > 0]).toEqual(['database.away', true]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(away.length === events.length ? [503] : [202, 503]));
    for (const [index, event] of events.entries()) {
      expect(await stored(event.id)).toHaveLength(answers[index]!.status === 202 ? 1 : 0);
      expect((await door.post(event)).body.result).toBe(answers[index]!.status === 202 ? 'duplicate' : 'accepted');
    }
  });
});
