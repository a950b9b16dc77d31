import { createHash, timingSafeEqual } from 'node:crypto';
import { DOMParser } from '@xmldom/xmldom';
import { Certificate } from 'pkijs';
import { canonical } from './canonical-form.ts';
import { derOf, isWeakKey, publicKeyOf } from './certificates.ts';
import { judgeSigner } from './judge-signer.ts';
import { type Looked, readingOf, type SignatureFinding } from './reading.ts';
import { type SignatureReason } from './reasons.ts';
import { type Trust } from './trust.ts';
import { isMadeWith } from './xml-algorithms.ts';
import { type MarkCheck, xmlFault } from './xml-guard.ts';
import { hasMisnamedSignature, readXmlSignature, signatureElements, type XmlSignature } from './xml-signature.ts';

/** More signatures than these are no signatures of people. */
const MOST_SIGNATURES = 16;
const MOST_CERTIFICATES = 20;

const MALFORMED: SignatureFinding = { reason: 'signature.malformed', timeProven: false, revocation: 'unknown' };

/**
 * Verifies the enveloped signatures of an XML file (XML-DSig core 1.1, with the properties of XAdES where they are signed): each over the whole document but for itself.
 * @param isMarked tells secrecy marks; a file with one is not looked at any further
 */
export async function verifyXml(file: Buffer, trust: Trust, now: Date, isMarked: MarkCheck): Promise<Looked> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    return { ok: false, code: 'file.not-xml' };
  }
  const fault = await xmlFault(text, isMarked);
  if (fault) return { ok: false, ...fault };
  // Most files without one need no tree.
  if (!text.includes('Signature')) return { ok: true, reading: readingOf('xml', []) };
  let document: Document;
  try {
    document = new DOMParser({ errorHandler: throwing }).parseFromString(text, 'text/xml');
  } catch {
    return { ok: false, code: 'file.not-xml' };
  }
  const elements = signatureElements(document);
  if (elements.length === 0) return { ok: true, reading: readingOf('xml', hasMisnamedSignature(document) ? [MALFORMED] : []) };
  if (elements.length > MOST_SIGNATURES) return { ok: true, reading: readingOf('xml', [MALFORMED]) };
  const findings: SignatureFinding[] = [];
  for (const element of elements) findings.push(await judge(element, trust, now));
  return { ok: true, reading: readingOf('xml', findings) };
}

const throwing = {
  warning: (): void => undefined,
  error: (message: string): never => {
    throw new Error(message);
  },
  fatalError: (message: string): never => {
    throw new Error(message);
  },
};

async function judge(element: Element, trust: Trust, now: Date): Promise<SignatureFinding> {
  const read = readXmlSignature(element);
  if (!read.ok) return { ...MALFORMED, reason: read.reason };
  const { signature } = read;
  try {
    const [certificate, ...others] = signerFirst(signature.certificates.slice(0, MOST_CERTIFICATES).map((der) => Certificate.fromBER(der)));
    if (!certificate) return MALFORMED;
    const fault = faultOf(signature, certificate, trust.toleratesSha1);
    const { claimedAt } = signature;
    return await judgeSigner(
      { certificate, others, lists: [], ...(fault === undefined ? {} : { fault }), ...(claimedAt === undefined ? {} : { claimedAt }) },
      trust,
      now,
    );
  } catch {
    // The parsers of certificates throw what they like on hostile bytes; none of it is worth more than this.
    return MALFORMED;
  }
}

/** The signer's certificate is the one that issued none of the others. */
function signerFirst(certificates: Certificate[]): Certificate[] {
  const isIssuer = (one: Certificate): boolean => certificates.some((other) => other !== one && other.issuer.isEqual(one.subject));
  const signer = certificates.find((certificate) => !isIssuer(certificate)) ?? certificates[0];
  return signer ? [signer, ...certificates.filter((certificate) => certificate !== signer)] : [];
}

function faultOf(signature: XmlSignature, certificate: Certificate, toleratesSha1: boolean): SignatureReason | undefined {
  const key = publicKeyOf(certificate);
  if (key.asymmetricKeyType !== signature.algorithm.key) return 'signature.unsupported';
  const { element, algorithm, signedInfo, form, value, references, certificateDigest } = signature;
  for (const { target, form: targetForm, enveloped, hash, digest } of references) {
    const without = enveloped && contains(target, element) ? element : undefined;
    if (
      !isSame(
        digest,
        createHash(hash)
          .update(canonical(target, targetForm, without))
          .digest(),
      )
    )
      return 'signature.changed-after';
  }
  if (certificateDigest && !isSame(certificateDigest.value, createHash(certificateDigest.hash).update(derOf(certificate)).digest()))
    return 'signature.not-authentic';
  if (!isMadeWith(key, algorithm, canonical(signedInfo, form), value)) return 'signature.not-authentic';
  const isWeak = algorithm.hash === 'sha1' || references.some(({ hash }) => hash === 'sha1') || isWeakKey(key);
  return isWeak && !toleratesSha1 ? 'signature.weak-algorithm' : undefined;
}

function contains(target: Element, element: Element): boolean {
  for (let around = element.parentNode; around; around = around.parentNode) if (around === target) return true;
  return false;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
