/** Bản thảo được duyệt (Decree 30/2020 art. 11). Carries no data. */
export class DocumentApprovedV1 {}
