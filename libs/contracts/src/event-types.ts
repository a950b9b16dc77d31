import { AssessmentPublishedV1 } from './events/assessment-published.v1.ts';
import { CheckpointAdvancedV1 } from './events/checkpoint-advanced.v1.ts';
import { DeadlineEscalatedV1 } from './events/deadline-escalated.v1.ts';
import { DeadlineRemindedV1 } from './events/deadline-reminded.v1.ts';
import { DeclarationCorrectedV1 } from './events/declaration-corrected.v1.ts';
import { DocumentApprovedV1 } from './events/document-approved.v1.ts';
import { DocumentArrivedV1 } from './events/document-arrived.v1.ts';
import { DocumentAssignedV1 } from './events/document-assigned.v1.ts';
import { DocumentCompletedV1 } from './events/document-completed.v1.ts';
import { DocumentCorrectedV1 } from './events/document-corrected.v1.ts';
import { DocumentDraftedV1 } from './events/document-drafted.v1.ts';
import { DocumentFiledV1 } from './events/document-filed.v1.ts';
import { DocumentInProcessV1 } from './events/document-in-process.v1.ts';
import { DocumentIssuedV1 } from './events/document-issued.v1.ts';
import { DocumentNumberedV1 } from './events/document-numbered.v1.ts';
import { DocumentRecallAcceptedV1 } from './events/document-recall-accepted.v1.ts';
import { DocumentRecallRefusedV1 } from './events/document-recall-refused.v1.ts';
import { DocumentRecallRequestedV1 } from './events/document-recall-requested.v1.ts';
import { DocumentRecalledV1 } from './events/document-recalled.v1.ts';
import { DocumentRefusedV1 } from './events/document-refused.v1.ts';
import { DocumentRegisteredV1 } from './events/document-registered.v1.ts';
import { DocumentReplacedV1 } from './events/document-replaced.v1.ts';
import { DocumentReturnedV1 } from './events/document-returned.v1.ts';
import { DocumentSignedV1 } from './events/document-signed.v1.ts';
import { DocumentSubmittedV1 } from './events/document-submitted.v1.ts';
import { DocumentUpdatedV1 } from './events/document-updated.v1.ts';
import { DossierCorrectedV1 } from './events/dossier-corrected.v1.ts';
import { DossierExtendedV1 } from './events/dossier-extended.v1.ts';
import { DossierFeePaidV1 } from './events/dossier-fee-paid.v1.ts';
import { DossierFeeRequestedV1 } from './events/dossier-fee-requested.v1.ts';
import { DossierIntakeRefusedV1 } from './events/dossier-intake-refused.v1.ts';
import { DossierLinkedV1 } from './events/dossier-linked.v1.ts';
import { DossierPausedV1 } from './events/dossier-paused.v1.ts';
import { DossierRatedV1 } from './events/dossier-rated.v1.ts';
import { DossierReceivedV1 } from './events/dossier-received.v1.ts';
import { DossierRefusedV1 } from './events/dossier-refused.v1.ts';
import { DossierRegisteredV1 } from './events/dossier-registered.v1.ts';
import { DossierResultReadyV1 } from './events/dossier-result-ready.v1.ts';
import { DossierResumedV1 } from './events/dossier-resumed.v1.ts';
import { DossierReturnedV1 } from './events/dossier-returned.v1.ts';
import { DossierStateReportedV1 } from './events/dossier-state-reported.v1.ts';
import { DossierSupplementRequestedV1 } from './events/dossier-supplement-requested.v1.ts';
import { DossierSupplementedV1 } from './events/dossier-supplemented.v1.ts';
import { DossierTransferredV1 } from './events/dossier-transferred.v1.ts';
import { DossierWithdrawnV1 } from './events/dossier-withdrawn.v1.ts';
import { FigureChangedV1 } from './events/figure-changed.v1.ts';
import { FunctionReviewCompletedV1 } from './events/function-review-completed.v1.ts';
import { FunctionReviewPlannedV1 } from './events/function-review-planned.v1.ts';
import { InspectionCompletedV1 } from './events/inspection-completed.v1.ts';
import { NetworkConnectionAcceptedV1 } from './events/network-connection-accepted.v1.ts';
import { NetworkConnectionLostV1 } from './events/network-connection-lost.v1.ts';
import { NetworkHeartbeatSentV1 } from './events/network-heartbeat-sent.v1.ts';
import { PaperWorkDeclaredV1 } from './events/paper-work-declared.v1.ts';
import { ProcedureAbolishedV1 } from './events/procedure-abolished.v1.ts';
import { ProcedureCorrectedV1 } from './events/procedure-corrected.v1.ts';
import { ProcedureCostAssessedV1 } from './events/procedure-cost-assessed.v1.ts';
import { ProcedureIsoIssuedV1 } from './events/procedure-iso-issued.v1.ts';
import { ProcedureIsoWithdrawnV1 } from './events/procedure-iso-withdrawn.v1.ts';
import { ProcedureLevelChangedV1 } from './events/procedure-level-changed.v1.ts';
import { ProcedurePublishedV1 } from './events/procedure-published.v1.ts';
import { ProcedureTermCutV1 } from './events/procedure-term-cut.v1.ts';
import { RankingPublishedV1 } from './events/ranking-published.v1.ts';
import { ReconciliationAnsweredV1 } from './events/reconciliation-answered.v1.ts';
import { ReconciliationAskedV1 } from './events/reconciliation-asked.v1.ts';
import { SecretCountDeclaredV1 } from './events/secret-count-declared.v1.ts';
import { StaffStandardDeclaredV1 } from './events/staff-standard-declared.v1.ts';
import { StepDueV1 } from './events/step-due.v1.ts';
import { SurveyDeclaredV1 } from './events/survey-declared.v1.ts';
import { UnitClosedV1 } from './events/unit-closed.v1.ts';
import { UnitMergedV1 } from './events/unit-merged.v1.ts';
import { UnitOpenedV1 } from './events/unit-opened.v1.ts';
import { UnitRenamedV1 } from './events/unit-renamed.v1.ts';
import { UnitSplitV1 } from './events/unit-split.v1.ts';
import { WorkDossierClosedV1 } from './events/work-dossier-closed.v1.ts';
import { WorkDossierCompletedV1 } from './events/work-dossier-completed.v1.ts';
import { WorkDossierCorrectedV1 } from './events/work-dossier-corrected.v1.ts';
import { WorkDossierOpenedV1 } from './events/work-dossier-opened.v1.ts';
import { WorkDossierPaperDeclaredV1 } from './events/work-dossier-paper-declared.v1.ts';
import { WorkDossierSignatureVerifiedV1 } from './events/work-dossier-signature-verified.v1.ts';
import { WorkDossierStepTakenV1 } from './events/work-dossier-step-taken.v1.ts';

