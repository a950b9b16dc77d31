import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Revocation } from '@par/contracts';
import {
  type BasicConstraints,
  Certificate,
  CertificateChainValidationEngine,
  CertificateRevocationList,
  type ExtKeyUsage,
  type Extension,
} from 'pkijs';
import { type SignatureReason } from './reasons.ts';
import { type Trust } from './trust.ts';

const KEY_USAGE = '2.5.29.15';
const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const DELTA_LIST = '2.5.29.27';
const PARTIAL_LIST = '2.5.29.28';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
/** Signatures with SHA-1 or MD5 (RFC 8017, RFC 5758). */
const WEAK_SIGNATURES: ReadonlySet<string> = new Set(['1.2.840.113549.1.1.4', '1.2.840.113549.1.1.5', '1.2.840.10045.4.1']);
const SHORTEST_RSA_BITS = 2_048;
/** More certificates than these beside one signature are not looked at. */
const MOST_CERTIFICATES = 20;
/** Code of pkijs for a certificate of the path that is not in force. */
const NOT_IN_FORCE = 8;
const CLOCK_SKEW_MS = 300_000;

/** The trust, parsed once for as long as it stays the same. */
interface ParsedTrust {
  anchors: Certificate[];
  lists: CertificateRevocationList[];
}
const parsed = new WeakMap<Trust, ParsedTrust>();

export function parseTrust(trust: Trust): ParsedTrust {
  let known = parsed.get(trust);
  if (!known) {
    known = {
      anchors: trust.anchors.map((der) => Certificate.fromBER(der)),
      lists: trust.lists.map((der) => CertificateRevocationList.fromBER(der)),
    };
    parsed.set(trust, known);
  }
  return known;
}

export interface CertificateQuestion {
  certificate: Certificate;
  /** What came beside the signature: certificates of authorities, revocation lists. */
  others: readonly Certificate[];
  lists: readonly CertificateRevocationList[];
  use: 'signing' | 'time-stamping';
  /** When it was used. */
  at: Date;
  /** Whether a time stamp proves that; a time that only the signer tells does not stand against a revocation. */
  proven: boolean;
  now: Date;
  trust: Trust;
}

export interface CertificateAnswer {
  reason?: SignatureReason;
  revocation: Revocation;
}

/** Whether a certificate was in force for its use, leads to a trusted authority (RFC 5280, 6.1) and was not revoked. */
export async function judgeCertificate(question: CertificateQuestion): Promise<CertificateAnswer> {
  const { certificate, at, trust } = question;
  if (!isInForce(certificate, at)) return { reason: 'signature.certificate-expired', revocation: 'unknown' };
  if (!isFor(certificate, question.use)) return { reason: 'signature.certificate-usage', revocation: 'unknown' };
  const path = await pathOf(question);
  if (!Array.isArray(path)) return { reason: path, revocation: 'unknown' };
  const revocation = await revocationOf(path, question);
  if (revocation === 'revoked') return { reason: 'signature.revoked', revocation };
  const isWeak = path.slice(0, -1).some((each) => WEAK_SIGNATURES.has(each.signatureAlgorithm.algorithmId) || isWeakKey(publicKeyOf(each)));
  if (isWeak && !trust.toleratesSha1) return { reason: 'signature.weak-algorithm', revocation };
  return { revocation };
}

export function publicKeyOf(certificate: Certificate): KeyObject {
  return createPublicKey({ key: Buffer.from(certificate.subjectPublicKeyInfo.toSchema().toBER()), format: 'der', type: 'spki' });
}

export function isWeakKey(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < SHORTEST_RSA_BITS;
}

/** Lower-case hex without leading zero bytes, at most the 64 digits that the event takes. */
export function serialOf(certificate: Certificate): string {
  const hex = Buffer.from(certificate.serialNumber.valueBlock.valueHexView).toString('hex');
  return hex.replace(/^(?:00)+(?=.)/, '').slice(0, 64);
}

export function derOf(certificate: Certificate): Buffer {
  return Buffer.from(certificate.toSchema().toBER());
}

function isInForce({ notBefore, notAfter }: Certificate, at: Date): boolean {
  return notBefore.value <= at && at <= notAfter.value;
}

function extensionOf(certificate: Certificate, id: string): Extension | undefined {
  return certificate.extensions?.find(({ extnID }) => extnID === id);
}

