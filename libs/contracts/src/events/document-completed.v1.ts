import { ReceiverWord } from './document-facts.ts';

/** Hoàn thành (status 06): the receiver has done what the document asked. */
export class DocumentCompletedV1 extends ReceiverWord {}
