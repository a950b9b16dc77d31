import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { DocumentFacts, ReceiverWord } from './document-facts.ts';

/** Văn bản đã đến (status 01): the receiver's software has it, the clerk has not acted. */
export class DocumentArrivedV1 extends ReceiverWord {
  /** What came; absent where only the status is told. */
  @IsOptional()
  @ValidateNested()
  @Type(() => DocumentFacts)
  document?: DocumentFacts;
}
