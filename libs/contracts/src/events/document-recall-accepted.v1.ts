import { ReceiverWord } from './document-facts.ts';

/** Đồng ý cập nhật / lấy lại (status 15): the receiver has deleted or replaced it. */
export class DocumentRecallAcceptedV1 extends ReceiverWord {}
