import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'amqplib';
import pg from 'pg';
import { createDatabase } from './create-database.ts';
import { createVhost, manage } from './create-vhost.ts';
import { testEnvironment } from './environment.ts';
import { eventually } from './eventually.ts';

describe('databases for specs', () => {
  let admin: pg.Client;
  beforeAll(async () => {
    admin = new pg.Client({ connectionString: testEnvironment().postgresUrl });
    await admin.connect();
  });
  afterAll(() => admin.end());

  const exists = async (url: string): Promise<boolean> => {
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [new URL(url).pathname.slice(1)]);
    return rowCount === 1;
  };

  it('are clones of one migrated template, each on its own, and gone after drop', async () => {
    const [one, two] = await Promise.all([createDatabase({ schemas: ['messaging'] }), createDatabase({ schemas: ['messaging'] })]);
    const client = new pg.Client({ connectionString: one.url });
    await client.connect();
    const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'messaging'`);
    await client.end();
    expect(rows[0]?.n).toBeGreaterThan(1);
    expect(one.url).not.toBe(two.url);
    await Promise.all([one.drop(), two.drop()]);
    expect(await exists(one.url)).toBe(false);
  });

  it('tell of a session that is left open, and drop the database all the same', async () => {
    const database = await createDatabase({ schemas: ['messaging'] });
    const left = new pg.Client({ connectionString: database.url, application_name: 'forgotten' });
    const ended = new Promise((done) => left.on('error', done));
    await left.connect();
    await expect(database.drop()).rejects.toThrow(/left 1 session\(s\) open.*\n?forgotten/);
    await ended;
    expect(await exists(database.url)).toBe(false);
  });
});

describe('virtual hosts for specs', () => {
  it('keep the queues of two specs apart, and are gone after drop', async () => {
    const [one, two] = await Promise.all([createVhost(), createVhost()]);
    const connection = await connect(one.amqpUrl);
    const channel = await connection.createChannel();
    await channel.assertQueue('same-name', { durable: true });
    await connection.close();
    const other = await connect(two.amqpUrl);
    const probe = await other.createChannel();
    probe.on('error', () => undefined);
    await expect(probe.checkQueue('same-name')).rejects.toThrow(/NOT_FOUND/);
    await other.close();
    await Promise.all([one.drop(), two.drop()]);
    await expect(manage(one.managementUrl, 'GET', `/api/vhosts/${one.name}`)).rejects.toThrow(/404/);
  });

  it('tell of a connection that is left open', async () => {
    const vhost = await createVhost();
    const left = await connect(vhost.amqpUrl, { clientProperties: { connection_name: 'forgotten' } });
    left.on('error', () => undefined);
    await eventually(
      async () => ((await manage(vhost.managementUrl, 'GET', `/api/vhosts/${vhost.name}/connections`)) as unknown[]).length === 1,
    );
    await expect(vhost.drop()).rejects.toThrow(/left 1 broker connection\(s\) open:\nforgotten/);
  });
});
