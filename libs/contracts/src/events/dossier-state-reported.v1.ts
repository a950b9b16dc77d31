import { IsISO8601, IsOptional, Matches } from 'class-validator';

/**
 * A source that knows nothing but the national list `TrangThaiHoSo` says which state a dossier came to at the event's `time`. Codes 1 to 10
 * mean the event of that state; any other code is kept as it is and shown as a finding.
 */
export class DossierStateReportedV1 {
  /** The code as the source has it. */
  @Matches(/^[0-9A-Za-z]{1,8}$/)
  code: string;

  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  due?: string;
}
