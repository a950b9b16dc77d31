import { Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { PrismaService } from '../prisma.service.ts';
import { clientOf, SCORING_QUEUE } from '../rabbit.ts';
import { WorkflowController } from './workflow.controller.ts';
import { SCORING_CLIENT, WorkflowService } from './workflow.service.ts';

@Module({
  imports: [ClientsModule.register([{ name: SCORING_CLIENT, ...clientOf(SCORING_QUEUE) }])],
  controllers: [WorkflowController],
  providers: [WorkflowService, PrismaService],
})
export class WorkflowModule {}
