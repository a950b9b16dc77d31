import { Module } from '@nestjs/common';
import { MessagingModule } from '@par/messaging';
import { OrganisationModule } from '@par/organisation';
import { ServiceKitModule } from '@par/service-kit';
import { ChangeFeed } from './change-feed.ts';
import { EventIdentities } from './event-identities.ts';
import { ExplainFigureController } from './explain-figure/explain-figure.controller.ts';
import { ExplainFigureQuery } from './explain-figure/explain-figure.query.ts';
import { FigurePages } from './figure-pages.ts';
import { PruneChangesTimer } from './prune-changes/prune-changes.timer.ts';
import { ReadModel } from './read-model.ts';
import { RecordMetricsConsumer } from './record-metrics/record-metrics.consumer.ts';
import { RecordMetricsHandler } from './record-metrics/record-metrics.handler.ts';
import { ShowBalanceController } from './show-balance/show-balance.controller.ts';
import { ShowBalanceQuery } from './show-balance/show-balance.query.ts';
import { ShowCatalogueController } from './show-catalogue/show-catalogue.controller.ts';
import { ShowCatalogueQuery } from './show-catalogue/show-catalogue.query.ts';
import { ShowFiguresController } from './show-figures/show-figures.controller.ts';
import { ShowFiguresQuery } from './show-figures/show-figures.query.ts';
import { StreamFiguresController } from './stream-figures/stream-figures.controller.ts';
import { StreamFiguresHandler } from './stream-figures/stream-figures.handler.ts';

/** Reporting (báo cáo): an outside reader that knows the others only by their published events and feeds. */
@Module({
  imports: [
    ServiceKitModule.forService('reporting'),
    MessagingModule.forService('reporting', { identities: EventIdentities }),
    OrganisationModule.forService(),
  ],
  controllers: [
    RecordMetricsConsumer,
    ShowCatalogueController,
    ShowFiguresController,
    ExplainFigureController,
    ShowBalanceController,
    StreamFiguresController,
  ],
  providers: [
    ReadModel,
    ChangeFeed,
    FigurePages,
    RecordMetricsHandler,
    ShowCatalogueQuery,
    ShowFiguresQuery,
    ExplainFigureQuery,
    ShowBalanceQuery,
    StreamFiguresHandler,
    PruneChangesTimer,
  ],
})
export class AppModule {}
