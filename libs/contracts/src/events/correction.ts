import { IsIn, IsString, Length } from 'class-validator';

/** Why an event is taken back. A closed list: free text could carry personal data. */
export const CORRECTION_REASONS = [
  'entered-by-mistake',
  'wrong-time',
  'wrong-unit',
  'wrong-subject',
  'wrong-content',
  'sent-twice',
] as const;
export type CorrectionReason = (typeof CORRECTION_REASONS)[number];

/** What every correction says: which event it takes back, and why. */
export class Correction {
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
