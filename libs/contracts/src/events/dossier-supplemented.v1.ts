import { IsISO8601, IsOptional } from 'class-validator';

/** The full dossier came back: the term starts again from zero (Decree 61/2018 art. 19.4). */
export class DossierSupplementedV1 {
  /** The new appointment. Absent: worked out from the procedure's term, else the old one put off by the time waited. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  due?: string;
}
