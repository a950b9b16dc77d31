import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type ChannelModel } from 'amqplib';
import { waitUntil } from './command.ts';
import { findRabbitmqFiles } from './find-rabbitmq.ts';
import { isPortFree } from './free-ports.ts';
import { runRabbitmqctl, startPrivateBroker, stopPrivateBroker, type PrivateBroker } from './private-broker.ts';
import { isAlive, processesWithEnvironment } from './running-processes.ts';
import { DEFAULT_CACHE } from './start-infrastructure.ts';

const brokers = process.env.PAR_TEST_BROKER_STATE;
if (brokers === undefined) throw new Error('run this spec with "npm test -- libs/infrastructure"');
const directory = join(brokers, randomBytes(6).toString('hex'));

async function withConnection<T>(url: string, work: (connection: ChannelModel) => Promise<T>): Promise<T> {
  const connection = await connect(url);
  connection.on('error', () => undefined);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

describe('a private broker', () => {
  let broker: PrivateBroker;
  const ports = (): number[] => {
    const first = Number(new URL(broker.amqpUrl).port);
    return [first, first + 1, first + 4, first + 5];
  };

  beforeAll(async () => {
    broker = await startPrivateBroker({ directory, files: await findRabbitmqFiles(DEFAULT_CACHE, () => undefined) });
  });
  afterAll(async () => {
    await stopPrivateBroker(directory);
    rmSync(directory, { recursive: true, force: true });
  });

  it('lets in only who knows its password, and keeps that to itself', async () => {
    const url = new URL(broker.amqpUrl);
    for (const [user, password] of [
      ['guest', 'guest'],
      ['par', 'wrong'],
    ]) {
      await expect(connect(`amqp://${user!}:${password!}@${url.host}`)).rejects.toThrow(/ACCESS_REFUSED/);
    }
    for (const name of ['password', 'rabbitmq.conf', 'home/.erlang.cookie']) expect(statSync(join(directory, name)).mode & 0o077).toBe(0);
  });

  it('keeps confirmed messages of a quorum queue through a kill -9, once it was synced', async () => {
    await withConnection(broker.amqpUrl, async (connection) => {
      const channel = await connection.createConfirmChannel();
      await channel.assertQueue('kept', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
      await broker.syncBroker();
      for (let n = 0; n < 500; n++) channel.sendToQueue('kept', Buffer.from(String(n)), { persistent: true });
      await channel.waitForConfirms();
      const broken = new Promise((done) => connection.once('close', done));
      await broker.kill9();
      await broken;
    }).catch((error: Error) => {
      // Closing a connection that the kill has closed already.
      if (!/closed/i.test(error.message)) throw error;
    });
    await broker.restart();
    const count = await withConnection(broker.amqpUrl, async (connection) => {
      const channel = await connection.createChannel();
      let messages = -1;
      await waitUntil(async () => (messages = (await channel.checkQueue('kept')).messageCount) === 500, 20_000, 200);
      return messages;
    });
    expect(count).toBe(500);
  });

  it('of a launcher that was killed is found and replaced on the same ports', async () => {
    // This process stands for the next launcher: it knows nothing but the directory.
    const before = processesWithEnvironment('PAR_BROKER', directory);
    expect(before.length).toBeGreaterThan(2);
    const { amqpUrl } = broker;
    broker = await startPrivateBroker({ directory, files: await findRabbitmqFiles(DEFAULT_CACHE, () => undefined) });
    expect(broker.amqpUrl).toBe(amqpUrl);
    expect(before.filter(isAlive)).toEqual([]);
    expect((await runRabbitmqctl(directory, ['-q', 'list_queues', 'name'])).output).toContain('kept');
  });

  it('leaves no process and no port when it is stopped, and can be stopped again', async () => {
    await Promise.all([broker.stop(), broker.stop()]);
    await broker.stop();
    expect(processesWithEnvironment('PAR_BROKER', directory)).toEqual([]);
    for (const port of ports()) expect([port, await isPortFree(port)]).toEqual([port, true]);
    expect(existsSync(join(directory, 'instance.json')) && readFileSync(join(directory, 'instance.json'), 'utf8')).toContain('"first"');
  });
});
