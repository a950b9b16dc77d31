import { IsIn } from 'class-validator';

/** Whom a paused dossier waits for: the applicant, the tax office, another body, or a check on the spot. */
export const PAUSE_REASONS = ['applicant', 'tax', 'other-body', 'site-check', 'other'] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** Dừng xử lý for a while (national state 8): the clock stops. */
export class DossierPausedV1 {
  @IsIn(PAUSE_REASONS)
  reason: PauseReason;
}
