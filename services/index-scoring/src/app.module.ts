import { Module } from '@nestjs/common';
import { MessagingModule } from '@par/messaging';
import { OrganisationModule } from '@par/organisation';
import { ServiceKitModule } from '@par/service-kit';
import { AuditFiguresController } from './audit-figures/audit-figures.controller.ts';
import { CountEventsConsumer } from './count-events/count-events.consumer.ts';
import { CountEventsHandler } from './count-events/count-events.handler.ts';
import { FigureStore } from './count-events/figure-store.ts';
import { EventIdentities } from './event-identities.ts';
import { ExplainFigureController } from './explain-figure/explain-figure.controller.ts';
import { FigureReader } from './figure-reader.ts';
import { PLAN, readPlan } from './plan.ts';
import { PrismaService } from './prisma.service.ts';
import { PublishStateFigures } from './publish-state-figures/publish-state-figures.timer.ts';
import { isKnownRule } from './rules.ts';
import { ShowFiguresController } from './show-figures/show-figures.controller.ts';

@Module({
  imports: [
    ServiceKitModule.forService('index-scoring'),
    OrganisationModule.forService(),
    MessagingModule.forService('index-scoring', { identities: EventIdentities }),
  ],
  providers: [
    { provide: PLAN, useFactory: () => readPlan(isKnownRule) },
    PrismaService,
    FigureStore,
    CountEventsHandler,
    FigureReader,
    PublishStateFigures,
  ],
  controllers: [CountEventsConsumer, ShowFiguresController, ExplainFigureController, AuditFiguresController],
})
export class AppModule {}
