import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { LOCAL_DATE } from './unit-opened.v1.ts';

/** The same unit under a new name from a day on. */
export class UnitRenamedV1 {
  @IsString()
  @Length(1, 120)
  name: string;

  @IsOptional()
  @IsString()
  @Length(1, 120)
  nameEn?: string;

  /** First day of the new name. */
  @Matches(LOCAL_DATE)
  from: string;
}
