import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@par/service-kit';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../generated/prisma/client.ts';

/** Ordinary reads of the read model, over the service's one pool. The write path is set-based SQL in the caller's transaction. */
@Injectable()
export class ReadModel implements OnModuleDestroy {
  readonly prisma: PrismaClient;

  constructor(database: Database) {
    this.prisma = new PrismaClient({ adapter: new PrismaPg(database.pool) });
  }

  async onModuleDestroy(): Promise<void> {
    await this.prisma.$disconnect();
  }
}
