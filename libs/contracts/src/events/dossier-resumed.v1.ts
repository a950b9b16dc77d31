import { IsISO8601, IsOptional } from 'class-validator';

/** Processing goes on (national state 4): the clock runs on from where it stopped. */
export class DossierResumedV1 {
  /** The new appointment. Absent: the old one put off by the time waited. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  due?: string;
}
