import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type ClientProxy } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { InputJsonObject } from '../../generated/prisma/internal/prismaNamespace.ts';
import { type EventDto } from '../event.dto.ts';
import { isDuplicate, PrismaService } from '../prisma.service.ts';

export const WORKFLOW_CLIENT = Symbol('workflow client');

/** Saves, then publishes. */
@Injectable()
export class IntakeService implements OnModuleInit {
  constructor(
    private readonly prisma: PrismaService,
    @Inject(WORKFLOW_CLIENT) private readonly workflow: ClientProxy,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.workflow.connect();
  }

  async accept(event: EventDto): Promise<void> {
    try {
      await this.prisma.receivedEvent.create({ data: rowOf(event) });
    } catch (error) {
      if (isDuplicate(error)) return;
      throw error;
    }
    await this.#publish(event);
  }

  async acceptAll(events: EventDto[]): Promise<void> {
    await this.prisma.receivedEvent.createMany({ data: events.map(rowOf), skipDuplicates: true });
    await Promise.all(events.map((event) => this.#publish(event)));
  }

  async #publish(event: EventDto): Promise<void> {
    await lastValueFrom(this.workflow.emit('event.accepted', event));
  }
}

function rowOf({ source, id, type, subject, unit, time, data }: EventDto) {
  return { source, id, type, subject, unit, time, data: data as InputJsonObject };
}
