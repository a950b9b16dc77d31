import { Injectable, Module } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AnyEvent } from '@par/contracts';
import { addProducerKey, type AcceptedListener, IngressIdentities, IngressModule } from '@par/ingress';
import { MessagingModule } from '@par/messaging';
import { OrganisationModule, OrganisationRegister } from '@par/organisation';
import { createApplication, Database, MESSAGE_TRANSPORT, ServiceKitModule, StructuredLog, type Transaction } from '@par/service-kit';
import { createDatabase, createVhost, type SpecDatabase, type SpecVhost } from '@par/testing';
import type { OutgoingEvent } from '../import-log/map-rows.ts';

@Injectable()
class Listener implements AcceptedListener {
  constructor(private readonly register: OrganisationRegister) {}

  async onAccepted(tx: Transaction, events: AnyEvent[]): Promise<void> {
    await this.register.apply(tx, events);
  }
}

@Module({
  imports: [
    ServiceKitModule.forService('dossier-intake'),
    MessagingModule.forService('dossier-intake', { identities: IngressIdentities }),
    OrganisationModule.forService(),
    IngressModule.forDoor('dossier-intake', { listener: Listener }),
  ],
})
class SpecIntakeModule {}

/** For specs only: the front door of dossier-intake over a database and a vhost of its own, with a key for everything. */
export class SpecIntake {
  private constructor(
    readonly url: string,
    readonly key: string,
    private readonly app: NestFastifyApplication,
    private readonly database: SpecDatabase,
    private readonly vhost: SpecVhost,
  ) {}

  static async open(): Promise<SpecIntake> {
    const database = await createDatabase({ schemas: ['messaging', 'organisation', 'ingress'] });
    const vhost = await createVhost();
    Object.assign(process.env, { DATABASE_URL: database.url, AMQP_URL: vhost.amqpUrl });
    const app = await createApplication(SpecIntakeModule, { service: 'dossier-intake' }, new StructuredLog('dossier-intake', 'silent'));
    app.connectMicroservice({ strategy: app.get<CustomTransportStrategy>(MESSAGE_TRANSPORT, { strict: false }) });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    const key = await addProducerKey(app.get(Database), { name: 'spec', sources: ['*'], units: ['*'] });
    return new SpecIntake(await app.getUrl(), key, app, database, vhost);
  }

  /** Posts events as a source does. @throws where not all of them were taken */
  async post(events: readonly OutgoingEvent[]): Promise<void> {
    for (let from = 0; from < events.length; from += 500) {
      const response = await fetch(`${this.url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/cloudevents-batch+json' },
        body: JSON.stringify(events.slice(from, from + 500)),
      });
      const text = await response.text();
      const { summary } = JSON.parse(text) as { summary?: { posted: number; accepted: number } };
      if (!summary || summary.accepted < summary.posted) throw new Error(`not all was taken: ${response.status} ${text.slice(0, 500)}`);
    }
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.vhost.drop();
    await this.database.drop();
  }
}
