import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type ClientProxy } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { type EventDto } from '../event.dto.ts';
import { isDuplicate, PrismaService } from '../prisma.service.ts';

export const METRICS_CLIENT = Symbol('metrics client');

/** Counts an event once, in one transaction, then publishes the figure. */
@Injectable()
export class ScoringService implements OnModuleInit {
  constructor(
    private readonly prisma: PrismaService,
    @Inject(METRICS_CLIENT) private readonly metrics: ClientProxy,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.metrics.connect();
  }

  async count({ source, id, type, unit, time }: EventDto): Promise<void> {
    const place = { type, unit, month: time.slice(0, 7) };
    try {
      const [, { count }] = await this.prisma.$transaction([
        this.prisma.inboxEvent.create({ data: { source, id } }),
        this.prisma.counter.upsert({
          where: { type_unit_month: place },
          create: { ...place, count: 1 },
          update: { count: { increment: 1 } },
        }),
      ]);
      const data = { indicator: type, rule: 'count', period: place.month, numerator: count, denominator: count };
      await lastValueFrom(this.metrics.emit('figure.changed.v1', { specversion: '1.0', type: 'vn.par.figure.changed.v1', unit, data }));
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }
}
