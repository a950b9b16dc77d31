import { ReceiverWord } from './document-facts.ts';

/** Lấy lại (status 13): the sender asks a receiver to give the document back. */
export class DocumentRecallRequestedV1 extends ReceiverWord {}
