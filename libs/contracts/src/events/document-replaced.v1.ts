import { Matches } from 'class-validator';
import { DOCUMENT_ID } from './document-facts.ts';
import { ORGAN_CODE } from './organ-code.ts';

/** Văn bản bị thay thế (edXML business type 3): another document takes the place of this one. */
export class DocumentReplacedV1 {
  @Matches(ORGAN_CODE)
  issuer: string;

  /** Identity of the document that holds from now on. */
  @Matches(DOCUMENT_ID)
  by: string;
}
