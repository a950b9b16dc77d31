import { IsInt, Max, Min } from 'class-validator';

/** Staff of a unit and how many meet the standard of their title, as of the event's `time` (goal 2). `subject` is the unit; the latest declaration holds. */
export class StaffStandardDeclaredV1 {
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  staff: number;

  /** Not more than `staff`. */
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  meeting: number;
}
