import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { Term } from './procedure-published.v1.ts';

/** The time limit of a procedure is shortened from the event's `time` on (goal 1). */
export class ProcedureTermCutV1 {
  /** The new time limit. */
  @ValidateNested()
  @Type(() => Term)
  term: Term;
}
