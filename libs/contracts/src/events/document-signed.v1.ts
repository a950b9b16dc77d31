import { IsIn, IsOptional, Matches } from 'class-validator';
import { SHA256 } from './document-facts.ts';

/** Who signs: the person in charge (Decree 30/2020 art. 13), then the organisation. */
export const SIGNERS = ['person', 'organisation'] as const;
export type Signer = (typeof SIGNERS)[number];

/** How something was signed: ký số, or by hand on paper. */
export const SIGNATURE_FORMS = ['digital', 'wet'] as const;
export type SignatureForm = (typeof SIGNATURE_FORMS)[number];

/** Văn bản được ký: by the person in charge first, then by the organisation. */
export class DocumentSignedV1 {
  @IsIn(SIGNERS)
  by: Signer;

  @IsIn(SIGNATURE_FORMS)
  signature: SignatureForm;

  /** SHA-256 of the signed file, lower-case hex. */
  @IsOptional()
  @Matches(SHA256)
  file?: string;
}
