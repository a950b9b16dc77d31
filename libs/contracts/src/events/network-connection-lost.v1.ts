import { IsIn } from 'class-validator';

export const CONNECTION_LOSS_REASONS = ['withdrawn', 'moved', 'unit-dissolved', 'contract-ended'] as const;
export type ConnectionLossReason = (typeof CONNECTION_LOSS_REASONS)[number];

/** The acceptance of the subject unit's connection ends at the event's `time`; a short outage is not a loss. */
export class NetworkConnectionLostV1 {
  @IsIn(CONNECTION_LOSS_REASONS)
  reason: ConnectionLossReason;
}
