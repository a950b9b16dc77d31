import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { OnlineLevel } from './procedure-published.v1.ts';

/** The online service level of a procedure changed at the event's `time`. */
export class ProcedureLevelChangedV1 {
  @ValidateNested()
  @Type(() => OnlineLevel)
  level: OnlineLevel;
}
