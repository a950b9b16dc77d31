import { ArrayMaxSize, IsArray, IsOptional, Matches } from 'class-validator';
import { DocumentFacts } from './document-facts.ts';
import { ORGAN_CODE } from './organ-code.ts';

/** Văn bản được cập nhật (edXML business type 2): what is told of it changes; receivers that are new are added to it. */
export class DocumentUpdatedV1 extends DocumentFacts {
  /** Identifiers of the organisations that it goes to no more (edXML ReceiverType 0); one that stands in `recipients` too is removed. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @Matches(ORGAN_CODE, { each: true })
  removed?: string[];
}
