import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { CHANNELS, type Channel } from './dossier-received.v1.ts';

/** Đã trả kết quả (national state 10). */
export class DossierReturnedV1 {
  /** How the result went out. Absent: not known, so not counted as returned online. */
  @IsOptional()
  @IsIn(CHANNELS)
  channel?: Channel;

  /** Whether there is an electronic result (Decision 766, 3.3 and 4.1). Absent: not known. */
  @IsOptional()
  @IsBoolean()
  electronic?: boolean;
}
