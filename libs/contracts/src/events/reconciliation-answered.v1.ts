import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, Matches, ValidateNested } from 'class-validator';
import { ComparedLine } from './compared-line.ts';
import { MOST_NAMED, MOST_RANGES, NamedEvent } from './reconciliation-asked.v1.ts';

/** All events of the line that the sender has in a range. */
export class HeldRange {
  @Matches(/^[0-9a-f]{0,16}$/)
  prefix: string;

  @IsArray()
  @ArrayMaxSize(MOST_NAMED)
  @ValidateNested({ each: true })
  @Type(() => NamedEvent)
  identities: NamedEvent[];
}

/**
 * The sender's answer to `reconciliation.asked`: of the ranges asked about, those that differ. A range with few events on both sides comes
 * with their identities; a larger one is to be asked about again in sixteen parts. Control traffic: it stands on no balance sheet.
 */
export class ReconciliationAnsweredV1 extends ComparedLine {
  /** Prefixes of the ranges that differ and are too large to be named. */
  @IsArray()
  @ArrayMaxSize(MOST_RANGES)
  @Matches(/^[0-9a-f]{0,15}$/, { each: true })
  differing: string[];

  @IsArray()
  @ArrayMaxSize(MOST_RANGES)
  @ValidateNested({ each: true })
  @Type(() => HeldRange)
  held: HeldRange[];
}
