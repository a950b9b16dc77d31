import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { ReceiverWord } from './document-facts.ts';
import { REGISTER_KIND } from './document-numbered.v1.ts';

/**
 * Đã tiếp nhận, vào sổ (status 03; Decree 30/2020 art. 22). With `register` and no `number`, the next number of the unit's incoming register (số đến) of that kind and year is allotted here;
 * with `number`, the unit keeps its register itself.
 */
export class DocumentRegisteredV1 extends ReceiverWord {
  @IsOptional()
  @Matches(REGISTER_KIND)
  register?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(9_999_999)
  number?: number;
}
