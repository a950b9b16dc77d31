import { IsISO8601, IsOptional, Matches } from 'class-validator';
import { ReceiverWord } from './document-facts.ts';
import { SupportingUnits } from './supporting-units.ts';
import { UNIT_ID } from './unit-opened.v1.ts';

/** Phân công (status 04; Decree 30/2020 art. 23): the leader names who leads and who supports, and until when. */
export class DocumentAssignedV1 extends ReceiverWord {
  /** Internal id of the unit that leads (chủ trì). */
  @IsOptional()
  @Matches(UNIT_ID)
  lead?: string;

  /** Internal ids of the units that support (phối hợp). */
  @SupportingUnits()
  supporting?: string[];

  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  due?: string;
}
