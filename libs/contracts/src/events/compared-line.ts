import { IsInt, IsString, Length, Matches, Min } from 'class-validator';
import { LOCAL_DATE } from './unit-opened.v1.ts';

/** Which line of the balance sheet a service speaks of: what it counts. The unit of the line is the unit of the event. */
export class NamedLine {
  /** The service that sent the events of the line. */
  @IsString()
  @Length(1, 40)
  origin: string;

  /** Event type counted on the line. */
  @IsString()
  @Length(1, 80)
  eventType: string;

  /** Day of the line, by the UTC date of `received`. */
  @Matches(LOCAL_DATE)
  day: string;
}

/** A line that a reader and its sender compare, and how it stood on either side. */
export class ComparedLine extends NamedLine {
  /** The service that reads the events of the line, and asks. */
  @IsString()
  @Length(1, 40)
  asker: string;

  /** Revision of the sender's line that is compared; 0 where the asker never heard of one. */
  @IsInt()
  @Min(0)
  sentRevision: number;

  /** Revision of the asker's own line; comes back with the answer. */
  @IsInt()
  @Min(0)
  takenRevision: number;
}
