import { Matches } from 'class-validator';
import { LOCAL_DATE } from './unit-opened.v1.ts';

/** The subject unit goes out of force without a successor. */
export class UnitClosedV1 {
  /** First day on which the unit is no longer in force. */
  @Matches(LOCAL_DATE)
  from: string;
}
