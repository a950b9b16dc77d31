import { IsIn, IsOptional, Matches } from 'class-validator';

export const MEDIA = ['network', 'paper'] as const;
export type Medium = (typeof MEDIA)[number];

/** A step of a work dossier (hồ sơ công việc) was taken, on the network or on paper. */
export class WorkDossierStepTakenV1 {
  /** Label of the step in the process, such as `T05 Print and send confirmation of receipt`; never a person's name. */
  @Matches(/^[\p{L}\p{N}][\p{L}\p{N} .,:;()/_-]{0,119}$/u)
  step: string;

  @IsIn(MEDIA)
  medium: Medium;

  /** Internal id of who acted; never a name. */
  @IsOptional()
  @Matches(/^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$/)
  actor?: string;
}
