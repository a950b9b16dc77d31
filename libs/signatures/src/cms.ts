import { constants, createHash, timingSafeEqual, verify } from 'node:crypto';
import { type AsnType, type BaseBlock, fromBER } from 'asn1js';
import {
  type Attribute,
  Certificate,
  CertificateRevocationList,
  ContentInfo,
  IssuerAndSerialNumber,
  RSASSAPSSParams,
  SignedData,
  type SignerInfo,
} from 'pkijs';
import { derOf, isWeakKey, publicKeyOf } from './certificates.ts';
import { type SignatureReason } from './reasons.ts';

export type HashName = 'sha1' | 'sha256' | 'sha384' | 'sha512';
/** Hash of what is signed. */
export type Digest = (hash: HashName) => Promise<Buffer>;

export const HASHES: ReadonlyMap<string, HashName> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

/** Signature algorithms that name their hash; the others take that of the signer's digest (RFC 8017, RFC 5754). */
const ALGORITHMS: ReadonlyMap<string, { key: 'rsa' | 'ec'; hash?: HashName; pss?: true }> = new Map([
  ['1.2.840.113549.1.1.1', { key: 'rsa' }],
  ['1.2.840.113549.1.1.5', { key: 'rsa', hash: 'sha1' }],
  ['1.2.840.113549.1.1.11', { key: 'rsa', hash: 'sha256' }],
  ['1.2.840.113549.1.1.12', { key: 'rsa', hash: 'sha384' }],
  ['1.2.840.113549.1.1.13', { key: 'rsa', hash: 'sha512' }],
  ['1.2.840.113549.1.1.10', { key: 'rsa', pss: true }],
  ['1.2.840.10045.2.1', { key: 'ec' }],
  ['1.2.840.10045.4.1', { key: 'ec', hash: 'sha1' }],
  ['1.2.840.10045.4.3.2', { key: 'ec', hash: 'sha256' }],
  ['1.2.840.10045.4.3.3', { key: 'ec', hash: 'sha384' }],
  ['1.2.840.10045.4.3.4', { key: 'ec', hash: 'sha512' }],
]);

const DATA = '1.2.840.113549.1.7.1';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_TIME = '1.2.840.113549.1.9.5';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const TIME_STAMP = '1.2.840.113549.1.9.16.2.14';
const REVOCATION_ARCHIVE = '1.2.840.113583.1.1.8';

/** A CMS signature (RFC 5652) of one signer, taken apart. */
export interface CmsSignature {
  signer: SignerInfo;
  certificate: Certificate;
  others: Certificate[];
  lists: CertificateRevocationList[];
  contentType: string;
  /** What is signed, where the signature carries it with it. */
  content?: Uint8Array<ArrayBuffer>;
  /** When its signer says that it was made. */
  claimedAt?: Date;
  /** A time stamp of the signature (RFC 3161), as CMS. */
  timeStamp?: Uint8Array;
  /** Whether it says which certificate it was made with, so that no other can be put in its place. */
  namesCertificate: boolean;
}

export class CmsUnreadable extends Error {}

/** @throws CmsUnreadable where it is no signature of exactly one signer with its certificate */
export function readCms(der: Uint8Array): CmsSignature {
  try {
    return takeApart(der);
  } catch (error) {
    // Whatever the parser trips over, its words say nothing to people.
    throw error instanceof CmsUnreadable ? error : new CmsUnreadable('not CMS', { cause: error });
  }
}

function takeApart(der: Uint8Array): CmsSignature {
  const parsed = fromBER(der);
  if (parsed.offset < 0) throw new CmsUnreadable('not BER');
  const signed = new SignedData({ schema: new ContentInfo({ schema: parsed.result }).content });
  const [signer, ...more] = signed.signerInfos;
  if (!signer || more.length > 0) throw new CmsUnreadable('not one signer');
  const certificates = (signed.certificates ?? []).filter((each) => each instanceof Certificate);
  const certificate = certificates.find((each) => isNamed(signer, each));
  if (!certificate) throw new CmsUnreadable('no certificate');
  const claimedAt = timeIn(attributeOf(signer, SIGNING_TIME));
  const timeStamp = signer.unsignedAttrs?.attributes.find(({ type }) => type === TIME_STAMP)?.values[0] as BaseBlock | undefined;
  const { eContent, eContentType } = signed.encapContentInfo;
  return {
    signer,
    certificate,
    others: certificates.filter((each) => each !== certificate),
    lists: [...(signed.crls ?? []).filter((list) => list instanceof CertificateRevocationList), ...archivedLists(signer)],
    contentType: eContentType,
    ...(eContent ? { content: new Uint8Array(eContent.getValue()) } : {}),
    ...(claimedAt === undefined ? {} : { claimedAt }),
    ...(timeStamp === undefined ? {} : { timeStamp: new Uint8Array(timeStamp.toBER()) }),
    namesCertificate: [SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2].some((id) => attributeOf(signer, id) !== undefined),
  };
}

/**
 * The first thing that is wrong with a signature itself: with what it signs, or with its value. Who signed is another question.
 * @param toleratesSha1 see `Trust`
 */
