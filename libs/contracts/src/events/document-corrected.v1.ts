import { IsIn, IsString, Length } from 'class-validator';
import { CORRECTION_REASONS, type CorrectionReason } from './correction.ts';

/**
 * Takes back an earlier event of the same subject by its identity; the right version, if any, is posted as an event of its own.
 * Nothing is edited in place, and order does not matter: a correction may arrive before what it corrects.
 */
export class DocumentCorrectedV1 {
  /** `source` of the event taken back. */
  @IsString()
  @Length(1, 200)
  source: string;

  /** `id` of the event taken back. */
  @IsString()
  @Length(1, 200)
  id: string;

  @IsIn(CORRECTION_REASONS)
  reason: CorrectionReason;
}
