import { Module } from '@nestjs/common';
import { MessagingModule } from '@par/messaging';
import { OrganisationModule } from '@par/organisation';
import { Environment, ServiceKitModule } from '@par/service-kit';
import { AuditFiguresController } from './audit-figures/audit-figures.controller.ts';
import { CountEventsConsumer } from './count-events/count-events.consumer.ts';
import { CountEventsHandler } from './count-events/count-events.handler.ts';
import { BasisRegister } from './basis-register.ts';
import { DossierFacts } from './dossier-facts.ts';
import { DossierStates } from './dossier-states.ts';
import { EventIdentities } from './event-identities.ts';
import { BehindFigure } from './explain-figure/behind-figure.query.ts';
import { ExplainFigureController } from './explain-figure/explain-figure.controller.ts';
import { FigureMover } from './figure-mover.ts';
import { FigureReader } from './figure-reader.ts';
import { FigureSlots } from './figure-slots.ts';
import { FigureStore } from './figure-store.ts';
import { Freshness } from './freshness.ts';
import { HeardUnits } from './heard-units.ts';
import { DEFAULT_PLANS, loadPlans, PLAN } from './plan.ts';
import { PlanInForce } from './plan-in-force.ts';
import { PrismaService } from './prisma.service.ts';
import { PublishStateFigures } from './publish-state-figures/publish-state-figures.timer.ts';
import { RebuildFiguresController } from './rebuild-figures/rebuild-figures.controller.ts';
import { RebuildFigures } from './rebuild-figures/rebuild-figures.handler.ts';
import { RecountSubjects } from './recount-subjects/recount-subjects.timer.ts';
import { isKnownRule } from './rules.ts';
import { FormCounts } from './show-form/form-counts.query.ts';
import { ShowFormController } from './show-form/show-form.controller.ts';
import { ShowBoundariesController } from './show-boundaries/show-boundaries.controller.ts';
import { ShowFindingsController } from './show-findings/show-findings.controller.ts';
import { FigurePages } from './show-figures/figure-pages.ts';
import { ShowFiguresController } from './show-figures/show-figures.controller.ts';
import { ShowNetworkController } from './show-network/show-network.controller.ts';
import { ShowScoresController } from './show-scores/show-scores.controller.ts';
import { StateReader } from './state-reader.ts';

@Module({
  imports: [
    ServiceKitModule.forService('index-scoring'),
    OrganisationModule.forService(),
    MessagingModule.forService('index-scoring', { identities: EventIdentities }),
  ],
  providers: [
    {
      provide: PLAN,
      useFactory: (environment: Environment) => loadPlans(environment.list('PLANS', [...DEFAULT_PLANS]), isKnownRule),
      inject: [Environment],
    },
    PrismaService,
    FigureSlots,
    BasisRegister,
    PlanInForce,
    BehindFigure,
    FigureStore,
    DossierFacts,
    FigureMover,
    HeardUnits,
    CountEventsHandler,
    RecountSubjects,
    RebuildFigures,
    DossierStates,
    StateReader,
    FigureReader,
    FigurePages,
    FormCounts,
    PublishStateFigures,
    Freshness,
  ],
  controllers: [
    CountEventsConsumer,
    ShowFiguresController,
    ShowFormController,
    ExplainFigureController,
    AuditFiguresController,
    RebuildFiguresController,
    ShowFindingsController,
    ShowBoundariesController,
    ShowNetworkController,
    ShowScoresController,
  ],
})
export class AppModule {}
