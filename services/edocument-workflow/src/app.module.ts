import { Module } from '@nestjs/common';
import { MessagingModule } from '@par/messaging';
import { OrganisationModule } from '@par/organisation';
import { ServiceKitModule } from '@par/service-kit';
import { AcceptEventsModule } from './accept-events/accept-events.module.ts';
import { AllotNumberController } from './allot-number/allot-number.controller.ts';
import { EventIdentities } from './event-identities.ts';
import { FollowDocumentsConsumer } from './follow-documents/follow-documents.consumer.ts';
import { FollowDocumentsHandler } from './follow-documents/follow-documents.handler.ts';
import { JudgeWorkDossiersConsumer } from './judge-work-dossiers/judge-work-dossiers.consumer.ts';
import { JudgeWorkDossiersHandler } from './judge-work-dossiers/judge-work-dossiers.handler.ts';
import { ListDocumentsController } from './list-documents/list-documents.controller.ts';
import { Prisma } from './prisma.ts';
import { ShowDocumentController } from './show-document/show-document.controller.ts';
import { ShowRegisterController } from './show-register/show-register.controller.ts';
import { ShowWorkDossierController } from './show-work-dossier/show-work-dossier.controller.ts';
import { ShowWorkDossierQuery } from './show-work-dossier/show-work-dossier.query.ts';

/** edocument-workflow: takes steps through the front door and judges whether a work dossier was processed online. */
@Module({
  imports: [
    ServiceKitModule.forService('edocument-workflow'),
    MessagingModule.forService('edocument-workflow', { identities: EventIdentities }),
    OrganisationModule.forService(),
    AcceptEventsModule,
  ],
  controllers: [
    JudgeWorkDossiersConsumer,
    FollowDocumentsConsumer,
    ShowWorkDossierController,
    ListDocumentsController,
    ShowDocumentController,
    AllotNumberController,
    ShowRegisterController,
  ],
  providers: [JudgeWorkDossiersHandler, FollowDocumentsHandler, ShowWorkDossierQuery, Prisma],
})
export class AppModule {}
