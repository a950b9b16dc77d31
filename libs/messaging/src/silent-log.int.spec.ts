import { Controller, Get, Module } from '@nestjs/common';
import { type CustomTransportStrategy, Ctx, Payload } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CloudEvent, routingKeyOf } from '@par/contracts';
import { createApplication, Database, MESSAGE_TRANSPORT, ServiceKitModule, StructuredLog } from '@par/service-kit';
import { createDatabase, createVhost, eventually, type SpecDatabase, type SpecVhost } from '@par/testing';
import { connect } from 'amqplib';
import { BatchContext, BatchHandler, type Delivery, MessagingModule } from './index.ts';

/** Stands in an event's data, and may be anywhere but in the log. */
const PLANTED = 'Nguyễn-Thị-Kín-079123456789';

/** Mistakes as a handler may make them, each of which has the planted value in its error. */
const MISTAKES: Record<string, (context: BatchContext, value: string) => Promise<unknown>> = {
  cast: ({ tx }, value) => tx.query('SELECT $1::text::int', [value]),
  date: ({ tx }, value) => tx.query('SELECT $1::text::date', [value]),
  json: ({ tx }, value) => tx.query('SELECT $1::text::json', [`{"a": ${value}`]),
  unique: ({ tx }, value) => tx.query('INSERT INTO planted (value) VALUES ($1), ($1)', [value]),
  check: ({ tx }, value) => tx.query('INSERT INTO planted (value) VALUES ($1)', [`${value}!`]),
  parse: (_, value) => Promise.resolve(JSON.parse(value)),
  bigint: (_, value) => Promise.resolve(BigInt(value)),
};

@Controller()
class ClumsyConsumer {
  constructor(private readonly database: Database) {}

  @BatchHandler('index-scoring.count-events')
  async count(@Payload() batch: Delivery[], @Ctx() context: BatchContext): Promise<Delivery[]> {
    for (const { event } of batch) await MISTAKES[event.subject]!(context, (event.data as unknown as { channel: string }).channel);
    return batch;
  }

  @Get('v1/clumsy')
  clumsy(): Promise<unknown> {
    return this.database.query('SELECT $1::text::int', [PLANTED]);
  }
}

@Module({
  imports: [ServiceKitModule.forService('index-scoring'), MessagingModule.forService('index-scoring')],
  controllers: [ClumsyConsumer],
})
class SpecModule {}

describe('the log on paths of failure', () => {
  let database: SpecDatabase;
  let vhost: SpecVhost;
  let app: NestFastifyApplication;
  let said = '';

  beforeAll(async () => {
    database = await createDatabase({ schemas: ['messaging'] });
    vhost = await createVhost();
    Object.assign(process.env, { DATABASE_URL: database.url, AMQP_URL: vhost.amqpUrl });
    const log = new StructuredLog('index-scoring', 'trace', { write: (line) => (said += line) });
    app = await createApplication(SpecModule, { service: 'index-scoring' }, log);
    await app.get(Database).query(`CREATE TABLE planted (value text PRIMARY KEY, CHECK (value NOT LIKE '%!'))`);
    app.connectMicroservice({ strategy: app.get<CustomTransportStrategy>(MESSAGE_TRANSPORT) });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    await eventually(async () => (await fetch(`${await app.getUrl()}/health/ready`)).ok);
  });

  afterAll(async () => {
    await app.close();
    await vhost.drop();
    await database.drop();
  });

  it('says that messages failed and why, and nothing of what is in them', async () => {
    await publish(Object.keys(MISTAKES).map(event));
    await eventually(async () => (await count('dead_letter')) === Object.keys(MISTAKES).length, { timeoutMs: 30_000 });
    expect(said).toContain('retry later vn.par.dossier.received.v1');
    expect(said).toContain('dead-lettered after 3 retries');
    expect(said).toContain('invalid input syntax for type integer');
    expect(said).toContain('duplicate key value violates unique constraint');
    for (const part of [PLANTED, '079123456789', 'Nguyễn', 'Kín']) expect(said).not.toContain(part);
    // The event itself is kept where it belongs, for whoever mends it.
    const kept = await app.get(Database).query('SELECT FROM messaging.dead_letter WHERE body LIKE $1', [`%${PLANTED}%`]);
    expect(kept).toHaveLength(Object.keys(MISTAKES).length);
  }, 60_000);

  it('says nothing of a value in a failed call, neither in the log nor to the caller', async () => {
    const answer = await fetch(`${await app.getUrl()}/v1/clumsy`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('079123456789');
    await eventually(() => said.includes('"context":"http"'));
    expect(said).not.toContain('079123456789');
  });

  it('says nothing of a message that nobody can read', async () => {
    await publish([{ ...event('cast'), type: `vn.par.${PLANTED}.v1` } as never], PLANTED);
    await eventually(async () => (await count('dead_letter')) > Object.keys(MISTAKES).length);
    expect(said).toContain('unreadable messages dead-lettered');
    expect(said).not.toContain('079123456789');
  });

  const count = async (table: string): Promise<number> =>
    (await app.get(Database).query<{ n: number }>(`SELECT count(*)::int AS n FROM messaging.${table}`))[0]!.n;

  function event(subject: string): CloudEvent {
    return {
      specversion: '1.0',
      id: `e-${subject}`,
      source: 'urn:spec',
      type: 'vn.par.dossier.received.v1',
      subject,
      time: '2021-07-05T02:00:00.000Z',
      datacontenttype: 'application/json',
      unit: 'hue-phong-noi-vu',
      received: '2021-07-05T02:00:00.000Z',
      data: { channel: PLANTED as never },
    };
  }

  async function publish(events: readonly CloudEvent[], more = ''): Promise<void> {
    const connection = await connect(vhost.amqpUrl);
    const channel = await connection.createConfirmChannel();
    for (const each of events)
      channel.publish(
        'par.events',
        routingKeyOf({ ...each, type: 'vn.par.dossier.received.v1' }),
        Buffer.from(JSON.stringify(each) + more),
        {
          persistent: true,
          appId: 'dossier-intake',
        },
      );
    await channel.waitForConfirms();
    await connection.close();
  }
});
