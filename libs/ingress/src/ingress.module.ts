import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { type Door } from '@par/contracts';
import { Environment } from '@par/service-kit';
import { consumerOf } from './accept-events/accept-events.consumer.ts';
import { AcceptEventsController } from './accept-events/accept-events.controller.ts';
import { AcceptEvents } from './accept-events/accept-events.handler.ts';
import { DoorWatch } from './accept-events/door-watch.ts';
import { BodyParsers } from './accept-events/body-parsers.ts';
import { OwnDoor } from './accept-events/own-door.ts';
import { AcceptedEvents } from './accepted-events.ts';
import { type AcceptedListener, FRONT_DOOR, type FrontDoor } from './front-door.ts';
import { DEFAULT_LIMITS, type Limits } from './message.ts';
import { NetworkStamp } from './network-stamp.ts';
import { ProducerKeys } from './producer-keys.ts';
import { ShowTallyController } from './show-tally/show-tally.controller.ts';
import { ShowTally } from './show-tally/show-tally.query.ts';
import { TakeManifestController } from './take-manifest/take-manifest.controller.ts';
import { TakeManifest } from './take-manifest/take-manifest.handler.ts';

export interface IngressOptions extends Partial<AcceptedListener> {
  /** An injectable class instead of a function, for a listener that needs other providers. */
  listener?: Type<AcceptedListener>;
  limits?: Partial<Limits>;
}

/**
 * Mounts the front door of a service: `POST /v1/events`, the queue `<door>.ingress`, `GET /v1/ingress/tally`, `/v1/manifests`. Needs ServiceKitModule,
 * MessagingModule and OrganisationModule beside it. Reads TSLCD_RANGES (addresses and CIDRs) and TSLCD_BROKER_USERS.
 */
@Module({})
export class IngressModule {
  static forDoor(door: Door, { onAccepted, listener, limits }: IngressOptions = {}): DynamicModule {
    const frontDoor = (injected?: AcceptedListener): FrontDoor => ({
      door,
      limits: { ...DEFAULT_LIMITS, ...limits },
      ...(onAccepted ? { onAccepted } : {}),
      ...(injected ? { onAccepted: (tx, events) => injected.onAccepted(tx, events) } : {}),
    });
    return {
      module: IngressModule,
      providers: [
        ...(listener ? [listener] : []),
        { provide: FRONT_DOOR, inject: listener ? [listener] : [], useFactory: frontDoor },
        {
          provide: NetworkStamp,
          inject: [Environment],
          useFactory: (environment: Environment) =>
            new NetworkStamp(environment.list('TSLCD_RANGES'), environment.list('TSLCD_BROKER_USERS')),
        },
        BodyParsers,
        ProducerKeys,
        DoorWatch,
        AcceptEvents,
        AcceptEventsController,
        OwnDoor,
        AcceptedEvents,
        ShowTally,
        TakeManifest,
      ],
      controllers: [consumerOf(door), ShowTallyController, TakeManifestController],
      exports: [AcceptEvents, AcceptedEvents, NetworkStamp, OwnDoor, ProducerKeys],
    };
  }
}
