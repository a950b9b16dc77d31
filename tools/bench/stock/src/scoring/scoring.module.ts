import { Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { PrismaService } from '../prisma.service.ts';
import { topicClientOf } from '../rabbit.ts';
import { ScoringController } from './scoring.controller.ts';
import { METRICS_CLIENT, ScoringService } from './scoring.service.ts';

@Module({
  imports: [ClientsModule.register([{ name: METRICS_CLIENT, ...topicClientOf('par.metrics') }])],
  controllers: [ScoringController],
  providers: [ScoringService, PrismaService],
})
export class ScoringModule {}
