import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@par/service-kit';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../generated/prisma/client.ts';

/** Prisma over the service's one pool, for ordinary reads: what counts and what adds counters up is set-based SQL. */
@Injectable()
export class PrismaService extends PrismaClient implements OnModuleDestroy {
  constructor(database: Database) {
    super({ adapter: new PrismaPg(database.pool) });
  }

  async onModuleDestroy(): Promise<void> {
    await this.$disconnect();
  }
}