/** The four services of the house. */
export const SERVICES = ['dossier-intake', 'edocument-workflow', 'index-scoring', 'reporting'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The typed map of every event: type → class of its data. The one place where an event is registered. */
export const EVENT_CLASSES = {
  'vn.par.dossier.registered.v1': DossierRegisteredV1,
  'vn.par.dossier.received.v1': DossierReceivedV1,
  'vn.par.dossier.intake-refused.v1': DossierIntakeRefusedV1,
  'vn.par.dossier.supplement-requested.v1': DossierSupplementRequestedV1,
  'vn.par.dossier.supplemented.v1': DossierSupplementedV1,
  'vn.par.dossier.transferred.v1': DossierTransferredV1,
  'vn.par.dossier.fee-requested.v1': DossierFeeRequestedV1,
  'vn.par.dossier.fee-paid.v1': DossierFeePaidV1,
  'vn.par.dossier.paused.v1': DossierPausedV1,
  'vn.par.dossier.resumed.v1': DossierResumedV1,
  'vn.par.dossier.extended.v1': DossierExtendedV1,
  'vn.par.dossier.result-ready.v1': DossierResultReadyV1,
  'vn.par.dossier.returned.v1': DossierReturnedV1,
  'vn.par.dossier.refused.v1': DossierRefusedV1,
  'vn.par.dossier.withdrawn.v1': DossierWithdrawnV1,
  'vn.par.dossier.rated.v1': DossierRatedV1,
  'vn.par.dossier.linked.v1': DossierLinkedV1,
  'vn.par.dossier.state-reported.v1': DossierStateReportedV1,
  'vn.par.dossier.corrected.v1': DossierCorrectedV1,
  'vn.par.procedure.published.v1': ProcedurePublishedV1,
  'vn.par.procedure.level-changed.v1': ProcedureLevelChangedV1,
  'vn.par.procedure.term-cut.v1': ProcedureTermCutV1,
  'vn.par.procedure.cost-assessed.v1': ProcedureCostAssessedV1,
  'vn.par.procedure.abolished.v1': ProcedureAbolishedV1,
  'vn.par.procedure.iso-issued.v1': ProcedureIsoIssuedV1,
  'vn.par.procedure.iso-withdrawn.v1': ProcedureIsoWithdrawnV1,
  'vn.par.procedure.corrected.v1': ProcedureCorrectedV1,
  'vn.par.unit.opened.v1': UnitOpenedV1,
  'vn.par.unit.renamed.v1': UnitRenamedV1,
  'vn.par.unit.merged.v1': UnitMergedV1,
  'vn.par.unit.split.v1': UnitSplitV1,
  'vn.par.unit.closed.v1': UnitClosedV1,
  'vn.par.network.connection-accepted.v1': NetworkConnectionAcceptedV1,
  'vn.par.network.connection-lost.v1': NetworkConnectionLostV1,
  'vn.par.network.heartbeat-sent.v1': NetworkHeartbeatSentV1,
  'vn.par.paper-work.declared.v1': PaperWorkDeclaredV1,
  'vn.par.secret-count.declared.v1': SecretCountDeclaredV1,
  'vn.par.inspection.completed.v1': InspectionCompletedV1,
  'vn.par.function-review.planned.v1': FunctionReviewPlannedV1,
  'vn.par.function-review.completed.v1': FunctionReviewCompletedV1,
  'vn.par.staff-standard.declared.v1': StaffStandardDeclaredV1,
  'vn.par.survey.declared.v1': SurveyDeclaredV1,
  'vn.par.assessment.published.v1': AssessmentPublishedV1,
  'vn.par.ranking.published.v1': RankingPublishedV1,
  'vn.par.declaration.corrected.v1': DeclarationCorrectedV1,
  'vn.par.work-dossier.opened.v1': WorkDossierOpenedV1,
  'vn.par.work-dossier.step-taken.v1': WorkDossierStepTakenV1,
  'vn.par.work-dossier.paper-declared.v1': WorkDossierPaperDeclaredV1,
  'vn.par.work-dossier.completed.v1': WorkDossierCompletedV1,
  'vn.par.work-dossier.corrected.v1': WorkDossierCorrectedV1,
  'vn.par.work-dossier.signature-verified.v1': WorkDossierSignatureVerifiedV1,
  'vn.par.work-dossier.closed.v1': WorkDossierClosedV1,
  'vn.par.step.due.v1': StepDueV1,
  'vn.par.deadline.reminded.v1': DeadlineRemindedV1,
  'vn.par.deadline.escalated.v1': DeadlineEscalatedV1,
  'vn.par.document.drafted.v1': DocumentDraftedV1,
  'vn.par.document.submitted.v1': DocumentSubmittedV1,
  'vn.par.document.approved.v1': DocumentApprovedV1,
  'vn.par.document.returned.v1': DocumentReturnedV1,
  'vn.par.document.signed.v1': DocumentSignedV1,
  'vn.par.document.numbered.v1': DocumentNumberedV1,
  'vn.par.document.issued.v1': DocumentIssuedV1,
  'vn.par.document.filed.v1': DocumentFiledV1,
  'vn.par.document.arrived.v1': DocumentArrivedV1,
  'vn.par.document.refused.v1': DocumentRefusedV1,
  'vn.par.document.registered.v1': DocumentRegisteredV1,
  'vn.par.document.assigned.v1': DocumentAssignedV1,
  'vn.par.document.in-process.v1': DocumentInProcessV1,
  'vn.par.document.completed.v1': DocumentCompletedV1,
  'vn.par.document.recall-requested.v1': DocumentRecallRequestedV1,
  'vn.par.document.recall-accepted.v1': DocumentRecallAcceptedV1,
  'vn.par.document.recall-refused.v1': DocumentRecallRefusedV1,
  'vn.par.document.recalled.v1': DocumentRecalledV1,
  'vn.par.document.updated.v1': DocumentUpdatedV1,
  'vn.par.document.replaced.v1': DocumentReplacedV1,
  'vn.par.document.corrected.v1': DocumentCorrectedV1,
  'vn.par.figure.changed.v1': FigureChangedV1,
  'vn.par.checkpoint.advanced.v1': CheckpointAdvancedV1,
  'vn.par.reconciliation.asked.v1': ReconciliationAskedV1,
  'vn.par.reconciliation.answered.v1': ReconciliationAnsweredV1,
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
  'vn.par.dossier.registered.v1': 'dossier-intake',
  'vn.par.dossier.received.v1': 'dossier-intake',
  'vn.par.dossier.intake-refused.v1': 'dossier-intake',
  'vn.par.dossier.supplement-requested.v1': 'dossier-intake',
  'vn.par.dossier.supplemented.v1': 'dossier-intake',
  'vn.par.dossier.transferred.v1': 'dossier-intake',
  'vn.par.dossier.fee-requested.v1': 'dossier-intake',
  'vn.par.dossier.fee-paid.v1': 'dossier-intake',
  'vn.par.dossier.paused.v1': 'dossier-intake',
  'vn.par.dossier.resumed.v1': 'dossier-intake',
  'vn.par.dossier.extended.v1': 'dossier-intake',
  'vn.par.dossier.result-ready.v1': 'dossier-intake',
  'vn.par.dossier.returned.v1': 'dossier-intake',
  'vn.par.dossier.refused.v1': 'dossier-intake',
  'vn.par.dossier.withdrawn.v1': 'dossier-intake',
  'vn.par.dossier.rated.v1': 'dossier-intake',
  'vn.par.dossier.linked.v1': 'dossier-intake',
  'vn.par.dossier.state-reported.v1': 'dossier-intake',
  'vn.par.dossier.corrected.v1': 'dossier-intake',
  'vn.par.procedure.published.v1': 'dossier-intake',
  'vn.par.procedure.level-changed.v1': 'dossier-intake',
  'vn.par.procedure.term-cut.v1': 'dossier-intake',
  'vn.par.procedure.cost-assessed.v1': 'dossier-intake',
  'vn.par.procedure.abolished.v1': 'dossier-intake',
  'vn.par.procedure.iso-issued.v1': 'dossier-intake',
  'vn.par.procedure.iso-withdrawn.v1': 'dossier-intake',
  'vn.par.procedure.corrected.v1': 'dossier-intake',
  'vn.par.unit.opened.v1': 'dossier-intake',
  'vn.par.unit.renamed.v1': 'dossier-intake',
  'vn.par.unit.merged.v1': 'dossier-intake',
  'vn.par.unit.split.v1': 'dossier-intake',
  'vn.par.unit.closed.v1': 'dossier-intake',
  'vn.par.network.connection-accepted.v1': 'dossier-intake',
  'vn.par.network.connection-lost.v1': 'dossier-intake',
  'vn.par.network.heartbeat-sent.v1': 'dossier-intake',
  'vn.par.paper-work.declared.v1': 'dossier-intake',
  'vn.par.secret-count.declared.v1': 'dossier-intake',
  'vn.par.inspection.completed.v1': 'dossier-intake',
  'vn.par.function-review.planned.v1': 'dossier-intake',
  'vn.par.function-review.completed.v1': 'dossier-intake',
  'vn.par.staff-standard.declared.v1': 'dossier-intake',
  'vn.par.survey.declared.v1': 'dossier-intake',
  'vn.par.assessment.published.v1': 'dossier-intake',
  'vn.par.ranking.published.v1': 'dossier-intake',
  'vn.par.declaration.corrected.v1': 'dossier-intake',
  'vn.par.work-dossier.opened.v1': 'edocument-workflow',
  'vn.par.work-dossier.step-taken.v1': 'edocument-workflow',
  'vn.par.work-dossier.paper-declared.v1': 'edocument-workflow',
  'vn.par.work-dossier.completed.v1': 'edocument-workflow',
  'vn.par.work-dossier.corrected.v1': 'edocument-workflow',
  'vn.par.document.drafted.v1': 'edocument-workflow',
  'vn.par.document.submitted.v1': 'edocument-workflow',
  'vn.par.document.approved.v1': 'edocument-workflow',
  'vn.par.document.returned.v1': 'edocument-workflow',
  'vn.par.document.signed.v1': 'edocument-workflow',
  'vn.par.document.numbered.v1': 'edocument-workflow',
  'vn.par.document.issued.v1': 'edocument-workflow',
  'vn.par.document.filed.v1': 'edocument-workflow',
  'vn.par.document.arrived.v1': 'edocument-workflow',
  'vn.par.document.refused.v1': 'edocument-workflow',
  'vn.par.document.registered.v1': 'edocument-workflow',
  'vn.par.document.assigned.v1': 'edocument-workflow',
  'vn.par.document.in-process.v1': 'edocument-workflow',
  'vn.par.document.completed.v1': 'edocument-workflow',
  'vn.par.document.recall-requested.v1': 'edocument-workflow',
  'vn.par.document.recall-accepted.v1': 'edocument-workflow',
  'vn.par.document.recall-refused.v1': 'edocument-workflow',
  'vn.par.document.recalled.v1': 'edocument-workflow',
  'vn.par.document.updated.v1': 'edocument-workflow',
  'vn.par.document.replaced.v1': 'edocument-workflow',
  'vn.par.document.corrected.v1': 'edocument-workflow',
};

/** The noun of a type: `vn.par.work-dossier.closed.v1` → `work-dossier`. */
export function nounOf(type: EventType): string {
  return type.split('.')[2]!;
}

/** Tasks for department systems: which step comes next, which deadline is near or past. No service of ours reads them. */
export function isTask(type: EventType): boolean {
  const noun = nounOf(type);
  return noun === 'step' || noun === 'deadline';
}

/** Types that stand on no balance sheet: those that speak of the sheet itself, or telling of it would change it, and tasks, which nobody counts. */
export function isUncounted(type: EventType): boolean {
  const noun = nounOf(type);
  return noun === 'checkpoint' || noun === 'reconciliation' || isTask(type);
}

/**
 * Types by which an authorised person declares what no system sends: counts from paper, inspections, reviews, staff, surveys, scores. A producer key may
 * send them only where it says so.
 */
export const DECLARED_TYPES: ReadonlySet<EventType> = new Set<EventType>([
  'vn.par.paper-work.declared.v1',
  'vn.par.secret-count.declared.v1',
  'vn.par.inspection.completed.v1',
  'vn.par.function-review.planned.v1',
  'vn.par.function-review.completed.v1',
  'vn.par.staff-standard.declared.v1',
  'vn.par.survey.declared.v1',
  'vn.par.assessment.published.v1',
  'vn.par.ranking.published.v1',
  'vn.par.declaration.corrected.v1',
]);
