import { ArrayMaxSize, ArrayMinSize, IsArray, Matches } from 'class-validator';
import { LOCAL_DATE, UNIT_ID } from './unit-opened.v1.ts';

/** The subject unit goes out of force and its parts go to several units: there is no single successor. */
export class UnitSplitV1 {
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(20)
  @Matches(UNIT_ID, { each: true })
  into: string[];

  /** First day on which the unit is no longer in force. */
  @Matches(LOCAL_DATE)
  from: string;
}
