import { IsIn, IsISO8601 } from 'class-validator';

/** Why a result will be late. A closed list: free text could carry personal data. */
export const EXTENSION_REASONS = ['workload', 'site-check', 'other-body', 'system', 'force-majeure', 'other'] as const;
export type ExtensionReason = (typeof EXTENSION_REASONS)[number];

/** Xin lỗi và hẹn lại (Mẫu 04, Decree 61/2018 art. 19.9): apology with a new date, at most once, at latest a day before the term ends. */
export class DossierExtendedV1 {
  /** The new appointment. */
  @IsISO8601({ strict: true, strictSeparator: true })
  due: string;

  @IsIn(EXTENSION_REASONS)
  reason: ExtensionReason;
}
