import { IsIn, IsISO8601, IsOptional, IsString, Length } from 'class-validator';

/** What falls due: a step, the whole work dossier, or the apology slip (at latest a day before the term ends, Decree 61/2018 art. 19.9). */
export const DEADLINES = ['step', 'work-dossier', 'apology'] as const;
export type DeadlineOf = (typeof DEADLINES)[number];

/** A deadline of the work dossier that is the event's subject. */
export class DeadlineFacts {
  @IsIn(DEADLINES)
  of: DeadlineOf;

  /** Name of the step, where one falls due. */
  @IsOptional()
  @IsString()
  @Length(1, 120)
  step?: string;

  @IsISO8601({ strict: true, strictSeparator: true })
  due: string;
}
