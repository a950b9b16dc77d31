import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, manage } from '@par/testing';
import { type ConfirmChannel, connect, type ChannelModel } from 'amqplib';
import { addProducerKey } from '../add-producer-key/add-producer-key.handler.ts';
import { dossierReceived, heartbeatSent, paperWorkDeclared, SpecDoor } from './spec-door.ts';

describe('the front door on AMQP', () => {
  let door: SpecDoor;
  let connection: ChannelModel;
  let channel: ConfirmChannel;
  let replyTo: string;
  const replies = new Map<string, Record<string, unknown>>();

  beforeAll(async () => {
    door = await SpecDoor.open();
    connection = await connect(door.vhost.amqpUrl);
    channel = await connection.createConfirmChannel();
    replyTo = (await channel.assertQueue('', { exclusive: true })).queue;
    await channel.consume(
      replyTo,
      (message) =>
        message && replies.set(String(message.properties.correlationId), JSON.parse(message.content.toString()) as Record<string, unknown>),
      { noAck: true },
    );
  });
  afterAll(async () => {
    // The door is closed also where the broker has closed the connection already.
    await connection.close().finally(() => door.close());
  });

  let serial = 0;
  async function ask(
    body: string | Buffer,
    options: { contentType?: string; headers?: Record<string, unknown>; userId?: string } = {},
  ): Promise<Record<string, unknown>> {
    const correlationId = `c${(serial += 1)}`;
    const headers = { authorization: `Bearer ${door.key}`, ...options.headers };
    channel.publish('par.ingress', 'dossier.received.v1.x', Buffer.from(body), {
      contentType: 'application/cloudevents+json',
      ...options,
      headers,
      correlationId,
      replyTo,
      mandatory: true,
      persistent: true,
    });
    await eventually(() => replies.has(correlationId));
    return replies.get(correlationId)!;
  }

  it('takes the same events as on HTTP, by the same rules', async () => {
    const event = dossierReceived();
    expect(await ask(JSON.stringify(event))).toEqual({ index: 0, source: 'urn:one-stop', id: event.id, result: 'accepted' });
    expect((await door.post(event)).body.result).toBe('duplicate');
    expect(await ask(JSON.stringify({ ...event, data: { channel: 'post' } }))).toMatchObject({
      result: 'conflict',
      code: 'event.conflict',
    });
    expect(await ask(JSON.stringify({ ...event, received: 'x' }))).toMatchObject({
      result: 'refused',
      code: 'event.unknown-attribute',
      field: 'received',
    });
  });

  it('lets the same keys declare as on HTTP, and counts a heartbeat like any event', async () => {
    const system = await addProducerKey(door.sql, { name: 'system', sources: ['*'], units: ['*'] });
    const counted = paperWorkDeclared();
    expect(await ask(JSON.stringify(counted), { headers: { authorization: `Bearer ${system}` } })).toMatchObject({
      result: 'refused',
      code: 'producer.may-not-declare',
      field: 'type',
    });
    expect(await ask(JSON.stringify(counted))).toMatchObject({ result: 'accepted' });
    expect(await ask(JSON.stringify(paperWorkDeclared({ subject: 'hue-phong-noi-vu' })))).toMatchObject({ code: 'unit.not-its-subject' });

    const accepted = async (): Promise<number> => {
      const [row] = await door.sql.query<{ n: number }>(
        `SELECT sum(accepted)::int AS n FROM ingress.tally WHERE source = 'urn:one-stop' AND unit = 'hue-19756-gia-hoi'`,
      );
      return row!.n;
    };
    const before = await accepted();
    expect(await ask(JSON.stringify(heartbeatSent()))).toMatchObject({ result: 'accepted' });
    expect(await accepted()).toBe(before + 1);
  });

  it('takes batches', async () => {
    const body = JSON.stringify([dossierReceived(), 7]);
    expect(await ask(body, { contentType: 'application/cloudevents-batch+json' })).toMatchObject({
      summary: { posted: 2, accepted: 1, refused: 1 },
    });
  });

  it.each<[string, string | Buffer, object]>([
    ['producer.unknown-key', '{}', { headers: { authorization: 'Bearer x' } }],
    ['request.not-json', 'x', {}],
    ['request.media-type', '{}', { contentType: 'text/plain' }],
    ['request.too-large', Buffer.alloc(5 * 1024 * 1024 + 1, 32), {}],
  ])('refuses with %s, counts it and dead-letters nothing', async (code, body, options) => {
    expect(await ask(body, options)).toMatchObject({ results: [{ result: 'refused', code }] });
    const counted = await door.sql.query(`SELECT count FROM ingress.tally_refusal WHERE code = $1`, [code]);
    expect(counted).toEqual([{ count: 1 }]);
    // Neither waiting nor, in any queue beside it, kept: the broker has no dead-letter queue for a front door.
    expect((await channel.checkQueue('dossier-intake.ingress')).messageCount).toBe(0);
    const queues = (await manage(door.vhost.managementUrl, 'GET', `/api/queues/${door.vhost.name}`)) as { name: string }[];
    expect(queues.map(({ name }) => name)).not.toContain('dossier-intake.ingress.dead');
    expect(await door.sql.query('SELECT 1 FROM messaging.dead_letter')).toEqual([]);
  });

  it('stamps the network by the broker user that the broker has checked', async () => {
    const [named, unnamed] = [dossierReceived(), dossierReceived()];
    await ask(JSON.stringify(named), { userId: new URL(door.vhost.amqpUrl).username });
    await ask(JSON.stringify(unnamed));
    const rows = await door.sql.query('SELECT id, network FROM ingress.accepted_event WHERE id IN ($1, $2) ORDER BY network DESC', [
      named.id,
      unnamed.id,
    ]);
    expect(rows).toEqual([
      { id: named.id, network: 'tslcd' },
      { id: unnamed.id, network: 'internet' },
    ]);
  });

  it('takes thousands at a time', async () => {
    const events = Array.from({ length: 3_000 }, () => dossierReceived());
    for (const event of [...events, ...events]) {
      channel.publish('par.ingress', 'dossier.received.v1.x', Buffer.from(JSON.stringify(event)), {
        contentType: 'application/cloudevents+json',
        headers: { authorization: `Bearer ${door.key}` },
        persistent: true,
      });
    }
    await channel.waitForConfirms();
    const tally = async (): Promise<Record<string, unknown>[]> =>
      door.sql.query(`SELECT sum(duplicate)::int AS duplicate FROM ingress.tally`);
    await eventually(async () => (await tally())[0]!.duplicate === 3_001);
    const [count] = await door.sql.query<{ n: number }>('SELECT count(*)::int AS n FROM ingress.accepted_event WHERE id = ANY($1)', [
      events.map(({ id }) => id),
    ]);
    expect(count!.n).toBe(3_000);
  });
});
