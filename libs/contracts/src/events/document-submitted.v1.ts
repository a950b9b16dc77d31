/** Văn bản được trình ký. Carries no data. */
export class DocumentSubmittedV1 {}
