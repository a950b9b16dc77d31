// The stock way's HTTP service.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { IntakeModule } from './intake.module.ts';

const app = await NestFactory.create<NestFastifyApplication>(IntakeModule, new FastifyAdapter({ bodyLimit: 4 << 20 }), {
  logger: ['error', 'warn'],
});
for (const type of ['application/cloudevents+json', 'application/cloudevents-batch+json'])
  app.useBodyParser(type, undefined, (_request: unknown, body: Buffer, done: (error: Error | null, body?: unknown) => void) =>
    done(null, JSON.parse(body.toString())),
  );
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
process.stdout.write(`listening on ${await app.getUrl()}\n`);
