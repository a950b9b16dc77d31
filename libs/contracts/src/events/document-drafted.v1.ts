/** Văn bản đi được soạn thảo (Decree 30/2020 art. 10): the document comes to be. Carries no data. */
export class DocumentDraftedV1 {}
