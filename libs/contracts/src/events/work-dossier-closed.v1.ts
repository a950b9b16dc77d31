import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsOptional, Min } from 'class-validator';

/** Why a closed work dossier does not count as processed online. */
export const NOT_ONLINE_REASONS = ['paper-step', 'no-step-recorded'] as const;
export type NotOnlineReason = (typeof NOT_ONLINE_REASONS)[number];

/**
 * The judgement "processed online or not" that edocument-workflow makes when a work dossier closes, and again whenever a late
 * step or a correction changes it. The highest `revision` of a subject is the one that holds; readers fold, they do not patch.
 */
export class WorkDossierClosedV1 {
  /** 1, 2, 3 … per work dossier. */
  @IsInt()
  @Min(1)
  revision: number;

  /** `open` again where the completion was taken back. */
  @IsIn(['closed', 'open'])
  state: 'closed' | 'open';

  /** When the matter was settled; absent while open. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  completedAt?: string;

  @IsBoolean()
  processedOnline: boolean;

  @IsArray()
  @ArrayMaxSize(2)
  @IsIn(NOT_ONLINE_REASONS, { each: true })
  reasons: NotOnlineReason[];

  @IsInt()
  @Min(0)
  steps: number;

  @IsInt()
  @Min(0)
  paperSteps: number;
}
