import { IsInt, Matches, Max, Min } from 'class-validator';

/** The PAR index score of a unit for a year is published (goals 9 and 10). `subject` is the unit; of one year the latest publication holds. */
export class AssessmentPublishedV1 {
  /** Year that the score is for. */
  @IsInt()
  @Min(2000)
  @Max(2100)
  year: number;

  /** The set of criteria, such as `qd-1963-2021`. */
  @Matches(/^[a-z0-9][a-z0-9-]{0,31}$/)
  framework: string;

  /** Points awarded, in thousandths: 84.186 is 84186. */
  @IsInt()
  @Min(0)
  @Max(10_000_000)
  awarded: number;

  /** Points that the unit's criteria could give, in thousandths; criteria that are not a unit's task are left out. */
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  applicable: number;
}
