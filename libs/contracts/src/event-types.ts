import { CheckpointAdvancedV1 } from './events/checkpoint-advanced.v1.ts';
import { DossierCorrectedV1 } from './events/dossier-corrected.v1.ts';
import { DossierReceivedV1 } from './events/dossier-received.v1.ts';
import { DossierResultReadyV1 } from './events/dossier-result-ready.v1.ts';
import { DossierReturnedV1 } from './events/dossier-returned.v1.ts';
import { FigureChangedV1 } from './events/figure-changed.v1.ts';
import { NetworkConnectionAcceptedV1 } from './events/network-connection-accepted.v1.ts';
import { NetworkConnectionLostV1 } from './events/network-connection-lost.v1.ts';
import { UnitClosedV1 } from './events/unit-closed.v1.ts';
import { UnitMergedV1 } from './events/unit-merged.v1.ts';
import { UnitOpenedV1 } from './events/unit-opened.v1.ts';
import { UnitRenamedV1 } from './events/unit-renamed.v1.ts';
import { UnitSplitV1 } from './events/unit-split.v1.ts';
import { WorkDossierClosedV1 } from './events/work-dossier-closed.v1.ts';
import { WorkDossierCompletedV1 } from './events/work-dossier-completed.v1.ts';
import { WorkDossierCorrectedV1 } from './events/work-dossier-corrected.v1.ts';
import { WorkDossierStepTakenV1 } from './events/work-dossier-step-taken.v1.ts';

/** The four services of the house. */
export const SERVICES = ['dossier-intake', 'edocument-workflow', 'index-scoring', 'reporting'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The typed map of every event: type → class of its data. The one place where an event is registered. */
export const EVENT_CLASSES = {
  'vn.par.dossier.received.v1': DossierReceivedV1,
  'vn.par.dossier.result-ready.v1': DossierResultReadyV1,
  'vn.par.dossier.returned.v1': DossierReturnedV1,
  'vn.par.dossier.corrected.v1': DossierCorrectedV1,
  'vn.par.unit.opened.v1': UnitOpenedV1,
  'vn.par.unit.renamed.v1': UnitRenamedV1,
  'vn.par.unit.merged.v1': UnitMergedV1,
  'vn.par.unit.split.v1': UnitSplitV1,
  'vn.par.unit.closed.v1': UnitClosedV1,
  'vn.par.network.connection-accepted.v1': NetworkConnectionAcceptedV1,
  'vn.par.network.connection-lost.v1': NetworkConnectionLostV1,
  'vn.par.work-dossier.step-taken.v1': WorkDossierStepTakenV1,
  'vn.par.work-dossier.completed.v1': WorkDossierCompletedV1,
  'vn.par.work-dossier.corrected.v1': WorkDossierCorrectedV1,
  'vn.par.work-dossier.closed.v1': WorkDossierClosedV1,
  'vn.par.figure.changed.v1': FigureChangedV1,
  'vn.par.checkpoint.advanced.v1': CheckpointAdvancedV1,
} as const;

export type EventType = keyof typeof EVENT_CLASSES;
export type EventData = { [T in EventType]: InstanceType<(typeof EVENT_CLASSES)[T]> };
export const EVENT_TYPES = Object.keys(EVENT_CLASSES) as EventType[];

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(EVENT_CLASSES, type);
}

/** A service whose front door takes events from outside. */
export type Door = Extract<ServiceName, 'dossier-intake' | 'edocument-workflow'>;

/** Where outside producers post each type. A type that is not here is published by a service and never taken from outside. */
export const DOOR_OF: Partial<Record<EventType, Door>> = {
  'vn.par.dossier.received.v1': 'dossier-intake',
  'vn.par.dossier.result-ready.v1': 'dossier-intake',
  'vn.par.dossier.returned.v1': 'dossier-intake',
  'vn.par.dossier.corrected.v1': 'dossier-intake',
  'vn.par.unit.opened.v1': 'dossier-intake',
  'vn.par.unit.renamed.v1': 'dossier-intake',
  'vn.par.unit.merged.v1': 'dossier-intake',
  'vn.par.unit.split.v1': 'dossier-intake',
  'vn.par.unit.closed.v1': 'dossier-intake',
  'vn.par.network.connection-accepted.v1': 'dossier-intake',
  'vn.par.network.connection-lost.v1': 'dossier-intake',
  'vn.par.work-dossier.step-taken.v1': 'edocument-workflow',
  'vn.par.work-dossier.completed.v1': 'edocument-workflow',
  'vn.par.work-dossier.corrected.v1': 'edocument-workflow',
};

/** The noun of a type: `vn.par.work-dossier.closed.v1` → `work-dossier`. */
export function nounOf(type: EventType): string {
  return type.split('.')[2]!;
}
