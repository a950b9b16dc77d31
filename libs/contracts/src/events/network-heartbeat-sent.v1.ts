import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';

export const LINK_STATES = ['up', 'down'] as const;
export type LinkState = (typeof LINK_STATES)[number];

/** What a unit's monitoring says of it at the event's `time`: link, software, clock. It proves life, not a connection (goal 6c counts acceptances). */
export class NetworkHeartbeatSentV1 {
  /** Whether the dedicated network is up at the unit. */
  @IsIn(LINK_STATES)
  link: LinkState;

  /** Whether the unit's one-stop or workflow software answers. */
  @IsIn(LINK_STATES)
  software: LinkState;

  /** Clock of the unit minus reference time, milliseconds. Absent: not measured. */
  @IsOptional()
  @IsInt()
  @Min(-1_000_000_000)
  @Max(1_000_000_000)
  clockOffsetMs?: number;
}
