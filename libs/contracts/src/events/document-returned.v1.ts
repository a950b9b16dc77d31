/** Bản thảo bị trả lại để chỉnh sửa: back to the drafter. Carries no data. */
export class DocumentReturnedV1 {}
