import { IsIn, IsOptional, Matches } from 'class-validator';
import { DOCUMENT_ID, SHA256 } from './document-facts.ts';
import { SIGNATURE_FORMS, type SignatureForm } from './document-signed.v1.ts';

export const MEDIA = ['network', 'paper'] as const;
export type Medium = (typeof MEDIA)[number];

/** What a step is, whatever a process calls it. */
export const STEP_ACTS = [
  'assigned',
  'opinion-asked',
  'opinion-given',
  'drafted',
  'submitted',
  'approved',
  'signed',
  'numbered',
  'issued',
  'filed',
  'returned-for-rework',
  'closed',
] as const;
export type StepAct = (typeof STEP_ACTS)[number];

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

  /** Role in which they acted, as the lanes of the process call it. */
  @IsOptional()
  @Matches(/^[\p{L}\p{N}][\p{L}\p{N} .,()/_-]{0,79}$/u)
  role?: string;

  @IsOptional()
  @IsIn(STEP_ACTS)
  act?: StepAct;

  /** How it was signed, where something was. */
  @IsOptional()
  @IsIn(SIGNATURE_FORMS)
  signature?: SignatureForm;

  /** SHA-256 of the electronic file that the step made or signed, lower-case hex. */
  @IsOptional()
  @Matches(SHA256)
  file?: string;

  /** The document that the step is about. */
  @IsOptional()
  @Matches(DOCUMENT_ID)
  document?: string;
}
