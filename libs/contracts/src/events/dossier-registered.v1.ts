import { IsIn, IsOptional, Matches } from 'class-validator';
import { CHANNELS, type Channel } from './dossier-received.v1.ts';
import { PROCEDURE_CODE } from './procedure-published.v1.ts';

/** Mới đăng ký (national state 1): sent in by the applicant, not yet taken in. No clock runs. */
export class DossierRegisteredV1 {
  @IsIn(CHANNELS)
  channel: Channel;

  @IsOptional()
  @Matches(PROCEDURE_CODE)
  procedure?: string;
}
