import { IsIn, IsInt, IsISO8601, IsOptional, Matches, Max, Min } from 'class-validator';

/** How a dossier came in or its result went out; national list `KenhThucHien` 1 trực tiếp, 2 trực tuyến, 3 bưu chính công ích. */
export const CHANNELS = ['counter', 'online', 'post'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Hồ sơ được tiếp nhận (Decree 61/2018 art. 17): the clock starts at the event's `time`. */
export class DossierReceivedV1 {
  @IsIn(CHANNELS)
  channel: Channel;

  /** Appointment on the receipt slip (Mẫu 01). Absent: left open. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  due?: string;

  /** Procedure code such as `1.005129`: a string, its zeros matter. */
  @IsOptional()
  @Matches(/^[0-9A-Za-z][0-9A-Za-z.-]{0,31}$/)
  procedure?: string;

  /** Online service level of the procedure when received, scheme 1–4 (Decree 43/2011 art. 3.4). Absent: not known. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(4)
  onlineLevel?: number;
}
