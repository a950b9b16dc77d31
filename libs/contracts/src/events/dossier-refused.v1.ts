import { IsIn } from 'class-validator';

/** Why the result is refused after appraisal. A closed list: free text could carry personal data. */
export const REFUSAL_REASONS = ['conditions-not-met', 'not-supplemented', 'not-our-authority', 'other'] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Refusal of the result with its reason, within the term (Decree 61/2018 art. 19.8; national state 8): the end of the clock. */
export class DossierRefusedV1 {
  @IsIn(REFUSAL_REASONS)
  reason: RefusalReason;
}
