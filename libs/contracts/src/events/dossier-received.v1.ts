import { IsIn, IsInt, IsISO8601, IsOptional, Matches, Max, Min } from 'class-validator';
import { PROCEDURE_CODE } from './procedure-published.v1.ts';
import { UNIT_ID } from './unit-opened.v1.ts';

/** How a dossier came in or its result went out; national list `KenhThucHien` 1 trực tiếp, 2 trực tuyến, 3 bưu chính công ích. */
export const CHANNELS = ['counter', 'online', 'post'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Hồ sơ được tiếp nhận (national state 2, Decree 61/2018 art. 17): the clock starts at the event's `time`. */
export class DossierReceivedV1 {
  @IsIn(CHANNELS)
  channel: Channel;

  /** Appointment on the receipt slip (Mẫu 01). Absent: left open, or worked out from the procedure's term where that is known. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  due?: string;

  /** Procedure code such as `1.005129`: a string, its zeros matter. */
  @IsOptional()
  @Matches(PROCEDURE_CODE)
  procedure?: string;

  /** Online service level of the procedure when received, scheme 1–4 (Decree 43/2011 art. 3.4). Absent: as in the catalogue. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(4)
  onlineLevel?: number;

  /**
   * Internal id of the unit that has to settle it, where that is not the unit that took it in: a dossier of the land registry branch
   * comes in at the city's one-stop and belongs to the province. Figures count the dossier for this unit.
   */
  @IsOptional()
  @Matches(UNIT_ID)
  responsible?: string;
}
