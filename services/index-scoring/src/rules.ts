import { type CaseView } from './case-view.ts';
import { type DeclaredFact } from './declared-fact.ts';
import { paperWork, plannedReviews, surveyBestOnly, surveySatisfactionScale, surveyUpperTwo } from './declared-rules.ts';
import {
  asSent,
  byDecision766,
  byDueDate,
  byDueInstant,
  byFirstAppointment,
  byFormTwo06a,
  byOpenCps,
  latenessIs,
  withoutSyncFaults,
} from './on-time-rules.ts';
import {
  electronicResult,
  everyMessageOnTslcd,
  everyStepAsProcess,
  everyStepInOrder,
  everyStepOnNetwork,
  feePaidOnline,
  ofFinished,
  ofOnlineProcedures,
  ofReceived,
  receivedOnline,
  receivedOnlineElectronic,
} from './online-rules.ts';
import { bestGradeOnly, upperTwoGrades } from './satisfaction-rules.ts';
import { STATE_RULES } from './state-rules.ts';
import { type Verdict } from './verdict.ts';

/** A counting rule: pure, from what a subject's fact looks like to where it counts. */
export interface CountingRule {
  version: number;
  ofCase?(view: CaseView): Verdict[];
  ofDeclared?(fact: DeclaredFact): Verdict[];
}

/**
 * Every counting rule by name. Facts are stored, rules are applied: the same facts give any number of rules, and a rule that changes
 * gets a new version. What each says and where it comes from stands in `rule-catalogue.ts`.
 */
export const COUNTING_RULES: Readonly<Record<string, CountingRule>> = {
  'ii-06a': { version: 1, ofCase: byFormTwo06a },
  'due-date': { version: 1, ofCase: byDueInstant },
  'by-date': { version: 1, ofCase: byDueDate },
  'first-appointment': { version: 1, ofCase: byFirstAppointment },
  opencps: { version: 1, ofCase: byOpenCps },
  'qd-766': { version: 1, ofCase: byDecision766 },
  'as-sent': { version: 1, ofCase: asSent },
  'without-sync-faults': { version: 1, ofCase: withoutSyncFaults },
  office: { version: 1, ofCase: latenessIs('office') },
  waiting: { version: 1, ofCase: latenessIs('waiting') },
  'message-late': { version: 1, ofCase: latenessIs('message-late') },
  'source-clock': { version: 1, ofCase: latenessIs('source-clock') },
  'of-finished': { version: 1, ofCase: ofFinished },
  'of-online-procedures': { version: 1, ofCase: ofOnlineProcedures },
  'received-online': { version: 1, ofCase: receivedOnline },
  'of-received': { version: 1, ofCase: ofReceived },
  'received-online-electronic': { version: 1, ofCase: receivedOnlineElectronic },
  'electronic-result': { version: 1, ofCase: electronicResult },
  'fee-paid-online': { version: 1, ofCase: feePaidOnline },
  'upper-two-grades': { version: 1, ofCase: upperTwoGrades, ofDeclared: surveyUpperTwo },
  'satisfaction-scale-only': { version: 1, ofCase: upperTwoGrades, ofDeclared: surveySatisfactionScale },
  'best-only': { version: 1, ofCase: bestGradeOnly, ofDeclared: surveyBestOnly },
  'of-planned': { version: 1, ofDeclared: plannedReviews },
  'every-step-on-network': { version: 2, ofCase: everyStepOnNetwork, ofDeclared: paperWork },
  'every-step-as-process': { version: 1, ofCase: everyStepAsProcess },
  'every-step-in-order': { version: 1, ofCase: everyStepInOrder },
  'every-message-on-tslcd': { version: 1, ofCase: everyMessageOnTslcd },
};

export function isKnownRule(rule: string, version: number): boolean {
  return (COUNTING_RULES[rule] ?? STATE_RULES[rule])?.version === version;
}
