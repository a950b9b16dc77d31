import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { waitUntil } from './command.ts';
import { findRabbitmqFiles } from './find-rabbitmq.ts';
import { startPrivateCluster, stopPrivateCluster, type PrivateCluster } from './private-cluster.ts';
import { processesWithEnvironment } from './running-processes.ts';
import { DEFAULT_CACHE } from './start-infrastructure.ts';

const brokers = process.env.PAR_TEST_BROKER_STATE;
if (brokers === undefined) throw new Error('run this spec with "npm test -- libs/infrastructure"');
const directory = join(brokers, randomBytes(6).toString('hex'));

describe('a private cluster', () => {
  let cluster: PrivateCluster;

  async function connected(node: number): Promise<ChannelModel> {
    const connection = await connect(cluster.nodes[node]!.amqpUrl);
    // The spec kills what it is connected to.
    connection.on('error', () => undefined);
    return connection;
  }

  /** As a relay does: what the broker did not confirm is published again. */
  async function publish(channel: ConfirmChannel, from: number, to: number): Promise<void> {
    for (let n = from; n < to; n++) {
      const confirmed = (): Promise<boolean> =>
        new Promise((answer) => channel.sendToQueue('kept', Buffer.from(String(n)), { persistent: true }, (error) => answer(!error)));
      while (!(await confirmed()));
    }
  }

  beforeAll(async () => {
    cluster = await startPrivateCluster({ directory, files: await findRabbitmqFiles(DEFAULT_CACHE, () => undefined) });
  }, 180_000);
  afterAll(async () => {
    await stopPrivateCluster(directory);
    rmSync(directory, { recursive: true, force: true });
  }, 60_000);

  it('keeps what it confirmed when the node that leads a queue is killed -9, and takes that node back', async () => {
    const setUp = await connected(0);
    const declaring = await setUp.createConfirmChannel();
    await declaring.assertQueue('kept', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await cluster.syncBroker();
    await setUp.close();

    const leader = await cluster.leaderOf('kept');
    const other = await connected((leader + 1) % 3);
    const channel = await other.createConfirmChannel();
    await publish(channel, 0, 100);
    await cluster.nodes[leader]!.kill9();
    await publish(channel, 100, 200);
    expect(await cluster.leaderOf('kept')).not.toBe(leader);
    await cluster.nodes[leader]!.restart();
    const again = await connected(leader);
    const reading = await again.createChannel();
    // What was not confirmed may be there all the same, and then twice.
    const kept = new Set<string>();
    await waitUntil(
      async () => {
        const message = await reading.get('kept', { noAck: false });
        if (message) kept.add(message.content.toString());
        return kept.size === 200;
      },
      20_000,
      1,
    );
    expect(kept.size).toBe(200);
    for (const connection of [again, other]) await connection.close();
  }, 180_000);

  it('leaves no process when it is stopped', async () => {
    await cluster.stop();
    for (const place of [directory, ...['n1', 'n2', 'n3'].map((name) => join(directory, name))])
      expect(processesWithEnvironment('PAR_BROKER', place)).toEqual([]);
  }, 60_000);
});
