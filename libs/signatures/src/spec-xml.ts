import { constants, createHash, type KeyObject, sign } from 'node:crypto';
import { type HashAlgorithm, type SignatureAlgorithm, SignedXml } from 'xml-crypto';
import { type SpecAuthority } from './spec-authority.ts';
import { type HashName } from './cms.ts';
import { XML_HASHES, XML_SIGNATURES, type XmlAlgorithm } from './xml-algorithms.ts';

export const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';

/** For specs only: an edXML message in short. */
export const MESSAGE = `<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXMLEnvelope><edXMLHeader><MessageHeader><Subject>V/v báo cáo quý II &amp; kế hoạch</Subject><Code kind="chính">12/BC</Code></MessageHeader></edXMLHeader></edXMLEnvelope></edXML>`;

export interface XmlSigning {
  others?: SpecAuthority[];
  algorithm?: string;
  digest?: string;
  canonicalization?: string;
  transforms?: string[];
  /** What is signed; the whole document where not said. */
  xpath?: string;
  /** XAdES: the time in signed properties, and whose certificate they name. */
  signedAt?: Date;
  names?: SpecAuthority;
  /** Where the signature goes. */
  into?: string;
}

/** For specs only: signs a document with xml-crypto, into its header. */
export function signXml(xml: string, by: SpecAuthority, options: XmlSigning = {}): string {
  const {
    others = [],
    algorithm = RSA_SHA256,
    digest = SHA256,
    canonicalization = EXCLUSIVE,
    into = "//*[local-name(.)='edXMLHeader']",
  } = options;
  const { signedAt, names = by } = options;
  const certificates = [by, ...others].map(({ der }) => Buffer.from(der).toString('base64'));
  const signer = new SignedXml({
    privateKey: by.privateKey,
    signatureAlgorithm: algorithm,
    canonicalizationAlgorithm: canonicalization,
    getKeyInfoContent: () => `<X509Data>${certificates.map((der) => `<X509Certificate>${der}</X509Certificate>`).join('')}</X509Data>`,
    ...(signedAt ? { objects: [{ content: xades(signedAt, names) }] } : {}),
  });
  signer.SignatureAlgorithms = signatureAlgorithms();
  signer.HashAlgorithms = hashAlgorithms();
  const transforms = options.transforms ?? [ENVELOPED, canonicalization];
  if (options.xpath === undefined) signer.addReference({ xpath: '/*', uri: '', isEmptyUri: true, transforms, digestAlgorithm: digest });
  else signer.addReference({ xpath: options.xpath, transforms, digestAlgorithm: digest });
  if (signedAt)
    signer.addReference({ xpath: "//*[local-name(.)='SignedProperties']", transforms: [canonicalization], digestAlgorithm: digest });
  signer.computeSignature(xml, { location: { reference: into, action: 'append' } });
  return signer.getSignedXml();
}

function xades(signedAt: Date, names: SpecAuthority): string {
  const digest = createHash('sha256').update(names.der).digest('base64');
  return (
    `<xades:QualifyingProperties xmlns:xades="http://uri.etsi.org/01903/v1.3.2#"><xades:SignedProperties Id="properties"><xades:SignedSignatureProperties>` +
    `<xades:SigningTime>${signedAt.toISOString()}</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>` +
    `<ds:DigestMethod xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Algorithm="${SHA256}"/><ds:DigestValue xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${digest}</ds:DigestValue>` +
    `</xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties></xades:SignedProperties></xades:QualifyingProperties>`
  );
}

/** Algorithms in the form that xml-crypto takes. */
function signatureAlgorithms(): Record<string, new () => SignatureAlgorithm> {
  return Object.fromEntries([...XML_SIGNATURES].map(([name, algorithm]) => [name, signatureAlgorithm(name, algorithm)]));
}

function hashAlgorithms(): Record<string, new () => HashAlgorithm> {
  return Object.fromEntries([...XML_HASHES].map(([name, hash]) => [name, hashAlgorithm(name, hash)]));
}

function signatureAlgorithm(name: string, { hash, key: kind, pss }: XmlAlgorithm): new () => SignatureAlgorithm {
  // An ECDSA value is r and s one after the other (RFC 9231, 2.3.6), not DER.
  const options = (key: KeyObject): object => ({
    key,
    ...(kind === 'ec' ? { dsaEncoding: 'ieee-p1363' } : {}),
    ...(pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}),
  });
  return class {
    getSignature(signedInfo: string, key: KeyObject): string {
      return sign(hash, Buffer.from(signedInfo), options(key) as { key: KeyObject }).toString('base64');
    }
    getAlgorithmName(): string {
      return name;
    }
  } as unknown as new () => SignatureAlgorithm;
}

function hashAlgorithm(name: string, hash: HashName): new () => HashAlgorithm {
  return class {
    getHash(xml: string): string {
      return createHash(hash).update(xml, 'utf8').digest('base64');
    }
    getAlgorithmName(): string {
      return name;
    }
  };
}
