import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import { PROCESS_ID } from './work-dossier-opened.v1.ts';

/** A step that the process expects now. */
export class ExpectedStep {
  /** Its name: what `work-dossier.step-taken` calls it. */
  @IsString()
  @Length(1, 120)
  step: string;

  /** Id of its element in the BPMN file. */
  @IsString()
  @Length(1, 200)
  element: string;

  @IsOptional()
  @IsString()
  @Length(1, 120)
  role?: string;

  /** Since when it could be taken. */
  @IsISO8601({ strict: true, strictSeparator: true })
  since: string;

  /** End of its allowed working time; absent where the process allows any, or the calendar has no data for that year. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  due?: string;

  /** A valid digital signature is due with it. */
  @IsBoolean()
  signature: boolean;

  /** It may be done on paper. */
  @IsBoolean()
  paper: boolean;
}

/**
 * Which steps the process of a work dossier expects next, and until when. The highest `revision` of a subject holds; no step is expected of one that is closed. For the
 * department's workflow system: published on `par.tasks`.
 */
export class StepDueV1 {
  @IsInt()
  @Min(1)
  revision: number;

  @Matches(PROCESS_ID)
  process: string;

  @IsInt()
  @Min(1)
  processVersion: number;

  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => ExpectedStep)
  steps: ExpectedStep[];

  /** Until when the whole matter has to be settled. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  due?: string;
}
