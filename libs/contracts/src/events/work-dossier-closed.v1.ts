import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, IsISO8601, IsOptional, Matches, Min, ValidateNested } from 'class-validator';
import { PROCESS_ID } from './work-dossier-opened.v1.ts';

/** Why a closed work dossier does not count as processed online. */
export const NOT_ONLINE_REASONS = [
  'paper-step',
  'no-step-recorded',
  'declared-paper',
  'wet-signature',
  'signature-invalid',
  'signature-missing',
  'signature-unverified',
  'no-electronic-file',
] as const;
export type NotOnlineReason = (typeof NOT_ONLINE_REASONS)[number];

/** How the steps of a work dossier went beside its process: counts of what parted from it. */
export class TraceConformance {
  @Matches(PROCESS_ID)
  process: string;

  /** Version of the process that it began with. */
  @IsInt()
  @Min(1)
  processVersion: number;

  /** Steps taken as the process says. */
  @IsInt()
  @Min(0)
  conforming: number;

  @IsInt()
  @Min(0)
  skipped: number;

  @IsInt()
  @Min(0)
  outOfOrder: number;

  @IsInt()
  @Min(0)
  repeated: number;

  @IsInt()
  @Min(0)
  unknown: number;

  @IsInt()
  @Min(0)
  wrongRole: number;

  @IsInt()
  @Min(0)
  overTime: number;
}

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
  @ArrayMaxSize(8)
  @IsIn(NOT_ONLINE_REASONS, { each: true })
  reasons: NotOnlineReason[];

  @IsInt()
  @Min(0)
  steps: number;

  @IsInt()
  @Min(0)
  paperSteps: number;

  /** Absent where no process was in force for it. */
  @IsOptional()
  @ValidateNested()
  @Type(() => TraceConformance)
  conformance?: TraceConformance;
}
