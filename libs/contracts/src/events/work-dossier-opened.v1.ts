import { IsIn, IsISO8601, IsOptional, Matches } from 'class-validator';
import { DOCUMENT_ID, URGENCIES, type Urgency } from './document-facts.ts';
import { PROCEDURE_CODE } from './procedure-published.v1.ts';
import { SupportingUnits } from './supporting-units.ts';

/** What a work dossier is about: a procedure for a citizen, a document that came in or goes out, or a matter of the office's own. */
export const WORK_DOSSIER_KINDS = ['procedure', 'incoming-document', 'outgoing-document', 'matter'] as const;
export type WorkDossierKind = (typeof WORK_DOSSIER_KINDS)[number];

/** Id of a process: that of its BPMN file. */
export const PROCESS_ID = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;

/** Mở hồ sơ công việc (Decree 30/2020 art. 29): the event's unit leads it (chủ trì). */
export class WorkDossierOpenedV1 {
  @IsIn(WORK_DOSSIER_KINDS)
  kind: WorkDossierKind;

  /** Process that it follows; absent: the one in force for its unit, procedure and kind. */
  @IsOptional()
  @Matches(PROCESS_ID)
  process?: string;

  @IsOptional()
  @Matches(PROCEDURE_CODE)
  procedure?: string;

  /** The document that it is about. */
  @IsOptional()
  @Matches(DOCUMENT_ID)
  document?: string;

  /** Internal ids of the units that support (phối hợp). */
  @SupportingUnits()
  supporting?: string[];

  /** Until when the matter has to be settled. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  due?: string;

  @IsOptional()
  @IsIn(URGENCIES)
  urgency?: Urgency;
}
