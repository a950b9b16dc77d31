import { IsIn, IsOptional } from 'class-validator';
import { ReceiverWord } from './document-facts.ts';

/** Why a receiver takes no document. A closed list: free text could carry personal data. */
export const DOCUMENT_REFUSALS = ['not-ours', 'broken-file', 'bad-signature', 'wrong-form', 'other'] as const;
export type DocumentRefusal = (typeof DOCUMENT_REFUSALS)[number];

/** Từ chối tiếp nhận (status 02; Decree 30/2020 art. 21): it goes back to its sender. */
export class DocumentRefusedV1 extends ReceiverWord {
  @IsOptional()
  @IsIn(DOCUMENT_REFUSALS)
  reason?: DocumentRefusal;
}
