import 'reflect-metadata';
import { IsInt, IsISO8601, IsOptional, IsString, Length, Min, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';

export class LastEvent {
  @IsString()
  @Length(1, 200)
  source: string;

  @IsString()
  @Length(1, 200)
  id: string;

  @IsISO8601({ strict: true, strictSeparator: true })
  time: string;
}

/**
 * A counter of one leaf unit changed. Integers only: a percentage is never stored nor sent.
 * The highest `revision` of a figure holds; a gap in revisions is a missed message.
 */
export class FigureChangedV1 {
  @IsString()
  @Length(1, 40)
  indicator: string;

  @IsString()
  @Length(1, 40)
  rule: string;

  @IsInt()
  @Min(1)
  ruleVersion: number;

  /** Month `YYYY-MM` in the city's zone; for a figure that is a state and not a count `now`, or a year `YYYY` that is over, as it stood at its end. */
  @IsString()
  @Length(1, 10)
  period: string;

  @IsInt()
  @Min(0)
  numerator: number;

  @IsInt()
  @Min(0)
  denominator: number;

  @IsInt()
  @Min(1)
  revision: number;

  /** The event that was counted last; absent where only the clock moved the figure. */
  @IsOptional()
  @ValidateNested()
  @Type(() => LastEvent)
  lastEvent?: LastEvent;
}
