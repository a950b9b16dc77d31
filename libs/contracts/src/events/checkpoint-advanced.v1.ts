import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Min } from 'class-validator';
import { NamedLine } from './compared-line.ts';

/**
 * One line of a service's balance sheet: how many events of a type it sent out or took in for a unit and day, with an
 * order-independent hash (XOR of the first 8 bytes of SHA-256 over `source`, NUL, `id`) of their identities.
 */
export class CheckpointAdvancedV1 extends NamedLine {
  /** The service whose sheet this is. */
  @IsString()
  @Length(1, 40)
  service: string;

  /** `out`: given to the broker's exchange; `in`: taken in for the first time. */
  @IsIn(['out', 'in'])
  direction: 'out' | 'in';

  @IsInt()
  @Min(0)
  count: number;

  /** 64-bit hash, 16 lower-case hex digits. */
  @Matches(/^[0-9a-f]{16}$/)
  hash: string;

  @IsInt()
  @Min(1)
  revision: number;

  /** Of an `in` line: events of it that were given up as dead letters; absent where there is none. */
  @IsOptional()
  @IsInt()
  @Min(1)
  dead?: number;

  /** Of an `in` line: events that were lost on the way, asked for and came once more. */
  @IsOptional()
  @IsInt()
  @Min(1)
  healed?: number;

  /** Of an `in` line: events taken in that their sender does not know. */
  @IsOptional()
  @IsInt()
  @Min(1)
  surplus?: number;
}
