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
