import { Module } from '@nestjs/common';
import { WorkingCalendar } from '@par/administration';
import { MessagingModule } from '@par/messaging';
import { OrganisationModule } from '@par/organisation';
import { Environment, ServiceKitModule } from '@par/service-kit';
import { AcceptEventsModule } from './accept-events/accept-events.module.ts';
import { AllotNumberController } from './allot-number/allot-number.controller.ts';
import { DeadlineRule } from './deadlines.ts';
import { DeliverEdxml } from './deliver-edxml/deliver-edxml.handler.ts';
import { DeliverEdxmlTimer } from './deliver-edxml/deliver-edxml.timer.ts';
import { EdxmlDestinations } from './edxml-destinations.ts';
import { EdxmlStatuses } from './edxml-statuses.ts';
import { EventIdentities } from './event-identities.ts';
import { FollowDocumentsConsumer } from './follow-documents/follow-documents.consumer.ts';
import { FollowDocumentsHandler } from './follow-documents/follow-documents.handler.ts';
import { JudgeWorkDossiersConsumer } from './judge-work-dossiers/judge-work-dossiers.consumer.ts';
import { JudgeWorkDossiersHandler } from './judge-work-dossiers/judge-work-dossiers.handler.ts';
import { ListDocumentsController } from './list-documents/list-documents.controller.ts';
import { ListWorkDossiersController } from './list-work-dossiers/list-work-dossiers.controller.ts';
import { ListWorkDossiersQuery } from './list-work-dossiers/list-work-dossiers.query.ts';
import { Prisma } from './prisma.ts';
import { ProcessRegister } from './process-register.ts';
import { RegisterProcessController } from './register-process/register-process.controller.ts';
import { RegisterProcessHandler } from './register-process/register-process.handler.ts';
import { DeadlineWatch } from './remind-deadlines/deadline-watch.ts';
import { RemindDeadlines } from './remind-deadlines/remind-deadlines.timer.ts';
import { ResendEdxmlController } from './resend-edxml/resend-edxml.controller.ts';
import { ResendEdxml } from './resend-edxml/resend-edxml.handler.ts';
import { SendEdxmlController } from './send-edxml/send-edxml.controller.ts';
import { SendEdxml } from './send-edxml/send-edxml.handler.ts';
import { ShowConformanceController } from './show-conformance/show-conformance.controller.ts';
import { ConformanceQuery } from './show-conformance/show-conformance.query.ts';
import { ShowDeadlinesController } from './show-deadlines/show-deadlines.controller.ts';
import { ShowDeadlinesQuery } from './show-deadlines/show-deadlines.query.ts';
import { ShowDocumentController } from './show-document/show-document.controller.ts';
import { ShowEdxmlDeliveriesController } from './show-edxml-deliveries/show-edxml-deliveries.controller.ts';
import { ShowProcessesController } from './show-processes/show-processes.controller.ts';
import { ShowRegisterController } from './show-register/show-register.controller.ts';
import { ShowSaveListController } from './show-save-list/show-save-list.controller.ts';
import { ShowSaveListQuery } from './show-save-list/show-save-list.query.ts';
import { ShowTasksController } from './show-tasks/show-tasks.controller.ts';
import { ShowWorkDossierController } from './show-work-dossier/show-work-dossier.controller.ts';
import { ShowWorkDossierQuery } from './show-work-dossier/show-work-dossier.query.ts';
import { TakeEdxmlController } from './take-edxml/take-edxml.controller.ts';
import { TakeEdxml } from './take-edxml/take-edxml.handler.ts';
import { SignatureTrust } from './verify-signature/signature-trust.ts';
import { VerifySignatureController } from './verify-signature/verify-signature.controller.ts';
import { VerifySignature } from './verify-signature/verify-signature.handler.ts';
import { ShowSignatures } from './verify-signature/verify-signature.query.ts';
import { configuredCalendar } from './working-calendar.ts';
import { XmlBodies } from './xml-bodies.ts';

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
    ShowConformanceController,
    ShowWorkDossierController,
    ShowDeadlinesController,
    ListWorkDossiersController,
    FollowDocumentsConsumer,
    ListDocumentsController,
    ShowDocumentController,
    AllotNumberController,
    ShowRegisterController,
    ShowSaveListController,
    RegisterProcessController,
    ShowProcessesController,
    ShowTasksController,
    VerifySignatureController,
    ShowEdxmlDeliveriesController,
    ResendEdxmlController,
  ],
  providers: [
    { provide: WorkingCalendar, inject: [Environment], useFactory: configuredCalendar },
    DeadlineRule,
    ConformanceQuery,
    JudgeWorkDossiersHandler,
    ShowWorkDossierQuery,
    Prisma,
    RemindDeadlines,
    DeadlineWatch,
    ShowDeadlinesQuery,
    ListWorkDossiersQuery,
    FollowDocumentsHandler,
    ShowSaveListQuery,
    ProcessRegister,
    RegisterProcessHandler,
    XmlBodies,
    TakeEdxml,
    TakeEdxmlController,
    SignatureTrust,
    VerifySignature,
    ShowSignatures,
    {
      provide: EdxmlDestinations,
      inject: [Environment],
      useFactory: (environment: Environment) =>
        EdxmlDestinations.read(environment.text('EDXML_DESTINATIONS', ''), environment.text('EDXML_TOKEN', '')),
    },
    SendEdxml,
    SendEdxmlController,
    EdxmlStatuses,
    ResendEdxml,
    DeliverEdxml,
    DeliverEdxmlTimer,
  ],
})
export class AppModule {}
