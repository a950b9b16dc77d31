import { Injectable, Module } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { hueOrganisation } from '@par/administration';
import { type AnyEvent } from '@par/contracts';
import { MessagingModule } from '@par/messaging';
import { OrganisationModule, OrganisationRegister } from '@par/organisation';
import { createApplication, Database, MESSAGE_TRANSPORT, ServiceKitModule, StructuredLog, type Transaction } from '@par/service-kit';
import { createDatabase, createVhost, type SpecDatabase, type SpecVhost } from '@par/testing';
import { addProducerKey } from '../add-producer-key/add-producer-key.handler.ts';
import { IngressIdentities } from '../accepted-events.ts';
import { type AcceptedListener } from '../front-door.ts';
import { IngressModule } from '../ingress.module.ts';

/** The door of dossier-intake, whose listener a spec can make fail or wait. */
@Injectable()
export class SpecListener implements AcceptedListener {
  before: ((events: AnyEvent[]) => Promise<void>) | undefined;

  constructor(private readonly register: OrganisationRegister) {}

  async onAccepted(tx: Transaction, events: AnyEvent[]): Promise<void> {
    await this.before?.(events);
    await this.register.apply(tx, events);
  }
}

/** Keeps every line that the process says, down to the finest level. */
export class SpecLog extends StructuredLog {
  text = '';

  constructor() {
    super('dossier-intake', 'silent');
  }

  override log(...said: unknown[]): void {
    this.#keep(said);
  }
  override error(...said: unknown[]): void {
    this.#keep(said);
  }
  override warn(...said: unknown[]): void {
    this.#keep(said);
  }
  override debug(...said: unknown[]): void {
    this.#keep(said);
  }
  override verbose(...said: unknown[]): void {
    this.#keep(said);
  }
  override fatal(...said: unknown[]): void {
    this.#keep(said);
  }

  #keep(said: unknown[]): void {
    for (const part of said) this.text += `${part instanceof Error ? `${part.stack} ${JSON.stringify(part)}` : String(part)}\n`;
  }
}

@Module({
  imports: [
    ServiceKitModule.forService('dossier-intake'),
    MessagingModule.forService('dossier-intake', { identities: IngressIdentities }),
    OrganisationModule.forService(),
    IngressModule.forDoor('dossier-intake', { listener: SpecListener, limits: { maxEvents: 100 } }),
  ],
})
class SpecDoorModule {}

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** For specs only: a front door over a database and a vhost of its own, with Huế's organisation in it and a key for everything. */
export class SpecDoor {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly key: string,
    readonly database: SpecDatabase,
    readonly vhost: SpecVhost,
    readonly log: SpecLog,
  ) {}

  static async open(): Promise<SpecDoor> {
    const database = await createDatabase({ schemas: ['messaging', 'organisation', 'ingress'] });
    const vhost = await createVhost();
    Object.assign(process.env, {
      DATABASE_URL: database.url,
      AMQP_URL: vhost.amqpUrl,
      TSLCD_RANGES: '127.0.0.1',
      TSLCD_BROKER_USERS: new URL(vhost.amqpUrl).username,
    });
    const log = new SpecLog();
    const app = await createApplication(SpecDoorModule, { service: 'dossier-intake' }, log);
    app.connectMicroservice({ strategy: app.get<CustomTransportStrategy>(MESSAGE_TRANSPORT, { strict: false }) });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    const key = await addProducerKey(app.get(Database), { name: 'spec', sources: ['*'], units: ['*'], declares: true });
    const door = new SpecDoor(app, await app.getUrl(), key, database, vhost, log);
    const { status } = await door.postBatch(hueOrganisation());
    if (status !== 202) throw new Error(`the organisation was not taken: ${status}`);
    return door;
  }

  get sql(): Database {
    return this.app.get(Database);
  }

  get listener(): SpecListener {
    return this.app.get(SpecListener, { strict: false });
  }

  async send(body: string, contentType: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.key}`, 'content-type': contentType, ...headers },
      body,
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
  }

  post(event: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.send(JSON.stringify(event), 'application/cloudevents+json', headers);
  }

  postBatch(events: readonly unknown[], headers?: Record<string, string>): Promise<Answer> {
    return this.send(JSON.stringify(events), 'application/cloudevents-batch+json', headers);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.vhost.drop();
    await this.database.drop();
  }
}

let serial = 0;
/** A new dossier received by Phường Gia Hội. */
export function dossierReceived(change: object = {}): Record<string, unknown> {
  serial += 1;
  return {
    specversion: '1.0',
    id: `e${serial}`,
    source: 'urn:one-stop',
    type: 'vn.par.dossier.received.v1',
    subject: `H57.132-210705-${String(serial).padStart(4, '0')}`,
    time: '2021-07-05T08:00:00+07:00',
    unit: '19756',
    data: { channel: 'online' },
    ...change,
  };
}

/** A count from the paper register of Phường Gia Hội, as an authorised person declares it. */
export function paperWorkDeclared(change: object = {}): Record<string, unknown> {
  const ward = { subject: 'hue-19756-gia-hoi', unit: 'hue-19756-gia-hoi' };
  return dossierReceived({ type: 'vn.par.paper-work.declared.v1', ...ward, data: { period: '2021-06', count: 14 }, ...change });
}

/** What the monitoring of Phường Gia Hội says of it. */
export function heartbeatSent(): Record<string, unknown> {
  const ward = { subject: 'hue-19756-gia-hoi', unit: 'hue-19756-gia-hoi' };
  return dossierReceived({ type: 'vn.par.network.heartbeat-sent.v1', ...ward, data: { link: 'up', software: 'up' } });
}
