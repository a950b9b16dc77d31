import { Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { PrismaService } from '../prisma.service.ts';
import { clientOf, WORKFLOW_QUEUE } from '../rabbit.ts';
import { IntakeController } from './intake.controller.ts';
import { IntakeService, WORKFLOW_CLIENT } from './intake.service.ts';

@Module({
  imports: [ClientsModule.register([{ name: WORKFLOW_CLIENT, ...clientOf(WORKFLOW_QUEUE) }])],
  controllers: [IntakeController],
  providers: [IntakeService, PrismaService],
})
export class IntakeModule {}
