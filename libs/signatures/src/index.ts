import { type SignatureFormat } from '@par/contracts';
import { type Looked } from './reading.ts';
import { type Trust } from './trust.ts';
import { type MarkCheck } from './xml-guard.ts';

export { type FileFault, type Looked, type NotReadable, type SignatureFinding, type SignatureReading } from './reading.ts';
export { SIGNATURE_REASONS, type SignatureReason } from './reasons.ts';
export { readRevocationLists, readTrustList, type Trust } from './trust.ts';

/**
 * Verifies every signature of a file. Nothing is fetched from anywhere. Hostile bytes give a verdict or a fault, never an error.
 * What reads certificates and builds trees is loaded at the first call, not at the start of a service.
 */
export async function verifySignatures(
  format: SignatureFormat,
  file: Buffer,
  trust: Trust,
  now: Date,
  isMarked: MarkCheck,
): Promise<Looked> {
  if (format === 'pdf') return (await import('./verify-pdf.ts')).verifyPdf(file, trust, now);
  return (await import('./verify-xml.ts')).verifyXml(file, trust, now, isMarked);
}
