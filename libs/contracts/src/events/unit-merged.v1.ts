import { Matches } from 'class-validator';
import { LOCAL_DATE, UNIT_ID } from './unit-opened.v1.ts';

/** The subject unit goes out of force and all of it becomes part of `into`. */
export class UnitMergedV1 {
  @Matches(UNIT_ID)
  into: string;

  /** First day on which the unit is no longer in force. */
  @Matches(LOCAL_DATE)
  from: string;
}
