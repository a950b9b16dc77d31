import { ReceiverWord } from './document-facts.ts';

/** Từ chối cập nhật / lấy lại (status 16): the receiver keeps it as it is. */
export class DocumentRecallRefusedV1 extends ReceiverWord {}
