import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '@par/service-kit';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../generated/prisma/client.ts';

/** Prisma over the service's own pool: for reads, away from the hot path. */
@Injectable()
export class Prisma implements OnApplicationShutdown {
  readonly client: PrismaClient;

  constructor(database: Database) {
    this.client = new PrismaClient({ adapter: new PrismaPg(database.pool) });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.$disconnect();
  }
}
