import { IsOptional, Matches } from 'class-validator';

/** The subject unit's connection to the dedicated network (Mạng TSLCD) is accepted from the event's `time` on. */
export class NetworkConnectionAcceptedV1 {
  /** Number of the acceptance record (biên bản nghiệm thu). */
  @IsOptional()
  @Matches(/^[0-9A-Za-z][0-9A-Za-z./-]{0,63}$/)
  record?: string;
}
