import { Module } from '@nestjs/common';
import { IngressModule } from '@par/ingress';
import { MessagingModule } from '@par/messaging';
import { OrganisationModule } from '@par/organisation';
import { ServiceKitModule } from '@par/service-kit';
import { EventIdentities } from './event-identities.ts';
import { JudgeWorkDossiersConsumer } from './judge-work-dossiers/judge-work-dossiers.consumer.ts';
import { JudgeWorkDossiersHandler } from './judge-work-dossiers/judge-work-dossiers.handler.ts';
import { ListWorkDossiersController } from './list-work-dossiers/list-work-dossiers.controller.ts';
import { ListWorkDossiersQuery } from './list-work-dossiers/list-work-dossiers.query.ts';
import { Prisma } from './prisma.ts';
import { DeadlineWatch } from './remind-deadlines/deadline-watch.ts';
import { RemindDeadlines } from './remind-deadlines/remind-deadlines.timer.ts';
import { ShowConformanceController } from './show-conformance/show-conformance.controller.ts';
import { ConformanceQuery } from './show-conformance/show-conformance.query.ts';
import { ShowDeadlinesController } from './show-deadlines/show-deadlines.controller.ts';
import { ShowDeadlinesQuery } from './show-deadlines/show-deadlines.query.ts';
import { ShowWorkDossierController } from './show-work-dossier/show-work-dossier.controller.ts';
import { ShowWorkDossierQuery } from './show-work-dossier/show-work-dossier.query.ts';

/** edocument-workflow: takes steps through the front door and judges whether a work dossier was processed online. */
@Module({
  imports: [
    ServiceKitModule.forService('edocument-workflow'),
    MessagingModule.forService('edocument-workflow', { identities: EventIdentities }),
    OrganisationModule.forService(),
    IngressModule.forDoor('edocument-workflow'),
  ],
  controllers: [
    JudgeWorkDossiersConsumer,
    ShowConformanceController,
    ShowWorkDossierController,
    ShowDeadlinesController,
    ListWorkDossiersController,
  ],
  providers: [
    ConformanceQuery,
    JudgeWorkDossiersHandler,
    ShowWorkDossierQuery,
    Prisma,
    RemindDeadlines,
    DeadlineWatch,
    ShowDeadlinesQuery,
    ListWorkDossiersQuery,
  ],
})
export class AppModule {}
