import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deadQueueOf, hasDeadQueue, ingressQueueOf, QUEUES, type DoorTally } from '@par/contracts';
import { eventually, manage } from '@par/testing';
import { connect, type ChannelModel } from 'amqplib';
import { dossierReceived, SpecDoor } from './spec-door.ts';

const CANARY = 'CANARY7391';
const queues = QUEUES.flatMap(({ name }) => (hasDeadQueue(name) ? [name, deadQueueOf(name)] : [name]));

/** Promise 7: nothing of a message that is marked as a state secret stays anywhere. */
describe('a message marked secret leaves nothing behind', () => {
  let door: SpecDoor;
  let connection: ChannelModel;
  beforeAll(async () => {
    door = await SpecDoor.open();
    connection = await connect(door.vhost.amqpUrl);
    // The door is open before the last queue is declared.
    await eventually(async () => {
      const { managementUrl, name } = door.vhost;
      const declared = (await manage(managementUrl, 'GET', `/api/queues/${encodeURIComponent(name)}`)) as { name: string }[];
      return queues.every((queue) => declared.some((one) => one.name === queue));
    });
  });
  afterAll(async () => {
    await connection.close();
    await door.close();
  });
  const secrets = (): number => sent;
  let sent = 0;
  const counted = async (): Promise<number> => {
    const { rows } = (await (await fetch(`${door.url}/v1/ingress/tally`)).json()) as DoorTally;
    return rows.filter((row) => row.source === '' && row.unit === '').reduce((sum, row) => sum + (row.refused['secrecy.marked'] ?? 0), 0);
  };

  async function nothingIsLeft(): Promise<void> {
    await eventually(async () => (await counted()) === secrets());
    const tables = await door.sql.query<{ schema: string; name: string }>(
      `SELECT schemaname AS schema, tablename AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    expect(tables.length).toBeGreaterThan(8);
    for (const { schema, name } of tables) {
      const [found] = await door.sql.query<{ rows: number }>(
        `SELECT count(*)::int AS rows FROM "${schema}"."${name}" t WHERE t::text ILIKE $1`,
        [`%${CANARY}%`],
      );
      expect([schema, name, found!.rows]).toEqual([schema, name, 0]);
    }
    expect(door.log.text).not.toContain(CANARY);
    for (const queue of queues) {
      const path = `/api/queues/${encodeURIComponent(door.vhost.name)}/${queue}/get`;
      const messages = await manage(door.vhost.managementUrl, 'POST', path, { count: 500, ackmode: 'ack_requeue_true', encoding: 'auto' });
      expect([queue, JSON.stringify(messages).includes(CANARY)]).toEqual([queue, false]);
    }
  }

  it('is looked for where it could be: a message that is not marked is found in tables and log', async () => {
    door.listener.before = () => Promise.reject(new Error('SEEN7391'));
    await door.post(dossierReceived());
    door.listener.before = undefined;
    await door.post(dossierReceived({ id: 'SEEN7391' }));
    expect(door.log.text).toContain('SEEN7391');
    const rows = await door.sql.query(`SELECT 1 FROM ingress.accepted_event t WHERE t::text ILIKE '%SEEN7391%'`);
    expect(rows).toHaveLength(1);
  });

  const marked = (change: object): Record<string, unknown> => ({
    ...dossierReceived(),
    id: `${CANARY}-id`,
    source: `urn:${CANARY}`,
    subject: `H57.132-210705-${CANARY}`,
    ...change,
  });

  it.each<[string, () => ReturnType<SpecDoor['post']>]>([
    ['in a field of the data', () => door.post(marked({ data: { channel: 'online', doMat: 'MẬT' } }))],
    ['deep in the data', () => door.post(marked({ data: { a: [{ b: { 'Độ mật': CANARY } }] } }))],
    ['in an attribute', () => door.post(marked({ secrecy: 'A' }))],
    ['as words', () => door.post(marked({ data: { channel: 'online', note: `${CANARY} tuyệt mật` } }))],
    ['under a name given twice', () => door.send(`{"id":"${CANARY}","doMat":"MẬT","doMat":"thường"}`, 'application/cloudevents+json')],
    ['in a header of binary mode', () => door.send('{}', 'application/json', { 'ce-id': CANARY, 'ce-domat': 'M%E1%BA%ACT' })],
    ['in a body that is cut off', () => door.send(`{"id":"${CANARY}","data":{"mucDoMat":"TOI MAT"`, 'application/cloudevents+json')],
    ['with an envelope that is wrong besides', () => door.post({ doMat: '1', id: `${CANARY}\u0000`, time: CANARY })],
  ])('%s', async (_, call) => {
    sent += 1;
    const { status, body } = await call();
    expect([status, body.code]).toEqual([422, 'secrecy.marked']);
    expect(JSON.stringify(body)).not.toContain(CANARY);
    expect([body.source, body.id, body.field]).toEqual([undefined, undefined, undefined]);
    await nothingIsLeft();
  });

  it('in a batch, whose other events are taken', async () => {
    sent += 1;
    const [before, after] = [dossierReceived(), dossierReceived()];
    const { status, body } = await door.postBatch([before, marked({ data: { mat: true } }), after]);
    expect(status).toBe(202);
    const results = body.results as Record<string, unknown>[];
    expect(results.map(({ result, code }) => code ?? result)).toEqual(['accepted', 'secrecy.marked', 'accepted']);
    expect(Object.keys(results[1]!).sort()).toEqual(['code', 'index', 'message', 'result']);
    expect(JSON.stringify(body)).not.toContain(CANARY);
    await nothingIsLeft();
  });

  it('on AMQP, where it is neither dead-lettered nor kept', async () => {
    sent += 2;
    const channel = await connection.createConfirmChannel();
    const headers = { authorization: `Bearer ${door.key}` };
    const replies: Record<string, unknown>[] = [];
    const { queue: replyTo } = await channel.assertQueue('', { exclusive: true });
    await channel.consume(
      replyTo,
      (message) => message && replies.push(JSON.parse(message.content.toString()) as Record<string, unknown>),
      { noAck: true },
    );
    const publish = (body: string, extra: object = {}): boolean =>
      channel.publish('par.ingress', 'dossier.received.v1.x', Buffer.from(body), {
        contentType: 'application/cloudevents+json',
        headers: { ...headers, ...extra },
        replyTo,
        persistent: true,
        mandatory: true,
      });
    publish(JSON.stringify(marked({ data: { doMat: 'MẬT' } })));
    publish(JSON.stringify(dossierReceived({ id: `${CANARY}-h` })), { 'Do-Mat': 2 });
    await channel.waitForConfirms();
    await eventually(() => replies.length === 2);
    expect(replies.map(({ code }) => code)).toEqual(['secrecy.marked', 'secrecy.marked']);
    expect(JSON.stringify(replies)).not.toContain(CANARY);
    await eventually(async () => (await channel.checkQueue(ingressQueueOf('dossier-intake'))).messageCount === 0);
    await channel.close();
    await nothingIsLeft();
  });
});
