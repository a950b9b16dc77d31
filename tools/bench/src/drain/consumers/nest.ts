import 'reflect-metadata';
import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, type MicroserviceOptions, Payload, RmqContext, Transport } from '@nestjs/microservices';
import type { Channel, Message } from 'amqplib';
import pg from 'pg';
import { countAlone, type CountedEvent } from '../counted-table.ts';
import { PATTERN, type PeerSettings } from '../peer-settings.ts';

const PREFETCH = 100;
const POOL = 10;

@Controller()
class CountController {
  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  @EventPattern(PATTERN)
  async count(@Payload() event: CountedEvent, @Ctx() context: unknown): Promise<void> {
    const rmq = context as RmqContext;
    await countAlone(this.pool, event);
    (rmq.getChannelRef() as Channel).ack(rmq.getMessage() as Message);
  }
}

/** The stock NestJS consumer without an ORM: one transaction a message, acknowledged by hand after its commit, 100 ahead. */
export async function consumeWithNest({ databaseUrl, amqpUrl, queue }: PeerSettings): Promise<void> {
  @Module({
    controllers: [CountController],
    providers: [{ provide: pg.Pool, useFactory: () => new pg.Pool({ connectionString: databaseUrl, max: POOL }) }],
  })
  class CountModule {}

  const app = await NestFactory.createMicroservice<MicroserviceOptions>(CountModule, {
    transport: Transport.RMQ,
    logger: ['error', 'warn'],
    options: {
      urls: [amqpUrl],
      queue,
      noAck: false,
      prefetchCount: PREFETCH,
      queueOptions: { durable: true, arguments: { 'x-queue-type': 'quorum' } },
    },
  });
  await app.listen();
}
