import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, Matches, Max, Min, ValidateNested } from 'class-validator';

/**
 * What the answers of a question say. `satisfaction`: rất hài lòng, hài lòng, không hài lòng. `other`: another scale of three, such as "đúng hẹn, chậm
 * hẹn nhưng chấp nhận được, không đúng hẹn", whose middle answer is no satisfaction.
 */
export const ANSWER_SCALES = ['satisfaction', 'other'] as const;
export type AnswerScale = (typeof ANSWER_SCALES)[number];

export class SurveyQuestion {
  @Matches(/^[a-z0-9][a-z0-9-]{0,31}$/)
  question: string;

  @IsIn(ANSWER_SCALES)
  scale: AnswerScale;

  @IsInt()
  @Min(0)
  @Max(10_000_000)
  best: number;

  @IsInt()
  @Min(0)
  @Max(10_000_000)
  middle: number;

  @IsInt()
  @Min(0)
  @Max(10_000_000)
  worst: number;
}

/** Result of a survey on paper or in another system, as counts per question (goal 4d); counted in the month of the event's `time`. `subject` is the survey's own id. */
export class SurveyDeclaredV1 {
  /** Forms given out. */
  @IsInt()
  @Min(0)
  @Max(10_000_000)
  issued: number;

  /** Forms that came back. A question with more answers than forms is a finding. */
  @IsInt()
  @Min(0)
  @Max(10_000_000)
  collected: number;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => SurveyQuestion)
  questions: SurveyQuestion[];
}
