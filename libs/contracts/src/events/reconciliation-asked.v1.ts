import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsString, Length, Matches, Min, ValidateNested } from 'class-validator';
import { ComparedLine } from './compared-line.ts';

/** Ranges in one question; 16 ranges split once more. */
export const MOST_RANGES = 256;
/** Identities in one message. */
export const MOST_NAMED = 500;

/** The events of a line whose identity hash (16 hex digits) begins with `prefix`, as one side has them. */
export class RangeDigest {
  /** 0 to 16 lower-case hex digits; the empty prefix is the whole line. */
  @Matches(/^[0-9a-f]{0,16}$/)
  prefix: string;

  @IsInt()
  @Min(0)
  count: number;

  /** XOR of the identity hashes, 16 lower-case hex digits. */
  @Matches(/^[0-9a-f]{16}$/)
  hash: string;
}

/** Identity of one event of the line. */
export class NamedEvent {
  @IsString()
  @Length(1, 200)
  source: string;

  @IsString()
  @Length(1, 200)
  id: string;
}

/**
 * A reader asks the sender of a line of the balance sheet where the two differ: it tells its own digests of some ranges, and names the
 * events that it knows to lack, which the sender publishes again. Control traffic: it stands on no balance sheet.
 */
export class ReconciliationAskedV1 extends ComparedLine {
  /** What the asker has in each range. */
  @IsArray()
  @ArrayMaxSize(MOST_RANGES)
  @ValidateNested({ each: true })
  @Type(() => RangeDigest)
  ranges: RangeDigest[];

  /** What the asker lacks: to be published again. */
  @IsArray()
  @ArrayMaxSize(MOST_NAMED)
  @ValidateNested({ each: true })
  @Type(() => NamedEvent)
  wanted: NamedEvent[];
}
