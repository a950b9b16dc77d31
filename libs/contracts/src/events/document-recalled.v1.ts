import { Matches } from 'class-validator';
import { ORGAN_CODE } from './organ-code.ts';

/** Văn bản bị thu hồi (Decree 30/2020 art. 18; edXML business type 1): receivers delete it and say so. */
export class DocumentRecalledV1 {
  @Matches(ORGAN_CODE)
  issuer: string;
}
