import { Controller, Injectable, Module, type Type } from '@nestjs/common';
import { Ctx, type CustomTransportStrategy, Payload } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type AnyEvent, type BalanceKey, type CloudEvent, type EventIdentity, type ServiceName } from '@par/contracts';
import { createApplication, Database, Failure, MESSAGE_TRANSPORT, ServiceKitModule } from '@par/service-kit';
import { BatchContext, BatchHandler, type Delivery, IdentitySource, type IdentityQuery, MessagingModule } from '../index.ts';

/** A sender and a reader as small as they can be, for specs: the sender stores what it sends, the reader what it takes in. */

/** What the specs make the two do. */
export const steer = {
  /** The reader waits for this before it works on a batch. */
  gate: undefined as Promise<void> | undefined,
  /** Called before the sender looks up identities. */
  beforeNaming: undefined as (() => Promise<void>) | undefined,
};

const IDENTITIES = 'SELECT source, id FROM stored WHERE type = $1 AND unit = $2 AND day = $3::date ORDER BY source, id';

@Injectable()
class SenderIdentities extends IdentitySource {
  constructor(private readonly database: Database) {
    super();
  }

  override async identities({ type, unit, day }: IdentityQuery): Promise<EventIdentity[]> {
    await steer.beforeNaming?.();
    return this.database.query<EventIdentity>(IDENTITIES, [type, unit, day]);
  }

  override async sent(_line: BalanceKey, identities: readonly EventIdentity[]): Promise<AnyEvent[]> {
    const rows = await this.database.query<{ body: string }>(
      'SELECT body FROM stored WHERE (source, id) IN (SELECT * FROM unnest($1::text[], $2::text[]))',
      [identities.map(({ source }) => source), identities.map(({ id }) => id)],
    );
    return rows.map(({ body }) => JSON.parse(body) as AnyEvent);
  }
}

@Injectable()
class ReaderIdentities extends IdentitySource {
  constructor(private readonly database: Database) {
    super();
  }

  override identities({ type, unit, day }: IdentityQuery): Promise<EventIdentity[]> {
    return this.database.query<EventIdentity>(IDENTITIES, [type, unit, day]);
  }
}

@Controller()
class TakingConsumer {
  @BatchHandler('index-scoring.count-events')
  async take(@Payload() batch: Delivery[], @Ctx() context: BatchContext): Promise<Delivery[]> {
    await steer.gate;
    const poison = batch.filter(({ event }) => event.subject === 'poison');
    for (const delivery of poison) context.reject(delivery, new Failure('spec.poison', { en: 'poison', vi: 'hỏng' }));
    const kept = batch.filter((delivery) => !poison.includes(delivery));
    const fresh = await store(
      context,
      kept.map(({ event }) => event),
    );
    return kept.filter(({ event }) => fresh.delete(event.id));
  }
}

async function store({ tx }: Pick<BatchContext, 'tx'>, events: readonly CloudEvent[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `INSERT INTO stored (source, id, type, unit, day, body) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::text[]) AS e(source, id, type, unit, day, body)
     ORDER BY source, id ON CONFLICT DO NOTHING RETURNING id`,
    [
      events.map(({ source }) => source),
      events.map(({ id }) => id),
      events.map(({ type }) => type),
      events.map(({ unit }) => unit),
      events.map(({ received }) => received.slice(0, 10)),
      events.map((event) => JSON.stringify(event)),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Stores what is about to be sent, as a front door does. */
export async function keep(context: Pick<BatchContext, 'tx'>, events: readonly CloudEvent[]): Promise<void> {
  await store(context, events);
}

@Module({
  imports: [ServiceKitModule.forService('dossier-intake'), MessagingModule.forService('dossier-intake', { identities: SenderIdentities })],
})
class SenderModule {}

@Module({
  imports: [ServiceKitModule.forService('index-scoring'), MessagingModule.forService('index-scoring', { identities: ReaderIdentities })],
  controllers: [TakingConsumer],
})
class ReaderModule {}

/** Starts one replica of the sender or the reader on the database of DATABASE_URL and the broker of AMQP_URL. */
export async function startReplica(service: Extract<ServiceName, 'dossier-intake' | 'index-scoring'>): Promise<NestFastifyApplication> {
  const module: Type = service === 'dossier-intake' ? SenderModule : ReaderModule;
  const app = await createApplication(module, { service });
  await app
    .get(Database)
    .query('CREATE TABLE IF NOT EXISTS stored (source text, id text, type text, unit text, day date, body text, PRIMARY KEY (source, id))');
  app.connectMicroservice({ strategy: app.get<CustomTransportStrategy>(MESSAGE_TRANSPORT) });
  await app.startAllMicroservices();
  await app.init();
  return app;
}
