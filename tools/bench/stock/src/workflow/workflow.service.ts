import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type ClientProxy } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { type EventDto } from '../event.dto.ts';
import { isDuplicate, PrismaService } from '../prisma.service.ts';

export const SCORING_CLIENT = Symbol('scoring client');

/** Notes the event at its work dossier, then publishes it. */
@Injectable()
export class WorkflowService implements OnModuleInit {
  constructor(
    private readonly prisma: PrismaService,
    @Inject(SCORING_CLIENT) private readonly scoring: ClientProxy,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.scoring.connect();
  }

  async handle(event: EventDto): Promise<void> {
    const { source, id, subject } = event;
    try {
      await this.prisma.$transaction([
        this.prisma.inboxEvent.create({ data: { source, id } }),
        this.prisma.workDossier.upsert({ where: { subject }, create: { subject, events: 1 }, update: { events: { increment: 1 } } }),
      ]);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
    await lastValueFrom(this.scoring.emit('event.judged', event));
  }
}
