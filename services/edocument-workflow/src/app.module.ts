import { Module } from '@nestjs/common';
import { IngressModule } from '@par/ingress';
import { MessagingModule } from '@par/messaging';
import { OrganisationModule } from '@par/organisation';
import { ServiceKitModule } from '@par/service-kit';
import { EventIdentities } from './event-identities.ts';
import { JudgeWorkDossiersConsumer } from './judge-work-dossiers/judge-work-dossiers.consumer.ts';
import { JudgeWorkDossiersHandler } from './judge-work-dossiers/judge-work-dossiers.handler.ts';
import { Prisma } from './prisma.ts';
import { ProcessRegister } from './process-register.ts';
import { RegisterProcessController } from './register-process/register-process.controller.ts';
import { RegisterProcessHandler } from './register-process/register-process.handler.ts';
import { ShowProcessesController } from './show-processes/show-processes.controller.ts';
import { ShowTasksController } from './show-tasks/show-tasks.controller.ts';
import { ShowWorkDossierController } from './show-work-dossier/show-work-dossier.controller.ts';
import { ShowWorkDossierQuery } from './show-work-dossier/show-work-dossier.query.ts';
import { XmlBodies } from './xml-bodies.ts';

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
    RegisterProcessController,
    ShowProcessesController,
    ShowTasksController,
    ShowWorkDossierController,
  ],
  providers: [JudgeWorkDossiersHandler, ProcessRegister, RegisterProcessHandler, ShowWorkDossierQuery, XmlBodies, Prisma],
})
export class AppModule {}
