import { Module } from '@nestjs/common';
import { IngressModule } from '@par/ingress';
import { MessagingModule } from '@par/messaging';
import { OrganisationModule } from '@par/organisation';
import { Environment, ServiceKitModule } from '@par/service-kit';
import { DeliverEdxml } from './deliver-edxml/deliver-edxml.handler.ts';
import { DeliverEdxmlTimer } from './deliver-edxml/deliver-edxml.timer.ts';
import { EdxmlDestinations } from './edxml-destinations.ts';
import { EdxmlStatuses } from './edxml-statuses.ts';
import { EventIdentities } from './event-identities.ts';
import { JudgeWorkDossiersConsumer } from './judge-work-dossiers/judge-work-dossiers.consumer.ts';
import { JudgeWorkDossiersHandler } from './judge-work-dossiers/judge-work-dossiers.handler.ts';
import { Prisma } from './prisma.ts';
import { SendEdxmlController } from './send-edxml/send-edxml.controller.ts';
import { SendEdxml } from './send-edxml/send-edxml.handler.ts';
import { ShowEdxmlDeliveriesController } from './show-edxml-deliveries/show-edxml-deliveries.controller.ts';
import { ShowWorkDossierController } from './show-work-dossier/show-work-dossier.controller.ts';
import { ShowWorkDossierQuery } from './show-work-dossier/show-work-dossier.query.ts';
import { TakeEdxmlController } from './take-edxml/take-edxml.controller.ts';
import { TakeEdxml } from './take-edxml/take-edxml.handler.ts';

/** edocument-workflow: takes steps through the front door and judges whether a work dossier was processed online. */
@Module({
  imports: [
    ServiceKitModule.forService('edocument-workflow'),
    MessagingModule.forService('edocument-workflow', { identities: EventIdentities }),
    OrganisationModule.forService(),
    IngressModule.forDoor('edocument-workflow'),
  ],
  controllers: [JudgeWorkDossiersConsumer, ShowEdxmlDeliveriesController, ShowWorkDossierController],
  providers: [
    JudgeWorkDossiersHandler,
    ShowWorkDossierQuery,
    {
      provide: EdxmlDestinations,
      inject: [Environment],
      useFactory: (environment: Environment) =>
        EdxmlDestinations.read(environment.text('EDXML_DESTINATIONS', ''), environment.text('EDXML_TOKEN', '')),
    },
    TakeEdxml,
    TakeEdxmlController,
    SendEdxml,
    SendEdxmlController,
    EdxmlStatuses,
    DeliverEdxml,
    DeliverEdxmlTimer,
    Prisma,
  ],
})
export class AppModule {}
