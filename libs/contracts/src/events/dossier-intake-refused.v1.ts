import { IsIn } from 'class-validator';

/** Why a dossier is not taken in. A closed list: free text could carry personal data. */
export const INTAKE_REFUSAL_REASONS = ['incomplete', 'not-our-authority', 'conditions-not-met', 'sent-twice', 'other'] as const;
export type IntakeRefusalReason = (typeof INTAKE_REFUSAL_REASONS)[number];

/** Không được tiếp nhận (national state 3, Mẫu 03, Decree 61/2018 art. 17): the clock never starts. */
export class DossierIntakeRefusedV1 {
  @IsIn(INTAKE_REFUSAL_REASONS)
  reason: IntakeRefusalReason;
}
