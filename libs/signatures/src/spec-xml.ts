import { createHash } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { type SpecAuthority } from './spec-authority.ts';
import { hashAlgorithms, signatureAlgorithms } from './xml-algorithms.ts';

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
