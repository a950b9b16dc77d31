import { IsIn, IsString, Length } from 'class-validator';
import { CORRECTION_REASONS, type CorrectionReason } from './correction.ts';

/** Takes back an earlier event about a declared record (inspection, function review, survey, assessment) by its identity; `subject` is that event's subject. Order does not matter. */
export class DeclarationCorrectedV1 {
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
