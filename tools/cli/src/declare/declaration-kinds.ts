import type { DeclarationKind } from './declaration-kind.ts';
import { PROCEDURES, TSLCD_CONNECTIONS } from './declared-catalogue.ts';
import { PAPER_WORK, SECRET_COUNTS, STAFF_STANDARDS } from './declared-counts.ts';
import { FUNCTION_REVIEWS, INSPECTIONS, SURVEYS } from './declared-records.ts';
import { ASSESSMENTS, RANKINGS } from './declared-scores.ts';
import type { KindName } from './kind-names.ts';

export const DECLARATION_KINDS: Readonly<Record<KindName, DeclarationKind>> = {
  'staff-standards': STAFF_STANDARDS,
  procedures: PROCEDURES,
  surveys: SURVEYS,
  'function-reviews': FUNCTION_REVIEWS,
  'paper-work': PAPER_WORK,
  'secret-counts': SECRET_COUNTS,
  'tslcd-connections': TSLCD_CONNECTIONS,
  inspections: INSPECTIONS,
  assessments: ASSESSMENTS,
  rankings: RANKINGS,
};
