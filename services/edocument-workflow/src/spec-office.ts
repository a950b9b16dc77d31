import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { hueOrganisation } from '@par/administration';
import type { AnyEvent } from '@par/contracts';
import { addProducerKey, configureFrontDoor } from '@par/ingress';
import { BatchTransport } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import { createApplication, Database, MESSAGE_TRANSPORT } from '@par/service-kit';
import { createDatabase, createVhost, eventually, type SpecDatabase, type SpecVhost } from '@par/testing';
import { AppModule } from './app.module.ts';

/** A ward, and the department that it writes to. */
export const WARD = 'hue-19756-gia-hoi';
export const OFFICE = 'hue-phong-noi-vu';
const SOURCE = 'urn:spec:office';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T;
}

let serial = 0;

/** An event about a document as a department's system posts it, under an identity of its own. */
export function posted(name: string, document: string, data: object, change: object = {}): Record<string, unknown> {
  serial += 1;
  return {
    specversion: '1.0',
    id: `p${serial}`,
    source: SOURCE,
    type: `vn.par.document.${name}.v1`,
    subject: document,
    time: '2021-07-05T08:00:00+07:00',
    unit: WARD,
    data,
    ...change,
  };
}

/** Two processes of this service on one database and one broker, which know the units of Huế. */
export class SpecOffice {
  private constructor(
    readonly apps: readonly NestFastifyApplication[],
    readonly key: string,
    private readonly database: SpecDatabase,
    private readonly vhost: SpecVhost,
  ) {}

  static async open(): Promise<SpecOffice> {
    const database = await createDatabase('edocument-workflow');
    const vhost = await createVhost();
    Object.assign(process.env, { DATABASE_URL: database.url, AMQP_URL: vhost.amqpUrl });
    const apps: NestFastifyApplication[] = [];
    for (let replica = 0; replica < 2; replica += 1) {
      const app = await createApplication(AppModule, { service: 'edocument-workflow', configureFastify: configureFrontDoor() });
      app.connectMicroservice({ strategy: app.get<CustomTransportStrategy>(MESSAGE_TRANSPORT, { strict: false }) });
      await app.startAllMicroservices();
      await app.init();
      apps.push(app);
    }
    const sql = apps[0]!.get(Database);
    const key = await addProducerKey(sql, { name: 'spec', sources: ['*'], units: ['*'] });
    const opened = hueOrganisation().map((event) => ({ ...event, received: '2021-01-01T00:00:00.000Z' }) as unknown as AnyEvent);
    await sql.transaction((tx) => apps[0]!.get(OrganisationRegister).apply(tx, opened));
    for (const app of apps) await app.get(OrganisationRegister).latest();
    await eventually(async () => (await apps[0]!.get(BatchTransport).queues()).every(({ consumers }) => consumers === 2));
    return new SpecOffice(apps, key, database, vhost);
  }

  get amqpUrl(): string {
    return this.vhost.amqpUrl;
  }

  get sql(): Database {
    return this.apps[0]!.get(Database);
  }

  async send<T = Record<string, unknown>>(url: string, body: string, contentType: string, replica = 0, key = this.key): Promise<Answer<T>> {
    const headers = { 'content-type': contentType, authorization: `Bearer ${key}` };
    const answer = await this.apps[replica % 2]!.inject({ method: 'POST', url, headers, body });
    return { status: answer.statusCode, body: answer.json<T>() };
  }

  post<T = Record<string, unknown>>(events: readonly object[], replica = 0): Promise<Answer<T>> {
    return this.send<T>('/v1/events', JSON.stringify(events), 'application/cloudevents-batch+json', replica);
  }

  async get<T>(url: string): Promise<Answer<T>> {
    const answer = await this.apps[1]!.inject({ method: 'GET', url });
    return { status: answer.statusCode, body: answer.json<T>() };
  }

  async close(): Promise<void> {
    for (const app of this.apps) await app.close();
    await this.vhost.drop();
    await this.database.drop();
  }
}
