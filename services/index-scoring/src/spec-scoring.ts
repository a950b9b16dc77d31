import { expect } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { hueOrganisation } from '@par/administration';
import { type AnyEvent } from '@par/contracts';
import { BatchContext } from '@par/messaging';
import { createApplication, Database } from '@par/service-kit';
import { createDatabase, type SpecDatabase } from '@par/testing';
import { AppModule } from './app.module.ts';
import { CountEventsHandler } from './count-events/count-events.handler.ts';

/** index-scoring on a database of its own, with Huế's organisation, without a broker: events are counted by the handler itself. For specs only. */
export class SpecScoring {
  private constructor(
    readonly app: NestFastifyApplication,
    private readonly database: SpecDatabase,
  ) {}

  static async start(): Promise<SpecScoring> {
    const database = await createDatabase('index-scoring');
    Object.assign(process.env, { DATABASE_URL: database.url, AMQP_URL: 'amqp://127.0.0.1:1' });
    const scoring = new SpecScoring(await createApplication(AppModule, { service: 'index-scoring' }), database);
    await scoring.count(hueOrganisation().map((event) => ({ ...event, received: '2021-01-01T00:00:00.000Z' }) as unknown as AnyEvent));
    return scoring;
  }

  async count(events: readonly AnyEvent[]): Promise<void> {
    await this.app.get(Database).transaction(async (tx) => {
      const context = new BatchContext(tx);
      await this.app.get(CountEventsHandler).handle(
        events.map((event) => ({ event, origin: 'dossier-intake', attempt: 0 })),
        context,
      );
      expect(context.rejected.size).toBe(0);
    });
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }
}

/** An event as the front door stamps it. `name` is its type without `vn.par.` and version. */
export function specEvent(subject: string, name: string, time: string, data: object, more: Partial<AnyEvent> = {}): AnyEvent {
  return {
    specversion: '1.0',
    source: 'urn:spec',
    id: `${subject} ${name} ${time}`,
    type: `vn.par.${name}.v1`,
    subject,
    time,
    unit: 'hue-phong-noi-vu',
    datacontenttype: 'application/json',
    received: time,
    network: 'tslcd',
    data,
    ...more,
  } as unknown as AnyEvent;
}
