import { Controller, Module } from '@nestjs/common';
import { type CustomTransportStrategy, Payload } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CloudEvent } from '@par/contracts';
import { createApplication, Database, MESSAGE_TRANSPORT, ServiceKitModule } from '@par/service-kit';
import { createDatabase, createVhost, eventually, type SpecDatabase, type SpecVhost } from '@par/testing';
import { BatchHandler, type Delivery, MessagingModule, Outbox } from './index.ts';

/** What the handler waits for; undefined lets it work. */
let gate: Promise<void> | undefined;

@Controller()
class WaitingConsumer {
  @BatchHandler('index-scoring.count-events')
  async count(@Payload() batch: Delivery[]): Promise<Delivery[]> {
    await gate;
    return batch;
  }
}

@Module({
  imports: [ServiceKitModule.forService('index-scoring'), MessagingModule.forService('index-scoring')],
  controllers: [WaitingConsumer],
})
class SpecModule {}

/** A consumer that hangs looks healthy from outside: attached, connected, its heartbeat going round. */
describe('health knows attached and moving', () => {
  let database: SpecDatabase;
  let vhost: SpecVhost;
  let app: NestFastifyApplication;
  let open: () => void = () => undefined;

  beforeAll(async () => {
    database = await createDatabase({ schemas: ['messaging'] });
    vhost = await createVhost();
    Object.assign(process.env, { DATABASE_URL: database.url, AMQP_URL: vhost.amqpUrl, STALLED_AFTER_SECONDS: '1' });
    app = await createApplication(SpecModule, { service: 'index-scoring' });
    app.connectMicroservice({ strategy: app.get<CustomTransportStrategy>(MESSAGE_TRANSPORT) });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    await eventually(async () => (await fetch(`${await app.getUrl()}/health/ready`)).ok);
  });

  afterAll(async () => {
    delete process.env.STALLED_AFTER_SECONDS;
    open();
    await app.close();
    await vhost.drop();
    await database.drop();
  });

  interface Report {
    ok: boolean;
    checks: Record<string, { ok: boolean; detail?: string }>;
  }
  async function live(): Promise<{ status: number; report: Report }> {
    const answer = await fetch(`${await app.getUrl()}/health/live`);
    return { status: answer.status, report: (await answer.json()) as Report };
  }
  const metrics = async (): Promise<string> => (await fetch(`${await app.getUrl()}/metrics`)).text();

  async function send(id: string): Promise<void> {
    const event: CloudEvent = {
      specversion: '1.0',
      id,
      source: 'urn:spec',
      type: 'vn.par.dossier.result-ready.v1',
      subject: 'H57.132-210705-0001',
      time: '2021-07-05T02:00:00.000Z',
      datacontenttype: 'application/json',
      unit: 'hue-phong-noi-vu',
      received: new Date().toISOString(),
      data: {},
    };
    await app.get(Database).transaction((tx) => app.get(Outbox).put(tx, [event]));
  }

  it('is alive while nothing is to be done, and when work goes on', async () => {
    expect(await live()).toMatchObject({ status: 200 });
    await send('first');
    await eventually(async () =>
      (await metrics()).includes('par_batch_events_count{service="index-scoring",queue="index-scoring.count-events"} 1'),
    );
    expect(await live()).toMatchObject({ status: 200 });
  });

  it('is not alive when messages wait and no batch is finished although the database answers, and says which queue', async () => {
    gate = new Promise((done) => (open = done));
    await send('stuck');
    await eventually(async () => (await live()).status === 503);
    const { report } = await live();
    expect(report.checks.broker).toEqual({ ok: true });
    expect(report.checks.moving).toMatchObject({ ok: false });
    expect(report.checks.moving!.detail).toContain('index-scoring.count-events');
    expect((await fetch(`${await app.getUrl()}/health/ready`)).status).toBe(503);
  });

  it('is alive again as soon as a batch is finished', async () => {
    open();
    gate = undefined;
    await eventually(async () => (await live()).status === 200);
  });

  it('measures batches, critical time and what waits', async () => {
    await eventually(async () =>
      (await metrics()).includes('par_critical_time_seconds_count{service="index-scoring",queue="index-scoring.count-events"} 2'),
    );
    const text = await metrics();
    for (const name of ['par_queue_ready_messages', 'par_queue_consumers', 'par_queue_in_hand_events', 'par_batch_duration_seconds_count'])
      expect(text).toMatch(new RegExp(`^${name}\\{[^}]*queue="index-scoring.count-events"[^}]*\\} \\d+$`, 'm'));
    expect(text).toMatch(/^par_database_pool_connections\{[^}]*state="total"[^}]*\} \d+$/m);
    expect(text).toMatch(/^par_outbox_messages\{[^}]*\} \d+$/m);
  });
});
