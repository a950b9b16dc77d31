import { DocumentFacts } from './document-facts.ts';

/** Văn bản được phát hành (Decree 30/2020 art. 16; edXML business type 0): it goes out to its receivers. */
export class DocumentIssuedV1 extends DocumentFacts {}
