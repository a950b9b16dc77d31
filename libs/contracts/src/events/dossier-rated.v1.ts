import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, Matches, ValidateNested } from 'class-validator';

/** Rất hài lòng · Hài lòng · Chưa hài lòng (Circular 32/2017 art. 12). A blank answer is left out of the list. */
export const GRADES = ['very-satisfied', 'satisfied', 'not-satisfied'] as const;
export type Grade = (typeof GRADES)[number];

export class RatedAnswer {
  /** Code of the question in the question set, such as `q1`. */
  @Matches(/^[a-z0-9][a-z0-9-]{0,31}$/)
  question: string;

  @IsIn(GRADES)
  grade: Grade;
}

/** The applicant's answers about how this dossier was handled. */
export class DossierRatedV1 {
  /** Which question set was asked. */
  @Matches(/^[a-z0-9][a-z0-9-]{0,31}$/)
  questionSet: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(30)
  @ValidateNested({ each: true })
  @Type(() => RatedAnswer)
  answers: RatedAnswer[];
}