function isFor(certificate: Certificate, use: CertificateQuestion['use']): boolean {
  if (use === 'time-stamping') {
    const extended = extensionOf(certificate, EXTENDED_KEY_USAGE)?.parsedValue as ExtKeyUsage | undefined;
    return extended?.keyPurposes.includes(TIME_STAMPING) ?? false;
  }
  // digitalSignature or nonRepudiation, the two highest bits.
  const usage = keyUsageOf(certificate);
  return usage === undefined || (usage & 0xc0) !== 0;
}

/** The first byte of the key usage; undefined where the certificate says nothing of it. */
function keyUsageOf(certificate: Certificate): number | undefined {
  const extension = extensionOf(certificate, KEY_USAGE);
  if (!extension) return undefined;
  const { valueBlock } = extension.parsedValue as { valueBlock: { valueHexView: Uint8Array } };
  return valueBlock.valueHexView[0] ?? 0;
}

/** From the certificate to an anchor, or why there is no such path. */
async function pathOf({ certificate, others, at, trust }: CertificateQuestion): Promise<Certificate[] | SignatureReason> {
  const { anchors } = parseTrust(trust);
  const own = derOf(certificate).toString('base64');
  const beside = new Map(others.slice(0, MOST_CERTIFICATES).map((other) => [derOf(other).toString('base64'), other]));
  beside.delete(own);
  const engine = new CertificateChainValidationEngine({
    trustedCerts: [...anchors],
    // The engine takes the last for the one to be checked.
    certs: [...beside.values(), certificate],
    checkDate: at,
  });
  const { result, resultCode, certificatePath: path } = await engine.verify();
  if (!result) return resultCode === NOT_IN_FORCE ? 'signature.certificate-expired' : 'signature.untrusted';
  if (!path || path.length < 2 || derOf(path[0]!).toString('base64') !== own || !keepsLengths(path)) return 'signature.untrusted';
  return path;
}

/** Whether every authority of a path may stand so far above its end (RFC 5280, 4.2.1.9), which the engine does not ask. */
function keepsLengths(path: readonly Certificate[]): boolean {
  return path.every((authority, index) => {
    if (index === 0) return true;
    const constraints = extensionOf(authority, BASIC_CONSTRAINTS)?.parsedValue as BasicConstraints | undefined;
    const most = constraints?.pathLenConstraint;
    if (most === undefined) return true;
    const between = path.slice(1, index).filter(({ issuer, subject }) => !issuer.isEqual(subject)).length;
    return between <= (typeof most === 'number' ? most : most.valueBlock.valueDec);
  });
}

/** What the lists say of a path: `revoked` where one of its certificates is, otherwise what they say of the first. */
async function revocationOf(path: readonly Certificate[], question: CertificateQuestion): Promise<Revocation> {
  const lists = [...question.lists, ...parseTrust(question.trust).lists];
  let first: Revocation = 'unknown';
  for (const [index, certificate] of path.slice(0, -1).entries()) {
    const said = await revocationOfOne(certificate, path[index + 1]!, lists, question);
    if (said === 'revoked') return said;
    if (index === 0) first = said;
  }
  return first;
}

async function revocationOfOne(
  certificate: Certificate,
  issuer: Certificate,
  lists: readonly CertificateRevocationList[],
  { at, proven, now }: CertificateQuestion,
): Promise<Revocation> {
  const until = proven ? at : now;
  let said: Revocation = 'unknown';
  for (const list of lists) {
    if (!list.issuer.isEqual(certificate.issuer) || !(await isIssued(list, issuer))) continue;
    const entry = list.revokedCertificates?.find(({ userCertificate }) => userCertificate.isEqual(certificate.serialNumber));
    if (entry && (!proven || entry.revocationDate.value <= at)) return 'revoked';
    const isWhole = !list.crlExtensions?.extensions.some(({ extnID }) => extnID === DELTA_LIST || extnID === PARTIAL_LIST);
    const isFresh =
      list.thisUpdate.value.getTime() <= now.getTime() + CLOCK_SKEW_MS && list.nextUpdate !== undefined && list.nextUpdate.value >= until;
    if (isWhole && isFresh) said = 'good';
  }
  return said;
}

async function isIssued(list: CertificateRevocationList, issuer: Certificate): Promise<boolean> {
  const usage = keyUsageOf(issuer);
  // cRLSign
  if (usage !== undefined && (usage & 0x02) === 0) return false;
  return list.verify({ issuerCertificate: issuer }).catch(() => false);
}
