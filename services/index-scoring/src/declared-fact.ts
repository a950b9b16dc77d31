import {
  declaredFindings,
  type DeclaredFinding,
  type PaperWork,
  paperWorkOf,
  type Review,
  reviewOf,
  type Survey,
  surveyOf,
} from './declared-records.ts';
import { type KeptEvent } from './kept-event.ts';

/** What a set of declared events says, as the counting rules look at it. Inspections, staff, scores and secret counts are states, not counts: only their findings stand here. */
export interface DeclaredFact {
  findings: DeclaredFinding[];
  /** Work dossiers on paper of one unit. */
  paperWork?: PaperWork & { unit: string; timeZone: string };
  survey?: Survey;
  review?: Review;
}

/** Folds a declared subject. Precondition: the units of its events are known. */
export function declaredFactOf(key: string, events: readonly KeptEvent[], zoneOf: (unit: string) => string): DeclaredFact {
  const findings = declaredFindings(events);
  if (key.startsWith('declared:unit/')) {
    // The set is that of one unit: the door takes such a declaration for its subject only.
    const unit = key.slice('declared:unit/'.length);
    return { findings, paperWork: { ...paperWorkOf(events), unit, timeZone: zoneOf(unit) } };
  }
  const survey = surveyOf(events);
  const review = reviewOf(events);
  return { findings, ...(survey ? { survey } : {}), ...(review ? { review } : {}) };
}
