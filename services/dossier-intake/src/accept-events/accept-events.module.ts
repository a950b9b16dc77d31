import { IngressModule } from '@par/ingress';
import { AcceptEventsHandler } from './accept-events.handler.ts';

/** The front door of dossier, unit and network events: `POST /v1/events`, queue `dossier-intake.ingress`, `GET /v1/ingress/tally`. */
export const AcceptEventsModule = IngressModule.forDoor('dossier-intake', { listener: AcceptEventsHandler });
