import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type CmsSignature, CmsUnreadable, type Digest, faultOf, type HashName, isDetached, readCms } from './cms.ts';
import { judgeSigner } from './judge-signer.ts';
import { endOf, findPdfSignatures, isPdf, type PdfSignature } from './pdf-signatures.ts';
import { type Looked, readingOf, type SignatureFinding } from './reading.ts';
import { type SignatureReason } from './reasons.ts';
import { stampedAt } from './time-stamp.ts';
import { type Trust } from './trust.ts';

const CADES = 'ETSI.CAdES.detached';
const PKCS7 = 'adbe.pkcs7.detached';
const DOCUMENT_TIME_STAMP = 'ETSI.RFC3161';
/** So much is hashed before others get their turn: about 10 ms. */
const HASHED_AT_ONCE = 4_000_000;

const MALFORMED: SignatureFinding = { reason: 'signature.malformed', timeProven: false, revocation: 'unknown' };

/**
 * Verifies the signatures of a PDF file (PAdES, ETSI EN 319 142-1; ISO 32000-1, 12.8): each over its two ranges, with nothing left out but its own value, and the last over the
 * whole file.
 */
export async function verifyPdf(file: Buffer, trust: Trust, now: Date): Promise<Looked> {
  if (!isPdf(file)) return { ok: false, code: 'file.not-a-pdf' };
  const found = findPdfSignatures(file);
  const stamps: { covers: number; at: Date }[] = [];
  const findings: SignatureFinding[] = [];
  // From the last to the first, since a time stamp of the whole document proves the time of what came before it.
  for (const [index, signature] of [...found.entries()].reverse()) {
    if (!signature) {
      findings.unshift(MALFORMED);
      continue;
    }
    const coverage = coverageFault(file, signature, index === found.length - 1);
    const digest = digestOf(file, signature);
    if (signature.subFilter !== DOCUMENT_TIME_STAMP) {
      const proof = stamps.findLast(({ covers }) => covers > endOf(signature));
      findings.unshift(await judge(file, signature, { coverage, digest, documentStamp: proof?.at }, trust, now));
      continue;
    }
    const at = coverage === undefined ? await stampedAt(contentsOf(file, signature), digest, trust, now) : undefined;
    if (at) stamps.push({ covers: endOf(signature), at });
    // What a broken stamp covers last is covered by nothing.
    else if (index === found.length - 1) findings.unshift({ ...MALFORMED, reason: coverage ?? 'signature.untrusted' });
  }
  return { ok: true, reading: readingOf('pdf', findings) };
}

interface PdfCircumstances {
  coverage: SignatureReason | undefined;
  digest: Digest;
  documentStamp: Date | undefined;
}

async function judge(
  file: Buffer,
  signature: PdfSignature,
  { coverage, digest, documentStamp }: PdfCircumstances,
  trust: Trust,
  now: Date,
): Promise<SignatureFinding> {
  if (signature.subFilter !== CADES && signature.subFilter !== PKCS7) return { ...MALFORMED, reason: 'signature.unsupported' };
  try {
    const cms = readCms(contentsOf(file, signature));
    const fault = coverage ?? (await ownFault(cms, signature, digest, trust));
    const { claimedAt = signature.claimedAt, timeStamp } = cms;
    const value = cms.signer.signature.valueBlock.valueHexView;
    const stamped =
      timeStamp && (await stampedAt(timeStamp, (hash) => Promise.resolve(createHash(hash).update(value).digest()), trust, now));
    const provenAt = stamped ?? documentStamp;
    return await judgeSigner(
      {
        ...cms,
        ...(fault === undefined ? {} : { fault }),
        ...(claimedAt === undefined ? {} : { claimedAt }),
        ...(provenAt === undefined ? {} : { provenAt }),
      },
      trust,
      now,
    );
  } catch (error) {
    if (error instanceof CmsUnreadable) return { ...MALFORMED, reason: coverage ?? 'signature.malformed' };
    // The parsers of certificates and lists throw what they like on hostile bytes; none of it is worth more than this.
    return MALFORMED;
  }
}

async function ownFault(cms: CmsSignature, signature: PdfSignature, digest: Digest, trust: Trust): Promise<SignatureReason | undefined> {
  if (!isDetached(cms)) return 'signature.malformed';
  // PAdES wants the certificate named in what is signed (EN 319 142-1, 6.3).
  if (signature.subFilter === CADES && !cms.namesCertificate) return 'signature.malformed';
  return faultOf(cms, digest, trust.toleratesSha1);
}

/** The ranges leave out the value and nothing else; the last signature's reach to the end of the file. */
function coverageFault(file: Buffer, { byteRange, contents }: PdfSignature, isLast: boolean): SignatureReason | undefined {
  const [first, length, second, rest] = byteRange;
  const end = second + rest;
  if (first !== 0 || length !== contents.start || second !== contents.end) return 'signature.wrapped';
  return end > file.length || (isLast && end !== file.length) ? 'signature.changed-after' : undefined;
}

function contentsOf(file: Buffer, { contents }: PdfSignature): Buffer {
  const hex = file.toString('latin1', contents.start + 1, contents.end - 1).replace(/\s+/g, '');
  if (!/^[0-9A-Fa-f]*$/.test(hex)) return Buffer.alloc(0);
  return Buffer.from(hex, 'hex');
}

/** The hash of what a signature covers, each kind computed once, in pieces. */
function digestOf(file: Buffer, { byteRange }: PdfSignature): Digest {
  const known = new Map<HashName, Promise<Buffer>>();
  const [first, length, second, rest] = byteRange;
  return (name) => {
    let hash = known.get(name);
    if (!hash) known.set(name, (hash = hashRanges(name, [file.subarray(first, first + length), file.subarray(second, second + rest)])));
    return hash;
  };
}

async function hashRanges(name: HashName, ranges: readonly Buffer[]): Promise<Buffer> {
  const hash = createHash(name);
  for (const range of ranges) {
    for (let at = 0; at < range.length; at += HASHED_AT_ONCE) {
      hash.update(range.subarray(at, at + HASHED_AT_ONCE));
      await setImmediate();
    }
  }
  return hash.digest();
}