export async function faultOf(cms: CmsSignature, digest: Digest, toleratesSha1: boolean): Promise<SignatureReason | undefined> {
  const { signer, certificate } = cms;
  const hash = HASHES.get(signer.digestAlgorithm.algorithmId);
  const algorithm = ALGORITHMS.get(signer.signatureAlgorithm.algorithmId);
  if (hash === undefined || algorithm === undefined) return 'signature.unsupported';
  const key = publicKeyOf(certificate);
  if (key.asymmetricKeyType !== algorithm.key) return 'signature.unsupported';
  const content = await digest(hash);
  const attributes = signer.signedAttrs;
  if (attributes) {
    const said = octets(attributeOf(signer, MESSAGE_DIGEST));
    const type = attributeOf(signer, CONTENT_TYPE) as { getValue?: () => unknown } | undefined;
    if (!said || type?.getValue?.() !== cms.contentType) return 'signature.malformed';
    if (!isSame(said, content)) return 'signature.changed-after';
  }
  if (!namesItsCertificate(signer, certificate)) return 'signature.not-authentic';
  const pss = algorithm.pss ? pssOf(signer) : undefined;
  if (algorithm.pss && !pss) return 'signature.unsupported';
  const signedWith = pss?.hash ?? algorithm.hash ?? hash;
  const verifies = attributes
    ? verify(
        signedWith,
        new Uint8Array(attributes.encodedValue),
        { key, ...(pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.saltLength } : {}) },
        signer.signature.valueBlock.valueHexView,
      )
    : undefined;
  // Without signed attributes the value is over the file itself, which no software of the field makes any more.
  if (verifies === undefined) return 'signature.unsupported';
  if (!verifies) return 'signature.not-authentic';
  const isWeak = hash === 'sha1' || signedWith === 'sha1' || isWeakKey(key);
  return isWeak && !toleratesSha1 ? 'signature.weak-algorithm' : undefined;
}

/** Whether a signature over a file of its own is what it has to be: detached, of plain data. */
export function isDetached({ content, contentType }: CmsSignature): boolean {
  return content === undefined && contentType === DATA;
}

function isNamed(signer: SignerInfo, certificate: Certificate): boolean {
  const { sid } = signer as { sid: unknown };
  if (sid instanceof IssuerAndSerialNumber)
    return certificate.issuer.isEqual(sid.issuer) && certificate.serialNumber.isEqual(sid.serialNumber);
  const wanted = octets(sid as AsnType);
  const extension = certificate.extensions?.find(({ extnID }) => extnID === '2.5.29.14');
  const own = octets(extension?.parsedValue as AsnType | undefined);
  return wanted !== undefined && own !== undefined && isSame(wanted, own);
}

/** The value of a signed attribute that stands there once, with one value. */
function attributeOf(signer: SignerInfo, id: string): AsnType | undefined {
  const found: Attribute[] = signer.signedAttrs?.attributes.filter(({ type }) => type === id) ?? [];
  return found.length === 1 && found[0]!.values.length === 1 ? (found[0]!.values[0] as AsnType) : undefined;
}

function octets(value: AsnType | undefined): Uint8Array | undefined {
  const view = (value as { valueBlock?: { valueHexView?: Uint8Array } } | undefined)?.valueBlock?.valueHexView;
  return view && view.length > 0 ? view : undefined;
}

function childrenOf(value: AsnType | undefined): AsnType[] {
  const children = (value as { valueBlock?: { value?: unknown } } | undefined)?.valueBlock?.value;
  return Array.isArray(children) ? (children as AsnType[]) : [];
}

function timeIn(value: AsnType | undefined): Date | undefined {
  const date = (value as { toDate?: () => Date } | undefined)?.toDate?.();
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

/** ESSCertID (RFC 2634) and ESSCertIDv2 (RFC 5035): whether the hash that the signer signed is that of the certificate. */
function namesItsCertificate(signer: SignerInfo, certificate: Certificate): boolean {
  const der = derOf(certificate);
  for (const [id, usual] of [
    [SIGNING_CERTIFICATE, 'sha1'],
    [SIGNING_CERTIFICATE_V2, 'sha256'],
  ] as const) {
    const value = attributeOf(signer, id);
    if (value === undefined) continue;
    const [first, second] = childrenOf(childrenOf(childrenOf(value)[0])[0]);
    const named = childrenOf(first).length > 0;
    const oid = named ? (childrenOf(first)[0] as { getValue?: () => unknown }).getValue?.() : undefined;
    const hash = named ? HASHES.get(String(oid)) : usual;
    const said = octets(named ? second : first);
    if (hash === undefined || !said || !isSame(said, createHash(hash).update(der).digest())) return false;
  }
  return true;
}

function pssOf(signer: SignerInfo): { hash: HashName; saltLength: number } | undefined {
  const parameters = new RSASSAPSSParams({ schema: signer.signatureAlgorithm.algorithmParams as AsnType });
  const hash = HASHES.get(parameters.hashAlgorithm.algorithmId);
  return hash === undefined ? undefined : { hash, saltLength: parameters.saltLength };
}

/** `adbe-revocationInfoArchival` (ISO 32000-1, 12.8.3.3.2): lists that the signer put in when signing. */
function archivedLists(signer: SignerInfo): CertificateRevocationList[] {
  return childrenOf(attributeOf(signer, REVOCATION_ARCHIVE))
    .filter(({ idBlock }) => idBlock.tagClass === 3 && idBlock.tagNumber === 0)
    .flatMap((crls) => childrenOf(childrenOf(crls)[0]))
    .map((schema) => new CertificateRevocationList({ schema }));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
