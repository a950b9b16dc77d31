import { ReceiverWord } from './document-facts.ts';

/** Đang xử lý (status 05). */
export class DocumentInProcessV1 extends ReceiverWord {}
