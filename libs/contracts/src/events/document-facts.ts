import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { ORGAN_CODE } from './organ-code.ts';
import { LOCAL_DATE } from './unit-opened.v1.ts';

/** Identity of a document as its issuer gives it: a GUID, or organisation, date and code joined by commas. */
export const DOCUMENT_ID = /^[\p{L}\p{N}][\p{L}\p{N} .,:;/()_-]{0,119}$/u;
export const SHA256 = /^[0-9a-f]{64}$/;

/** Urgency (mức độ khẩn): thường, khẩn, thượng khẩn, hỏa tốc, hỏa tốc hẹn giờ; edXML Priority 0–4. */
export const URGENCIES = ['normal', 'urgent', 'very-urgent', 'express', 'express-at-hour'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** Who may read a file. State secrets have no class here: they are refused at the edge. */
export const CONFIDENTIALITIES = ['public', 'internal', 'restricted'] as const;
export type Confidentiality = (typeof CONFIDENTIALITIES)[number];

/** A file, which itself stays in the department's store. */
export class FileFacts {
  @IsString()
  @Length(1, 200)
  name: string;

  @Matches(/^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}$/)
  mediaType: string;

  @IsInt()
  @Min(0)
  @Max(52_428_800)
  bytes: number;

  /** Lower-case hex. */
  @Matches(SHA256)
  sha256: string;

  @IsOptional()
  @IsIn(CONFIDENTIALITIES)
  confidentiality?: Confidentiality;

  /** Years that it has to be kept (thời hạn bảo quản); 100 for ever. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  retentionYears?: number;
}

/** What is told of an e-document: never its subject line, its text or the name of a person. */
export class DocumentFacts {
  /** Identifier of the organisation that issued it. */
  @Matches(ORGAN_CODE)
  issuer: string;

  /** Number and notation as printed: `7816/VPCP-TTĐT`. */
  @IsOptional()
  @Matches(/^[\p{L}\p{N}][\p{L}\p{N} ./()_-]{0,63}$/u)
  code?: string;

  /** Local date `YYYY-MM-DD`. */
  @IsOptional()
  @Matches(LOCAL_DATE)
  promulgatedOn?: string;

  /** What it is called, as `Công văn`. */
  @IsOptional()
  @Matches(/^[\p{L}][\p{L} -]{0,63}$/u)
  documentType?: string;

  @IsOptional()
  @IsIn(URGENCIES)
  urgency?: Urgency;

  /** Until when its receivers have to act. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  due?: string;

  /** Identifiers of the organisations that it goes to. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @Matches(ORGAN_CODE, { each: true })
  recipients: string[];

  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => FileFacts)
  files: FileFacts[];
}

/** What one receiver says of a document. */
export class ReceiverWord {
  /** Identifier of the organisation that speaks. */
  @Matches(ORGAN_CODE)
  recipient: string;
}
