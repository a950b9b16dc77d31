import { Module } from '@nestjs/common';
import { IngressIdentities } from '@par/ingress';
import { MessagingModule } from '@par/messaging';
import { OrganisationModule } from '@par/organisation';
import { ServiceKitModule } from '@par/service-kit';
import { AcceptEventsModule } from './accept-events/accept-events.module.ts';
import { ShowDossierController } from './show-dossier/show-dossier.controller.ts';
import { ShowDossier } from './show-dossier/show-dossier.query.ts';

/** dossier-intake: takes events about dossiers, units and networks in, keeps them, publishes them, and shows a dossier. */
@Module({
  imports: [
    ServiceKitModule.forService('dossier-intake'),
    MessagingModule.forService('dossier-intake', { identities: IngressIdentities }),
    OrganisationModule.forService(),
    AcceptEventsModule,
  ],
  controllers: [ShowDossierController],
  providers: [ShowDossier],
})
export class AppModule {}
