import { judgeCertificate, serialOf } from './certificates.ts';
import { type CmsSignature } from './cms.ts';
import { type SignatureFinding } from './reading.ts';
import { type SignatureReason } from './reasons.ts';
import { type Trust } from './trust.ts';

/** Clocks of signers may be so far ahead of ours. */
const CLOCK_SKEW_MS = 300_000;

export interface SignerQuestion extends Pick<CmsSignature, 'certificate' | 'others' | 'lists'> {
  /** What is wrong with the signature itself. */
  fault?: SignatureReason;
  claimedAt?: Date;
  /** What a trusted time stamp says. */
  provenAt?: Date;
}

/** The finding on one signature: its own fault first, then who made it. A signature without any time is judged as of now. */
export async function judgeSigner(question: SignerQuestion, trust: Trust, now: Date): Promise<SignatureFinding> {
  const { certificate, others, lists, fault, claimedAt, provenAt } = question;
  const signedAt = provenAt ?? claimedAt;
  const finding = {
    certificate: serialOf(certificate),
    ...(signedAt === undefined ? {} : { signedAt: signedAt.toISOString() }),
    timeProven: provenAt !== undefined,
  };
  if (fault !== undefined) return { reason: fault, ...finding, revocation: 'unknown' };
  if (signedAt !== undefined && signedAt.getTime() > now.getTime() + CLOCK_SKEW_MS)
    return { reason: 'signature.time-in-future', ...finding, revocation: 'unknown' };
  const proven = provenAt !== undefined;
  const answer = await judgeCertificate({ certificate, others, lists, use: 'signing', at: signedAt ?? now, proven, now, trust });
  return { ...(answer.reason === undefined ? {} : { reason: answer.reason }), ...finding, revocation: answer.revocation };
}
