import { IngressModule } from '@par/ingress';
import { AcceptEventsHandler } from './accept-events.handler.ts';

/** The front door of work-dossier and document events: `POST /v1/events`, queue `edocument-workflow.ingress`, `GET /v1/ingress/tally`. */
export const AcceptEventsModule = IngressModule.forDoor('edocument-workflow', { listener: AcceptEventsHandler });
