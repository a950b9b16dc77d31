/** Văn bản được lưu (Decree 30/2020 art. 19). Carries no data. */
export class DocumentFiledV1 {}
