import { Module } from '@nestjs/common';
import { IngressModule } from '@par/ingress';
import { MessagingModule } from '@par/messaging';
import { OrganisationModule } from '@par/organisation';
import { ServiceKitModule } from '@par/service-kit';
import { EventIdentities } from './event-identities.ts';
import { JudgeWorkDossiersConsumer } from './judge-work-dossiers/judge-work-dossiers.consumer.ts';
import { JudgeWorkDossiersHandler } from './judge-work-dossiers/judge-work-dossiers.handler.ts';
import { Prisma } from './prisma.ts';
import { ShowWorkDossierController } from './show-work-dossier/show-work-dossier.controller.ts';
import { ShowWorkDossierQuery } from './show-work-dossier/show-work-dossier.query.ts';
import { SignatureTrust } from './verify-signature/signature-trust.ts';
import { VerifySignatureController } from './verify-signature/verify-signature.controller.ts';
import { VerifySignature } from './verify-signature/verify-signature.handler.ts';
import { ShowSignatures } from './verify-signature/verify-signature.query.ts';

/** edocument-workflow: takes steps through the front door and judges whether a work dossier was processed online. */
@Module({
  imports: [
    ServiceKitModule.forService('edocument-workflow'),
    MessagingModule.forService('edocument-workflow', { identities: EventIdentities }),
    OrganisationModule.forService(),
    IngressModule.forDoor('edocument-workflow'),
  ],
  controllers: [JudgeWorkDossiersConsumer, ShowWorkDossierController, VerifySignatureController],
  providers: [JudgeWorkDossiersHandler, ShowWorkDossierQuery, SignatureTrust, VerifySignature, ShowSignatures, Prisma],
})
export class AppModule {}
