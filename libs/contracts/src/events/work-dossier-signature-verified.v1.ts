import { IsIn, IsISO8601, IsOptional, Matches } from 'class-validator';
import { SHA256 } from './document-facts.ts';

export const SIGNATURE_FORMATS = ['pdf', 'xml'] as const;
export type SignatureFormat = (typeof SIGNATURE_FORMATS)[number];

/** `valid`: every signature holds and its signer is trusted. `unsigned`: the file carries none. */
export const SIGNATURE_VERDICTS = ['valid', 'invalid', 'unsigned'] as const;
export type SignatureVerdict = (typeof SIGNATURE_VERDICTS)[number];

/** What the revocation lists said of the signer's certificate; `unknown` where none could be asked. */
export const REVOCATIONS = ['good', 'revoked', 'unknown'] as const;
export type Revocation = (typeof REVOCATIONS)[number];

/** edocument-workflow looked at the signatures of a file of a work dossier. The file itself is not kept. */
export class WorkDossierSignatureVerifiedV1 {
  /** SHA-256 of the file, lower-case hex. */
  @Matches(SHA256)
  file: string;

  @IsIn(SIGNATURE_FORMATS)
  format: SignatureFormat;

  @IsIn(SIGNATURE_VERDICTS)
  verdict: SignatureVerdict;

  /** Why it is invalid: `signature.changed-after`, `signature.untrusted` … */
  @IsOptional()
  @Matches(/^signature\.[a-z-]{1,40}$/)
  reason?: string;

  /** Serial number of the signer's certificate, lower-case hex. */
  @IsOptional()
  @Matches(/^[0-9a-f]{1,64}$/)
  certificate?: string;

  /** When it says that it was signed. */
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  signedAt?: string;

  @IsIn(REVOCATIONS)
  revocation: Revocation;
}
