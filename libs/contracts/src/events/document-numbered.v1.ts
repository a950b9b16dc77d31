import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

/** Kind of a register (loại sổ): `cong-van`, `quyet-dinh`. */
export const REGISTER_KIND = /^[a-z0-9]+(-[a-z0-9]+){0,7}$/;

/**
 * Văn bản đi được cấp số (Decree 30/2020 art. 15). With `register` and no `number`, the next number of the unit's outgoing register of that kind and year is allotted here; with
 * `number`, the unit keeps its register itself.
 */
export class DocumentNumberedV1 {
  @IsOptional()
  @Matches(REGISTER_KIND)
  register?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(9_999_999)
  number?: number;
}
