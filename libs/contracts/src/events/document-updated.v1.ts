import { DocumentFacts } from './document-facts.ts';

/** Văn bản được cập nhật (edXML business type 2): what is told of it changes; receivers that are new are added to it. */
export class DocumentUpdatedV1 extends DocumentFacts {}
