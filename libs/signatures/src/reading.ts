import { type Revocation, type SignatureFormat, type SignatureVerdict } from '@par/contracts';
import { type SignatureReason } from './reasons.ts';

/** What is found of one signature in a file. */
export interface SignatureFinding {
  /** The first thing that is wrong with it; absent where it holds and its signer is trusted. */
  reason?: SignatureReason;
  /** Serial number of the signer's certificate, lower-case hex. */
  certificate?: string;
  /** ISO instant at which it was made: proven by a time stamp, or as its signer says. */
  signedAt?: string;
  /** Whether a trusted time stamp says that it existed at `signedAt`. */
  timeProven: boolean;
  revocation: Revocation;
}

/** The verdict on a file: `valid` where every signature holds, `unsigned` where there is none. */
export interface SignatureReading {
  format: SignatureFormat;
  verdict: SignatureVerdict;
  reason?: SignatureReason;
  certificate?: string;
  signedAt?: string;
  revocation: Revocation;
  /** Every signature in the order in which they were made, time stamps of the whole document left out. */
  signatures: SignatureFinding[];
}

/** A file of which no verdict can be given at all. */
export interface NotReadable {
  code: FileFault;
  /** Where in an XML file, from 1. */
  line?: number;
}

export type FileFault = 'file.not-a-pdf' | 'file.not-xml' | 'file.too-many-elements' | 'file.secrecy-mark';
export type Looked = { ok: true; reading: SignatureReading } | ({ ok: false } & NotReadable);

/** Sums the findings up: the first that fails speaks for the file, else the last, which covers all. */
export function readingOf(format: SignatureFormat, signatures: SignatureFinding[]): SignatureReading {
  const speaker = signatures.find(({ reason }) => reason !== undefined) ?? signatures.at(-1);
  if (!speaker) return { format, verdict: 'unsigned', revocation: 'unknown', signatures };
  const { reason, certificate, signedAt } = speaker;
  return {
    format,
    verdict: reason === undefined ? 'valid' : 'invalid',
    ...(reason === undefined ? {} : { reason }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(signedAt === undefined ? {} : { signedAt }),
    revocation: worstOf(signatures.map(({ revocation }) => revocation)),
    signatures,
  };
}

function worstOf(revocations: readonly Revocation[]): Revocation {
  if (revocations.includes('revoked')) return 'revoked';
  return revocations.includes('unknown') ? 'unknown' : 'good';
}
